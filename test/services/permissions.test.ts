/**
 * Runs each function in a separate process, with the environment that the template gives it, records its requests to AWS,
 * and compares them with the permissions of its role in the template, in both directions.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createEvent } from '../../scripts/offline/event-source.ts';
import { parseConfig } from '../../src/config/file.ts';
import type { ConfigFile } from '../../src/config/schema/config.ts';
import { canBothMatch } from '../fixtures/arn-pattern.ts';
import { DEPLOYMENTS } from '../fixtures/deployments.ts';
import { ACCOUNT, type Keys, neededPermissions, type Permission } from '../fixtures/needed-permissions.ts';
import { resourceOf, resourcesOfType, statementsOf, type Template, textOf } from '../fixtures/template.ts';
import { eventOf } from './deployment.ts';
import { templatesOf } from './packaged.ts';
import { type RecordedAws, startRecordedAws } from './recorded-aws.ts';
import { temporaryFolder } from './server.ts';
import { testProgram } from './test-program.ts';

const REGION = 'us-east-1';
const BUCKET = 'reports';
const MORNING = '2026-11-21T06:00:00Z';

const LOG = {
  'logs:CreateLogStream': 'writes the log',
  'logs:PutLogEvents': 'writes the log',
};

/** The permissions that Lambda uses with the role of a function, and for what; the functions send no such requests. */
const USED_BY_LAMBDA: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'daily-report': { ...LOG, 'sqs:SendMessage ${DeadLetterQueue.Arn}': 'stores events that failed' },
  'generate-report': {
    ...LOG,
    'sqs:ReceiveMessage': 'takes jobs from the queue',
    'sqs:DeleteMessage': 'removes jobs that are done',
    'sqs:GetQueueAttributes': 'reads the properties of the queue',
    'ec2:CreateNetworkInterface': 'connects the function to the VPC',
    'ec2:DescribeNetworkInterfaces': 'connects the function to the VPC',
    'ec2:DescribeSubnets': 'connects the function to the VPC',
    'ec2:DeleteNetworkInterface': 'removes the connection',
    'ec2:AssignPrivateIpAddresses': 'connects the function to the VPC',
    'ec2:UnassignPrivateIpAddresses': 'removes the connection',
  },
  'on-demand': LOG,
  'email-digest': { ...LOG, 'sqs:SendMessage ${DeadLetterQueue.Arn}': 'stores events that failed' },
};

const FUNCTIONS = Object.keys(USED_BY_LAMBDA);

