/** Runs the program under the faults of a plan, as the handlers, the command, or a process that is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createContext, createEvent } from '../../scripts/offline/event-source.ts';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { openSesTransport } from '../../src/adapters/ses/transport.ts';
import { openSmtpTransport } from '../../src/adapters/smtp/transport.ts';
import type { ArchiveFlags } from '../../src/cli/options.ts';
import { scheduleCommand } from '../../src/cli/schedule.ts';
import { digestsOf } from '../../src/config/schedules.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { mailDelivery } from '../../src/service/digest/mail/deliver.ts';
import type { MailTransport } from '../../src/service/digest/mail/transport.ts';
import { sendDigest } from '../../src/service/digest/send.ts';
import { PROGRAM } from '../services/cli.ts';
import type { Plan } from './plan.ts';
import { BUCKET, faultOf, SECRETS, type World } from './world.ts';

/** The time of the first run, just after the recorded day. */
export const MORNING = new Date('2026-11-21T06:00:00Z');

/** What was seen of a run from outside. */
export type Seen = {
  store: Store;
  /** The command's exit codes; null if it was killed. */
  exitCodes: (number | null)[];
  /** Errors that the functions threw. */
  thrown: Error[];
  /** Whether the job reached the queue. */
  isScheduled: boolean;
  digest: 'sent' | 'sent-before' | 'failed' | 'busy' | null;
  close(): void;
};

/** AWS tries a function that failed twice more: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html */
const INVOCATIONS = 3;
/** Deliveries of a job in a run; the queue makes up to ten. */
const DELIVERIES = 5;
/** Between two deliveries and between two invocations, as in serverless.yml and deploy/aws. */
const DELIVERY_SECONDS = 360;
const INVOCATION_SECONDS = 180;

const nameOf = ({ concurrency }: Plan) => (concurrency === 1 ? 'one' : 'four');
const scheduleOf = (plan: Plan) => `${nameOf(plan)}-${plan.formats}`;

export async function runService(world: World, plan: Plan): Promise<Seen> {
  const seen: Seen = {
    ...{ store: world.store, exitCodes: [], thrown: [], isScheduled: false, digest: null },
    close: () => undefined,
  };
  await schedule(world, plan, seen);
  const chromium = plan.formats === 'pdf' ? harmChromium(plan) : undefined;
  await deliver(world, plan);
  chromium?.stop();
  world.clock.set(new Date('2026-11-21T07:00:00Z'));
  await mail(world, plan, seen);
  return seen;
}

/** Repeats an invocation that throws. @returns whether one succeeded */
async function invoke(world: World, seen: Seen, work: () => Promise<unknown>): Promise<boolean> {
  for (let invocation = 1; invocation <= INVOCATIONS; invocation += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      seen.thrown.push(error instanceof Error ? error : new Error(String(error)));
      world.clock.jump(INVOCATION_SECONDS);
    }
  }
  return false;
}

async function schedule(world: World, plan: Plan, seen: Seen): Promise<void> {
  const { handler } = await import('../../handlers/daily-report.ts');
  const event = { schedule: scheduleOf(plan), scheduledAt: MORNING.toISOString() };
  seen.isScheduled = await invoke(world, seen, async () => {
    const context = createContext({ functionName: 'daily-report', timeoutSeconds: 60 });
    return handler(event, context, () => undefined);
  });
}

/** Time limit for one call to S3. The handlers keep the store that they get first. */
const S3_PATIENCE_MILLISECONDS = 1_500;

async function deliver({ sqs, queueUrl, clock }: World, plan: Plan): Promise<void> {
  const { deployedStore } = await import('../../handlers/shared/store.ts');
  await deployedStore(S3_PATIENCE_MILLISECONDS);
  const { handler } = await import('../../handlers/generate-report.ts');
  for (let delivery = 1; delivery <= DELIVERIES; delivery += 1) {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      MessageSystemAttributeNames: ['All'],
    });
    const [message] = (await sqs.send(command)).Messages ?? [];
    if (message === undefined) return;
    const copies = plan.isDeliveredTwice && delivery === 1 ? 2 : 1;
    const responses = await Promise.all(
      Array.from({ length: copies }, () => {
        const context = createContext({ functionName: 'generate-report', timeoutSeconds: 300 });
        return handler(createEvent(message), context, () => undefined);
      }),
    );
    if (responses.some((response) => response?.batchItemFailures.length === 0))
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
    else clock.jump(DELIVERY_SECONDS);
  }
}

/** Limits of the mail transports, for servers that stay silent. A busy machine takes a second to answer. */
const SILENCE_MILLISECONDS = 2_000;

async function mail(world: World, plan: Plan, seen: Seen): Promise<void> {
  const { config } = world;
  const digest = digestsOf(config.file).find(({ name }) => name === nameOf(plan));
  if (digest === undefined || config.file.mail === undefined) throw new Error('there is no digest');
  const { deployedStore } = await import('../../handlers/shared/store.ts');
  const context = {
    ...{ config, digest, address: null, at: new Date('2026-11-21T07:00:00Z') },
    ...{ store: await deployedStore(S3_PATIENCE_MILLISECONDS), seconds: 170, clock: () => new Date() },
    deliveries: [mailDelivery(config.file.mail, digest.to, async () => openTransport(world, plan))],
    onRefused: () => undefined,
  };
  seen.digest = 'failed';
  await invoke(world, seen, async () => {
    const { outcome } = await sendDigest({ ...context, now: new Date(), token: randomUUID() });
    seen.digest = outcome;
    if (outcome === 'busy') throw new Error('another sender is sending the digest');
  });
}

