/** The systems of all runs: started once, and emptied before each run. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { createQueues } from '../../scripts/offline/queues.ts';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { type Config, readConfigFile } from '../../src/config/file.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { startCaptureServer } from '../services/capture-server.ts';
import { forward } from '../services/faulty-proxy.ts';
import { temporaryFolder } from '../services/server.ts';
import { type LocalSes, startSes } from '../services/ses.ts';
import { type MailServer, type Reply, startSmtpServer } from '../services/smtp.ts';
import { type Disk, replaceDisk } from './disk.ts';
import { type FaultProxy, type Hooks, startFaultProxy } from './fault-proxy.ts';
import { captureOutput } from './output.ts';
import type { Fault, HttpSystem, Plan, SmtpFault, System } from './plan.ts';
import { smallCluster, withConditions, withRequestId } from './systems.ts';
import { type Clock, replaceTime } from './time.ts';

/** Texts that must not appear anywhere. */
export const SECRETS = {
  token: 'tok-6f1d2c9b7e',
  parameter: 'par-94c1e07a55',
  awsKey: 'aws-key-0c4be2d81f',
  awsSession: 'aws-session-7710ddc35e',
  smtpPassword: 'smtp-b8d2f0937c',
} as const;

export const BUCKET = 'reports';
const REGION = 'us-east-1';
export const RECIPIENTS = ['noc@example.com', 'lead@example.com'];

/** A message that a mail system accepted: when, by `performance.now()`, and whether its answer was lost. */
export type Acceptance = { at: number; isLost: boolean };

export type World = {
  config: Config;
  configFile: string;
  folder: string;
  /** The period of the recorded day. */
  period: { start: number; end: number };
  clock: Clock;
  disk: Disk;
  proxies: Readonly<Record<HttpSystem, FaultProxy>>;
  ses: LocalSes;
  smtp: MailServer;
  /** The bucket and the queues without faults. */
  store: Store;
  sqs: SQSClient;
  server: FauxqsServer;
  queueUrl: string;
  /** The messages that the mail server accepted in this run. */
  acceptedMails(): readonly Acceptance[];
  /** Everything that was written to standard output and standard error since the run began. */
  output(): string;
  /** Writes to the real standard output. */
  print(text: string): void;
  /** Errors that nobody handled. */
  unhandled: unknown[];
  /** Empties everything and starts the faults of a plan. */
  begin(plan: Plan, hooks?: Partial<Record<HttpSystem, Partial<Hooks>>>): Promise<void>;
  /** Ends all faults. */
  calm(): void;
  stop(): Promise<void>;
};

/** Replaces clock, pauses, environment and output of this process until `stop`. */
export async function startWorld(): Promise<World> {
  const folder = await temporaryFolder('faults');
  const capture = await startCaptureServer(() => null);
  const server = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION });
  server.createBucket(BUCKET);
  const fauxqs = `http://127.0.0.1:${server.port}`;
  const queues = createQueues(server, { region: REGION, visibilitySeconds: 0, maxReceiveCount: 10 });
  const ses = await startSes();
  const mail = await startMail();
  const proxies = {
    prometheus: await startFaultProxy('prometheus', smallCluster(capture.url)),
    s3: await startFaultProxy('s3', withConditions(fauxqs)),
    sqs: await startFaultProxy('sqs', forward(fauxqs)),
    ses: await startFaultProxy('ses', withRequestId(ses.endpoint)),
  };
  const configFile = join(folder.path, 'antrea-health.yaml');
  await writeFile(configFile, configText(proxies.prometheus.url));
  const through = (url: string) => `${proxies.sqs.url}${new URL(url).pathname}`;
  const environment = {
    CONFIG_FILE: configFile,
    BUCKET,
    QUEUE_URL: through(queues.queueUrl),
    DEAD_LETTER_QUEUE_URL: through(queues.deadLetterQueueUrl),
    AWS_ENDPOINT_URL_S3: proxies.s3.url,
    AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIAFAULTS',
    AWS_SECRET_ACCESS_KEY: SECRETS.awsKey,
    AWS_SESSION_TOKEN: SECRETS.awsSession,
    PROMETHEUS_TOKEN: SECRETS.token,
    SMTP_PASSWORD: SECRETS.smtpPassword,
    POWERTOOLS_SERVICE_NAME: 'antrea-health-report',
    POWERTOOLS_METRICS_NAMESPACE: 'AntreaHealthReport',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  Object.assign(process.env, environment);
  const credentials = { accessKeyId: 'direct', secretAccessKey: 'direct' };
  const store = openS3Store({ bucket: BUCKET, endpoint: fauxqs, region: REGION, credentials });
  const sqs = new SQSClient({ endpoint: fauxqs, region: REGION, credentials });
  const clock = replaceTime();
  const disk = replaceDisk();
  const output = captureOutput();
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', onUnhandled);
  process.on('uncaughtException', onUnhandled);

  const world: World = {
    ...{ config: await readConfigFile(configFile), configFile, folder: folder.path, period: capture.period },
    ...{ clock, disk, proxies, ses, smtp: mail.server, store, sqs, server, queueUrl: queues.queueUrl },
    ...{ unhandled, acceptedMails: mail.accepted, output: output.text, print: output.print },
    async begin(plan, hooks = {}) {
      unhandled.length = 0;
      output.clear();
      server.reset();
      await ses.reset();
      for (const system of Object.keys(proxies) as HttpSystem[])
        proxies[system].begin(hooksOf(plan, system, { hooks: hooks[system], clock }));
      mail.begin((number) => faultOf(plan, 'smtp', number));
    },
    calm() {
      for (const proxy of Object.values(proxies)) proxy.calm();
      mail.calm();
    },
    async stop() {
      process.off('unhandledRejection', onUnhandled);
      process.off('uncaughtException', onUnhandled);
      output.restore();
      disk.restore();
      clock.restore();
      await store.close();
      sqs.destroy();
      for (const proxy of Object.values(proxies)) await proxy.stop();
      await mail.server.stop();
      await ses.stop();
      await server.stop();
      await capture.stop();
      await folder.remove();
    },
  };
  return world;
}