type Grant = { action: string; resource: string; condition: unknown };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let aws: RecordedAws;
let template: Template;
/** Of a deployment that people sign in to. */
let peopleTemplate: Template;
let keys: Keys;
/** Values that CloudFormation puts in place of variables. */
let values: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await temporaryFolder('permissions');
  // If the answer to a put is lost, the function looks at what it put.
  aws = await startRecordedAws(
    BUCKET,
    ({ method, url }) => method === 'PUT' && url.pathname.startsWith(`/${BUCKET}/index/`),
  );
  const full = DEPLOYMENTS['everything at once'];
  const people = DEPLOYMENTS['people who sign in, and programs with tokens'];
  ({ full: template, people: peopleTemplate } = await templatesOf({ full, people }));
  const { file } = parseConfig(full, 'aws.yaml');
  const { kmsKeyArn = '', secretKmsKeyArns = [] } = file.aws ?? {};
  keys = { kmsKeyArn, secretKmsKeyArns };
  await writeFile(join(folder.path, 'antrea-health.yaml'), stringify(withServers(file)));
  const queueArn = (url: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1)}`;
  values = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
    ReportBucket: BUCKET,
    'ReportBucket.Arn': `arn:aws:s3:::${BUCKET}`,
    JobQueue: aws.queueUrl,
    'JobQueue.Arn': queueArn(aws.queueUrl),
    DeadLetterQueue: aws.deadLetterQueueUrl,
    'DeadLetterQueue.Arn': queueArn(aws.deadLetterQueueUrl),
    'HttpApi.ApiEndpoint': 'https://api.invalid',
  };
});
afterAll(async () => {
  await aws?.stop();
  await folder?.remove();
});

/** Returns the configuration with the server of this test in place of all others, and without PDFs, which take longer. */
function withServers({ prometheus, clusters = [], ...file }: ConfigFile): ConfigFile {
  const { caFile: _, ...common } = prometheus ?? {};
  return {
    ...file,
    formats: ['html', 'json'],
    prometheus: { ...common, url: aws.endpoint },
    clusters: clusters.map(({ prometheus: own, ...cluster }) => {
      if (!own?.sigv4) return { ...cluster, ...(own ? { prometheus: own } : {}) };
      const url = aws.endpoint + new URL(own.url ?? '').pathname;
      return { ...cluster, prometheus: { ...own, url, sigv4: { ...own.sigv4, region: REGION } } };
    }),
  };
}

const fill = (value: unknown): string =>
  textOf(value).replace(/\$\{([\w:.]+)\}/g, (variable, name) => values[name] ?? variable);

function functionOf(name: string, from = template): { role: string; environment: Record<string, string> } {
  const found = resourcesOfType(from, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    Properties.FunctionName.endsWith(`-${name}`),
  );
  const { Role, Environment } = found?.[1].Properties ?? {};
  const variables = Object.entries(Environment.Variables).map(([key, value]) => [key, fill(value)]);
  return { role: Role['Fn::GetAtt'][0], environment: Object.fromEntries(variables) };
}

/** Calls a function with events, one after the other. @returns its results */
async function invoke(
  name: string,
  events: readonly unknown[],
  config = 'antrea-health.yaml',
): Promise<unknown[]> {
  const child = spawn(process.execPath, [testProgram('invoke')], {
    env: {
      ...functionOf(name).environment,
      CONFIG_FILE: join(folder.path, config),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: name,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ENDPOINT_URL_SESV2: aws.endpoint,
    },
  });
  child.stdin.end(JSON.stringify({ name, events }));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const results = /^results (.*)$/m.exec(output)?.[1];
  if (results === undefined) throw new Error(`${name} did not end well:\n${output}${errors}`);
  return JSON.parse(results);
}

async function receiveJobs() {
  const client = new SQSClient({
    endpoint: aws.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'Lambda', secretAccessKey: 'secret' },
  });
  const command = new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await client.send(command);
  client.destroy();
  return Messages.map(createEvent);
}

const requestsOf = (name: string) => aws.requests.filter(({ signer }) => signer === name);

const grantsOf = (name: string, from = template): Grant[] =>
  statementsOf(resourceOf(from, functionOf(name, from).role))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((one) => ({ action, resource: textOf(one), condition: Condition })),
      ),
    );

function isFor({ action, resource, condition = {} }: Grant, needed: Permission): boolean {
  const { StringEqualsIgnoreCase: equal = {}, ...others } = condition as Record<
    string,
    Record<string, string>
  >;
  if (Object.keys(others).length > 0) throw new Error(`unknown condition: ${JSON.stringify(others)}`);
  const holds = Object.entries(equal).every(
    ([key, value]) => needed.context?.[key]?.toLowerCase() === value.toLowerCase(),
  );
  return action === needed.action && canBothMatch(fill(resource), needed.resource) && holds;
}

const lineOf = ({ action, resource }: { action: string; resource: string }) => `${action} ${resource}`;

/** Returns what the requests need and nothing allows. */
const refused = (needed: readonly Permission[], grants: readonly Grant[]): string[] => [
  ...new Set(needed.filter((one) => !grants.some((grant) => isFor(grant, one))).map(lineOf)),
];

/** Returns what is allowed and no request needs. */
const unneeded = (needed: readonly Permission[], grants: readonly Grant[]): string[] =>
  grants.filter((grant) => !needed.some((one) => isFor(grant, one))).map(lineOf);

describe('the permissions of the functions', () => {
  beforeAll(async () => {
    expect(await invoke('daily-report', [{ schedule: 'morning', scheduledAt: MORNING }])).toEqual([
      { jobs: 4 },
    ]);
    const request = eventOf('POST', '/reports', { cluster: 'one' });
    expect(await invoke('on-demand', [request])).toMatchObject([{ statusCode: 202 }]);
    const jobs = await receiveJobs();
    // Among them are a message that is no job, and a job that is done.
    const events = [...jobs, createEvent({ Body: 'no job' }), jobs[0]];
    expect(await invoke('generate-report', events)).toEqual(events.map(() => ({ batchItemFailures: [] })));
    const answers = (await invoke(
      'on-demand',
      ['', '/one/latest', '/one/none', '/one/latest/report.html', '/one/latest/report.json'].map((path) =>
        eventOf('GET', `/reports${path}`, undefined),
      ),
    )) as APIGatewayProxyStructuredResultV2[];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 302, 404, 200, 302]);
    // S3 checks the permissions of the function that made the link.
    const document = await fetch(String(answers[4]?.headers?.['location']));
    expect(await document.json()).toMatchObject({ cluster: 'one' });
    const digest = { digest: 'operators', scheduledAt: MORNING };
    expect(await invoke('email-digest', [digest, digest])).toEqual([
      { outcome: 'sent' },
      { outcome: 'sent-before' },
    ]);
  });

  describe.each(FUNCTIONS)('%s', (name) => {
    const needed = () => requestsOf(name).flatMap((request) => neededPermissions(request, keys));

    it('allow every request that the function sends', () => {
      expect(needed().length).toBeGreaterThan(0);
      expect(refused(needed(), grantsOf(name))).toEqual([]);
    });

    it('allow nothing else, except what Lambda does with the role', () => {
      const reasons = Object.keys(USED_BY_LAMBDA[name] ?? {});
      const isReason = (line: string) => (one: string) => line === one || line.startsWith(`${one} `);
      const lines = unneeded(needed(), grantsOf(name));
      expect(lines.filter((line) => !reasons.some(isReason(line)))).toEqual([]);
      expect(reasons.filter((one) => !lines.some((line) => isReason(line)(one)))).toEqual([]);
    });

    it('are compared in both directions', () => {
      const [one = { action: '', resource: '', condition: {} }, ...others] = grantsOf(name).filter((grant) =>
        needed().some((permission) => isFor(grant, permission)),
      );
      expect(refused(needed(), others)).toEqual(
        expect.arrayContaining([expect.stringMatching(new RegExp(`^${one.action} `))]),
      );
      const more = { action: 's3:DeleteObject', resource: '${ReportBucket.Arn}/reports/*', condition: {} };
      expect(unneeded(needed(), [one, more])).toEqual([lineOf(more)]);
    });
  });
});

describe('signing in', () => {
  it('needs the permissions to read its secrets, each of them and no others', async () => {
    await writeFile(
      join(folder.path, 'people.yaml'),
      DEPLOYMENTS['people who sign in, and programs with tokens'],
    );
    const first = aws.requests.length;
    const opened = { ...eventOf('GET', '/reports', undefined), headers: { accept: 'text/html' } };
    // There is no such issuer, so the secrets are all that the function asks AWS for.
    expect(await invoke('on-demand', [opened], 'people.yaml')).toMatchObject([{ statusCode: 503 }]);
    const sent = aws.requests.slice(first);
    expect(sent.map(({ service }) => service).sort()).toEqual(['secretsmanager', 'ssm', 'ssm']);
    const { file } = parseConfig(DEPLOYMENTS['people who sign in, and programs with tokens'], 'people.yaml');
    const ofSecrets = { kmsKeyArn: '', secretKmsKeyArns: file.aws?.secretKmsKeyArns ?? [] };
    const needed = sent.flatMap((request) => neededPermissions(request, ofSecrets));
    const grants = grantsOf('on-demand', peopleTemplate);
    expect(refused(needed, grants)).toEqual([]);
    const others = unneeded(needed, grants).filter((line) => !/^(?:s3|sqs|logs):/.test(line));
    expect(others).toEqual([]);
  });
});
