/**
 * A real Prometheus behind a gateway that accepts only signed requests, like Amazon Managed Prometheus: aws4 computes the
 * signature from the received request. AWS's gateway, STS and Parameter Store cannot run here; small fakes replace them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSigner, type SignerOptions } from '../../src/adapters/aws/signature.ts';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { QueryError } from '../../src/report/gather/errors.ts';
import { type Report, reportSchema } from '../../src/report/model/report.ts';
import { type ArrivedRequest, expectedAuthorization, signedHeaders } from '../fixtures/signature-check.ts';
import { type Scenario, simulatedDay } from '../simulation/scenarios.ts';
import { type Outcome, runCommand } from './cli.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';
import { type Server, temporaryFolder } from './server.ts';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-key', sessionToken: 's3cret-session' };
const ROLE_KEYS = { accessKeyId: 'ASIAROLE', secretAccessKey: 's3cret-role', sessionToken: 's3cret-assumed' };
const ROLE = 'arn:aws:iam::123456789012:role/reader';
const REGION = 'eu-central-1';
const SKEW_MILLISECONDS = 5 * 60_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  answer: (arrived: ArrivedRequest, response: ServerResponse) => unknown,
): Promise<string> {
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const arrived = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers,
      body: await text(request),
    };
    await answer(arrived, response);
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Returns AWS's message for a request that it would refuse, or undefined. It uses the clock of this machine. */
function objection(arrived: ArrivedRequest): string | undefined {
  const { headers } = arrived;
  const keys = [KEYS, ROLE_KEYS].find(({ accessKeyId }) =>
    headers['authorization']?.includes(`Credential=${accessKeyId}/`),
  );
  if (keys === undefined) return 'Missing Authentication Token';
  if (headers['x-amz-security-token'] !== keys.sessionToken)
    return 'The security token included in the request is invalid.';
  const demanded = ['content-type', 'host', 'x-amz-date', 'x-amz-security-token'];
  // Only requests with a body have this header.
  const sent = demanded.filter((name) => name !== 'content-type' || headers[name] !== undefined);
  const unsigned = sent.filter((name) => !signedHeaders(headers).includes(name));
  if (unsigned.length > 0) return `Not signed: ${unsigned}`;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '') ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(Date.now() - signedAt) < SKEW_MILLISECONDS)) return 'Signature expired: it is too late';
  const { secretAccessKey, accessKeyId } = keys;
  const scope = { region: REGION, service: 'aps' };
  if (expectedAuthorization(arrived, { accessKeyId, secretAccessKey }, scope) !== headers['authorization'])
    // AWS also quotes the headers that should have been signed.
    return `The request signature we calculated does not match. The Canonical String should have been ${headers['x-amz-security-token']} ${headers['authorization']}`;
  return undefined;
}

type Gateway = { url: string; arrived: ArrivedRequest[]; let: () => number };

/** `spoil` changes a request before the gateway sees it. */
async function openGateway(
  prometheus: string,
  path: string,
  {
    failFirst = 0,
    takesPost = true,
    spoil = (request: ArrivedRequest) => request,
  }: { failFirst?: number; takesPost?: boolean; spoil?: (request: ArrivedRequest) => ArrivedRequest } = {},
): Promise<Gateway> {
  const arrived: ArrivedRequest[] = [];
  let passed = 0;
  const url = await serve(async (sent, response) => {
    const request = spoil(sent);
    arrived.push(request);
    const refused = objection(request);
    if (refused !== undefined)
      return response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: refused }));
    if (arrived.length <= failFirst) return response.writeHead(500).end();
    if (request.method === 'POST' && !takesPost) return response.writeHead(405).end();
    passed += 1;
    const api = /\/api\/v1\/\w+(?:\?.*)?$/.exec(request.path)?.[0];
    const { 'content-type': type } = request.headers;
    const answer = await fetch(`${prometheus}${api}`, {
      method: request.method,
      ...(type === undefined ? {} : { headers: { 'content-type': type }, body: request.body }),
    });
    return response.writeHead(answer.status).end(await answer.text());
  });
  return { url: `${url}${path}`, arrived, let: () => passed };
}

/** Runs the command on a machine where AWS's tools know only what the test gives them. */
function run(environment: Record<string, string>, ...parameters: string[]): Promise<Outcome> {
  return runCommand(parameters, {
    PATH: process.env['PATH'],
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  });
}

const AWS = {
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  AWS_SESSION_TOKEN: KEYS.sessionToken,
};