function openTransport({ proxies, smtp }: World, { mail: by }: Plan): MailTransport {
  if (by === 'smtp')
    return openSmtpTransport({
      ...{ host: '127.0.0.1', port: smtp.port, tls: 'none', user: 'health' },
      password: SECRETS.smtpPassword,
      greetingLimitMilliseconds: SILENCE_MILLISECONDS,
      silenceLimitMilliseconds: SILENCE_MILLISECONDS,
    });
  const client = new SESv2Client({
    endpoint: proxies.ses.url,
    // As in the adapter, except for the time limit.
    maxAttempts: 1,
    requestHandler: { socketTimeout: SILENCE_MILLISECONDS },
  });
  return openSesTransport({ client });
}

export async function runCommand(world: World, plan: Plan): Promise<Seen> {
  const folder = join(world.folder, `seed-${plan.seed}`);
  const seen: Seen = {
    ...{ store: openFolderStore(folder), exitCodes: [], thrown: [], isScheduled: true, digest: null },
    close: () => undefined,
  };
  world.disk.begin(folder, (number) => faultOf(plan, 'disk', number));
  await command(world, plan, { archive: folder }, seen);
  world.disk.begin(folder, () => null);
  return seen;
}

/** Runs the command again without faults, after the claim of the first run has expired. */
export async function runAgain(world: World, plan: Plan, seen: Seen): Promise<void> {
  world.calm();
  // The killed process had the real clock.
  const before = plan.setting === 'killed' ? performance.timeOrigin + performance.now() : MORNING.getTime();
  world.clock.set(new Date(before + 3_600_000));
  const isInBucket = plan.setting === 'killed';
  const place = isInBucket ? { bucket: BUCKET } : { archive: join(world.folder, `seed-${plan.seed}`) };
  await command(world, plan, place, seen);
}

async function command(
  { configFile }: World,
  plan: Plan,
  place: Pick<ArchiveFlags, 'archive' | 'bucket'>,
  seen: Seen,
): Promise<void> {
  const flags = { config: configFile, ...place, at: MORNING.toISOString() };
  const context = {
    environment: process.env,
    progress: { show: () => undefined, clear: () => undefined },
    signal: new AbortController().signal,
  };
  try {
    seen.exitCodes.push(await scheduleCommand(scheduleOf(plan), flags, context));
  } catch (error) {
    seen.thrown.push(error instanceof Error ? error : new Error(String(error)));
    seen.exitCodes.push(1);
  }
}

/** Runs the command in a process that is killed at a request. */
export async function runKilled(world: World, plan: Plan): Promise<Seen> {
  const seen: Seen = {
    ...{ store: world.store, exitCodes: [], thrown: [], isScheduled: true, digest: null },
    close: () => undefined,
  };
  const [found] = plan.faults;
  if (found?.system !== 'process') throw new Error('nothing kills the process');
  const { at, handled } = found.fault;
  const parameters = [scheduleOf(plan), '--bucket', BUCKET, '--at', MORNING.toISOString()];
  let child: ChildProcess | undefined;
  const kill = (number: number) => {
    if (number === found.from) child?.kill('SIGKILL');
  };
  await world.begin(plan, {
    [at]: handled
      ? { onHandled: kill }
      : {
          onArrival: kill,
          // The request is lost with the process.
          faultAt: (number: number) =>
            number === found.from ? ({ do: 'cut', when: 'before' } as const) : null,
        },
  });
  const started = spawn(
    process.execPath,
    [PROGRAM, 'schedule', ...parameters, '--config', world.configFile],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: process.env,
    },
  );
  child = started;
  const ended = new Promise<number | null>((resolve) => started.once('close', (code) => resolve(code)));
  const [output, errors, code] = await Promise.all([text(started.stdout), text(started.stderr), ended]);
  process.stdout.write(output);
  process.stderr.write(errors);
  seen.exitCodes.push(code);
  return seen;
}

const LOOK_MILLISECONDS = 5;

/** Sends a signal to the Chromium processes of this process, some time after each has started. */
function harmChromium(plan: Plan): { stop(): void } {
  const known = new Set<number>();
  const timer = setInterval(() => {
    for (const pid of findChromium()) {
      if (known.has(pid)) continue;
      known.add(pid);
      const fault = faultOf(plan, 'chromium', known.size);
      if (fault) setTimeout(() => signal(pid, fault.signal), fault.afterMilliseconds).unref();
    }
  }, LOOK_MILLISECONDS);
  return { stop: () => clearInterval(timer) };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** Returns the process ids of the children of this process that are Chromium. */
function findChromium(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const [, name, , parent] =
        /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return name?.startsWith('chrom') && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}

/** The plan of a run without faults. */
export const undisturbed = (plan: Partial<Plan> = {}): Plan => ({
  ...{ seed: 0, setting: 'command', concurrency: 1, formats: 'json', mail: 'ses' },
  ...{ isDeliveredTwice: false, faults: [] },
  ...plan,
});