/** Time limits are short, because a run in which nothing answers waits for them. */
function configText(prometheus: string): string {
  const names = ['one', 'four'];
  const formats = { json: '[json]', html: '[json, html]', pdf: '[json, html, pdf]' };
  const schedules = names.flatMap((name) =>
    Object.entries(formats).map(
      ([key, list]) => `- { name: ${name}-${key}, period: day, clusters: [${name}], formats: ${list} }`,
    ),
  );
  const digests = names.map(
    (name) => `- { name: ${name}, period: day, clusters: [${name}], to: [${RECIPIENTS.join(', ')}] }`,
  );
  return `
prometheus:
  url: "${prometheus}/?tenant=${SECRETS.parameter}"
  bearerToken: { environment: PROMETHEUS_TOKEN }
  timeout: 2s
clusters:
- { name: one, prometheus: { concurrency: 1 } }
- { name: four, prometheus: { concurrency: 4 } }
schedules:
${schedules.join('\n')}
mail: { from: health@example.com }
digests:
${digests.join('\n')}
`;
}

type Found<S extends System> = Extract<Fault, { system: S }>['fault'];

/** Returns the fault that hits the request to a system with this number. */
export function faultOf<S extends System>(plan: Plan, system: S, number: number): Found<S> | null {
  const hit = plan.faults.find(
    (fault) => fault.system === system && number >= fault.from && number < fault.from + fault.count,
  );
  return (hit?.fault as Found<S> | undefined) ?? null;
}

function hooksOf(
  plan: Plan,
  system: HttpSystem,
  { hooks, clock }: { hooks: Partial<Hooks> | undefined; clock: Clock },
): Hooks {
  return {
    faultAt: (number) => faultOf(plan, system, number),
    onArrival(number) {
      const jump = system === 'prometheus' ? faultOf(plan, 'clock', number) : null;
      if (jump) clock.jump(jump.seconds);
    },
    ...hooks,
  };
}

/** A mail server that fails by connection. */
async function startMail() {
  let faultAt: (number: number) => SmtpFault | null = () => null;
  let first = 0;
  let accepted: Acceptance[] = [];
  const fault = () => faultAt(server.connections() - first);
  const refusing = (step: string) => (): Reply | undefined => {
    const current = fault();
    if (current?.do !== 'refuse' || current.step !== step) return undefined;
    // Some servers repeat what they got.
    return { status: current.status, text: `not now: AUTH ${SECRETS.smtpPassword}` };
  };
  const server = await startSmtpServer({
    tls: 'none',
    login: { user: 'health', password: SECRETS.smtpPassword },
    greet: refusing('greeting'),
    answerLogin: refusing('login'),
    answerSender: refusing('sender'),
    answerRecipient: refusing('recipient'),
    answerMessage() {
      const current = fault();
      const refusal = refusing('message')();
      if (refusal) return refusal;
      const lost = current?.do === 'refuse' ? undefined : current?.do;
      accepted.push({ at: performance.now(), isLost: lost !== undefined });
      return lost;
    },
  });
  return {
    server,
    accepted: () => accepted,
    calm: () => {
      faultAt = () => null;
    },
    begin(next: typeof faultAt) {
      faultAt = next;
      first = server.connections();
      accepted = [];
      server.received.length = 0;
    },
  };
}