describe('a Prometheus of AWS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let scenario: Scenario;
  let prometheus: Server;
  let direct: Report;

  beforeAll(async () => {
    folder = await temporaryFolder('sigv4');
    scenario = simulatedDay('faulty', { nodes: 12 });
    prometheus = await prometheusOver(scenario.simulation);
    direct = await reportOn(prometheus.url, scenario.period);
  });
  afterAll(async () => {
    await prometheus?.stop();
    await folder?.remove();
  });

  /** Runs the command for the period of `direct` with these settings under `prometheus:`. */
  async function reportBy(environment: Record<string, string>, settings: object): Promise<Outcome> {
    const config = join(folder.path, 'health.yaml');
    await writeFile(config, JSON.stringify({ formats: ['json'], prometheus: settings }));
    const day = ['--from', '2026-11-20', '--to', '2026-11-21', '--cluster', 'simulated'];
    return run(environment, 'report', '--config', config, '--out', folder.path, ...day);
  }

  async function expectTheSameReport({ code, stdout, stderr }: Outcome): Promise<void> {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const json = await readFile(join(stdout.trimEnd(), 'report.json'), 'utf8');
    const report = reportSchema.parse(JSON.parse(json));
    expect(direct.findings.length).toBeGreaterThan(0);
    expect(report.findings).toEqual(direct.findings);
    expect(report.complete).toBe(direct.complete);
    expect(json).not.toMatch(/s3cret|AKID|ASIA/);
  }

  it('gives the same report as a Prometheus without signatures', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1');
    await expectTheSameReport(await reportBy(AWS, { url: gateway.url, sigv4: { region: REGION } }));
    expect(gateway.let()).toBe(gateway.arrived.length);
    expect(gateway.let()).toBeGreaterThan(10);
  });

  it('gives the same report through a proxy that allows only GET', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1', { takesPost: false });
    const url = `${gateway.url}/?scope=a%20b`;
    await expectTheSameReport(await reportBy(AWS, { url, sigv4: { region: REGION } }));
    const refused = gateway.arrived.filter(({ method }) => method === 'POST');
    expect(refused.length).toBeLessThanOrEqual(4);
    expect(gateway.let()).toBe(gateway.arrived.length - refused.length);
    expect(gateway.arrived.every(({ path }) => path.includes('?scope=a%20b'))).toBe(true);
  });

  it('is queried with the configured role, which is assumed once', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1');
    const taken: string[] = [];
    const sts = await serve(({ headers, body }, response) => {
      taken.push(`${new URLSearchParams(body).get('RoleArn')} by ${headers['authorization']?.slice(0, 39)}`);
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
          <AccessKeyId>${ROLE_KEYS.accessKeyId}</AccessKeyId><SecretAccessKey>${ROLE_KEYS.secretAccessKey}</SecretAccessKey>
          <SessionToken>${ROLE_KEYS.sessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
          </Credentials></AssumeRoleResult></AssumeRoleResponse>`);
    });
    const outcome = await reportBy(
      { ...AWS, AWS_ENDPOINT_URL_STS: sts },
      { url: gateway.url, sigv4: { region: REGION, roleArn: ROLE } },
    );
    await expectTheSameReport(outcome);
    expect(taken).toEqual([`${ROLE} by AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE`]);
  });

  it.each<[string, Record<string, string>, object, RegExp]>([
    [
      'the secret key is wrong',
      { ...AWS, AWS_SECRET_ACCESS_KEY: 's3cret-other' },
      { region: REGION },
      /refused the credentials \(HTTP 403: The request signature we calculated.*; .*aps:QueryMetrics.* eu-central-1 /,
    ],
    [
      'the region is another',
      AWS,
      { region: 'eu-west-1' },
      /HTTP 403.*aps:QueryMetrics.* in eu-west-1 \(prometheus\.sigv4\.region\)/,
    ],
    [
      'the session is over',
      { ...AWS, AWS_SESSION_TOKEN: 's3cret-old' },
      { region: REGION },
      /HTTP 403: The security token included in the request is invalid\./,
    ],
    ['nobody is logged in', {}, { region: REGION }, /: prometheus\.sigv4: no AWS credentials .*AWS_PROFILE/],
  ])('causes an error of one line when %s', async (_, environment, sigv4, message) => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1');
    const { code, stderr } = await reportBy(environment, { url: gateway.url, sigv4 });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toMatch(/\n|s3cret|Signature=/);
    expect(gateway.let()).toBe(0);
  });

  it('needs a region if its address contains none', async () => {
    const { code, stderr } = await reportBy(AWS, { url: prometheus.url, sigv4: {} });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^antrea-health: prometheus\.sigv4\.region: .*\n$/);
  });

  const open = (url: string, options: Partial<SignerOptions> = {}) => {
    const sign = openSigner({ region: REGION, credentials: async () => KEYS, ...options });
    const client = openPrometheus({
      url,
      headers: { 'x-scope-orgid': 'tëam', 'x-team': '  two   words ' },
      authorize: sign,
      adviceWhenRefused: 'check it',
      longestPauseMilliseconds: 5,
    });
    closing.push(() => client.close());
    return client;
  };

  const failureOf = async (work: Promise<unknown>): Promise<QueryError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(QueryError);
    return error as QueryError;
  };

  it('gets a new signature with every retry', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1', { failFirst: 2 });
    let second = 0;
    const begin = Date.now();
    const client = open(gateway.url, { now: () => new Date(begin + 1000 * second++) });
    expect((await client.instant('up', scenario.period.end)).samples.length).toBeGreaterThan(0);
    expect(gateway.arrived).toHaveLength(3);
    const dates = gateway.arrived.map(({ headers }) => headers['x-amz-date']);
    const signatures = gateway.arrived.map(({ headers }) => headers['authorization']);
    expect([new Set(dates).size, new Set(signatures).size]).toEqual([3, 3]);
  });

  it.each(['/workspaces/ws-1/', '/a b/节点', "/~(a)'b!*+=@", '/a%20b%2Fc', '//twice//over', '/'])(
    'accepts the signature of a query below the path %s',
    async (path) => {
      const gateway = await openGateway(prometheus.url, path);
      const query = 'count(up{job=~"antrea-.*",node!="x&y=z+1%20",pod!="节点 🚀"}) or vector(1)';
      const { samples } = await open(gateway.url).instant(query, scenario.period.end);
      expect(samples).toHaveLength(1);
    },
  );

  it('refuses a request that was changed on its way', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1', {
      spoil: (request) => ({
        ...request,
        path: request.path.replace('query=up', 'query=do'),
        body: request.body.replace('query=up', 'query=do'),
      }),
    });
    const { kind, message } = await failureOf(open(gateway.url).instant('up', scenario.period.end));
    expect(kind).toBe('unauthorized');
    expect(message).toMatch(/HTTP 403: The request signature .*; check it$/);
    expect(message).not.toMatch(/s3cret|Signature=|\n/);
    expect(gateway.arrived.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(gateway.let()).toBe(0);
  });

  it('accepts changes of headers that are not signed', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1', {
      spoil: (request) => ({
        ...request,
        headers: { ...request.headers, 'user-agent': 'proxy', 'x-team': 'other', accept: '*/*' },
      }),
    });
    expect((await open(gateway.url).instant('up', scenario.period.end)).samples.length).toBeGreaterThan(0);
  });

  it('causes an error with AWS’s message when the clock is wrong', async () => {
    const gateway = await openGateway(prometheus.url, '/workspaces/ws-1');
    const client = open(gateway.url, { now: () => new Date(Date.now() - 10 * 60_000) });
    const { message } = await failureOf(client.instant('up', scenario.period.end));
    expect(message).toMatch(/HTTP 403: Signature expired: it is too late\); check it$/);
  });

  it('may be another Prometheus with its token in Parameter Store', async () => {
    const own = await serve(async ({ path, headers, body }, response) => {
      if (headers['authorization'] !== 'Bearer s3cret-token') return response.writeHead(401).end();
      const answer = await fetch(`${prometheus.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': headers['content-type'] ?? '' },
        body,
      });
      return response.writeHead(answer.status).end(await answer.text());
    });
    const asked: string[] = [];
    const ssm = await serve(({ body }, response) => {
      const { Name } = JSON.parse(body);
      asked.push(Name);
      const [status, content] =
        Name === '/antrea/token'
          ? [200, { Parameter: { Value: 's3cret-token' } }]
          : [400, { __type: 'ParameterNotFound' }];
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(content));
    });
    const environment = { ...AWS, AWS_REGION: REGION, AWS_ENDPOINT_URL_SSM: ssm };
    const settings = (parameter: string) => ({ url: own, bearerToken: { parameter } });
    await expectTheSameReport(await reportBy(environment, settings('/antrea/token')));
    expect(asked).toEqual(['/antrea/token']);

    const { code, stderr } = await reportBy(environment, settings('/antrea/tokne'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'antrea-health: prometheus.bearerToken: there is no parameter /antrea/tokne in Parameter Store in eu-central-1; check its name and region\n',
    });
  });
});
