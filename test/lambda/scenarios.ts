/** What happens to the functions on Lambda. Each scenario throws an error that says what was wrong. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import { createEvent } from '../../scripts/offline/event-source.ts';
import { readState } from '../../src/service/archive/claims.ts';
import type { ReportState } from '../../src/service/archive/state.ts';
import { eventOf } from '../services/deployment.ts';
import { type Invocation, type LambdaFunction, startFunction, unpack } from './function.ts';
import { CLUSTERS, type World } from './world.ts';

export const FUNCTIONS = ['daily-report', 'generate-report', 'on-demand', 'email-digest'] as const;
export type Functions = Readonly<Record<(typeof FUNCTIONS)[number], LambdaFunction>>;

/** The morning after the simulated day. */
const MORNING = '2026-11-21T06:00:00Z';

/** Starts all functions. `stop` ends them. */
export async function startFunctions(
  world: World,
  folder: string,
): Promise<{ functions: Functions; stop(): Promise<void> }> {
  const functions = {} as Record<(typeof FUNCTIONS)[number], LambdaFunction>;
  for (const name of FUNCTIONS) {
    const task = await unpack(world.service, name, join(folder, name));
    functions[name] = await startFunction(world.service, name, task);
  }
  return {
    functions,
    async stop() {
      for (const one of Object.values(functions)) await one.stop();
    },
  };
}

/** Lets a function handle an event. @throws Error when it fails or logs an error */
async function respond<Body>(
  one: LambdaFunction,
  event: unknown,
): Promise<Omit<Invocation, 'answer'> & { body: Body }> {
  const { answer, ...invocation } = await one.invoke(event);
  if (answer.kind !== 'response' || /"level":"ERROR"/.test(invocation.log))
    throw new Error(`${one.name}: ${JSON.stringify(answer)}\n${invocation.log}`);
  return { ...invocation, body: answer.body as Body };
}

function expectEqual(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${what} is ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

async function nextJob(world: World): Promise<{ message: Message; id: string }> {
  const message = await world.takeJob();
  if (!message) throw new Error('there is no job on the queue');
  return { message, id: JSON.parse(message.Body ?? '').id };
}

async function stateOf(world: World, id: string): Promise<ReportState> {
  const state = (await readState(world.store, id))?.state;
  if (!state) throw new Error(`there is no report ${id}`);
  return state;
}

/** Makes the report of the next job. */
async function makeNextReport(world: World, one: LambdaFunction): Promise<Invocation> {
  const { message, id } = await nextJob(world);
  const { body, ...invocation } = await respond<SQSBatchResponse>(one, createEvent(message));
  expectEqual(body, { batchItemFailures: [] }, `the answer for ${id} (${invocation.log})`);
  const { state, missing, result } = await stateOf(world, id);
  expectEqual([state, missing, result?.complete], ['ready', [], true], `the state of ${id}`);
  await world.deleteJob(message);
  return { ...invocation, answer: { kind: 'response', body } };
}

/** Makes the report of a job that went back to the queue. */
async function makeAgain(world: World, one: LambdaFunction, message: Message): Promise<void> {
  await world.returnJob(message);
  await makeNextReport(world, one);
}

/** Each function handles an event of its kind: of EventBridge Scheduler, SQS and API Gateway. */
export async function handleEveryEvent(
  world: World,
  functions: Functions,
): Promise<Record<string, Invocation[]>> {
  const daily = await respond<{ jobs: number }>(functions['daily-report'], {
    schedule: 'nightly',
    scheduledAt: MORNING,
  });
  expectEqual(daily.body, { jobs: Object.keys(CLUSTERS).length }, 'the answer of daily-report');
  const reports: Invocation[] = [];
  for (const _ of Object.keys(CLUSTERS))
    reports.push(await makeNextReport(world, functions['generate-report']));
  const list = await respond<APIGatewayProxyStructuredResultV2>(
    functions['on-demand'],
    eventOf('GET', '/reports', undefined),
  );
  const { reports: listed } = JSON.parse(list.body.body ?? '{}');
  expectEqual([list.body.statusCode, listed.length], [200, reports.length], 'the list of reports');
  const digests: Invocation[] = [];
  for (const outcome of ['sent', 'sent-before']) {
    const { body, ...one } = await respond<{ outcome: string }>(functions['email-digest'], {
      digest: 'operators',
      scheduledAt: MORNING,
    });
    expectEqual(body, { outcome }, 'the answer of email-digest');
    digests.push({ ...one, answer: { kind: 'response', body } });
  }
  expectEqual(world.ses.requests.length, 1, 'the number of mails');
  const plain = ({ body, ...one }: Omit<Invocation, 'answer'> & { body: unknown }): Invocation[] => [
    { ...one, answer: { kind: 'response', body } },
  ];
  return {
    'daily-report': plain(daily),
    'generate-report': reports,
    'on-demand': plain(list),
    'email-digest': digests,
  };
}

/** After each three reports, the functions are frozen for longer and lose their connections. */
const LONG_FREEZE_EVERY = 3;
const LONG_FREEZE_MILLISECONDS = 3_000;

/** Requests reports with PDF over HTTP and makes them, with clusters and languages in turn. */
export async function makeReports(
  world: World,
  functions: Functions,
  count: number,
): Promise<Record<'on-demand' | 'generate-report', Invocation[]>> {
  const requests: Invocation[] = [];
  const reports: Invocation[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index % LONG_FREEZE_EVERY === LONG_FREEZE_EVERY - 1) await loseConnections(world, index);
    const { body, ...request } = await respond<APIGatewayProxyStructuredResultV2>(
      functions['on-demand'],
      eventOf('POST', '/reports', requestBody(index)),
    );
    expectEqual(body.statusCode, 202, `the status of request ${index + 1} (${body.body})`);
    requests.push({ ...request, answer: { kind: 'response', body } });
    reports.push(await makeNextReport(world, functions['generate-report']));
  }
  return { 'on-demand': requests, 'generate-report': reports };
}

/** Periods of six hours, each of which ends a minute later. */
function requestBody(index: number): Record<string, unknown> {
  const names = Object.keys(CLUSTERS);
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour, index)).toISOString().slice(0, 16);
  return {
    cluster: names[index % names.length],
    language: Object.values(CLUSTERS)[Math.floor(index / names.length) % names.length],
    start: `${at(8)}Z`,
    end: `${at(14)}Z`,
    formats: ['html', 'pdf'],
  };
}

/** All functions are stopped here, as always between invocations. The ends of their connections close or forget them. */
async function loseConnections(world: World, index: number): Promise<void> {
  const isForgotten = Math.floor(index / LONG_FREEZE_EVERY) % 2 === 1;
  await sleep(LONG_FREEZE_MILLISECONDS);
  for (const proxy of Object.values(world.proxies)) {
    if (isForgotten) proxy.forgetConnections();
    else proxy.closeConnections();
  }
}

/** Less time than a report needs, and a little more than the function needs to begin one, in seconds. */
const TOO_SHORT = 60;
const SHORT = 100;

/** With too little time left, a job goes back without a claim; with a Prometheus that hangs, it ends before the deadline. */
export async function meetDeadline(world: World, functions: Functions): Promise<string> {
  const one = functions['generate-report'];
  await respond(
    functions['on-demand'],
    eventOf('POST', '/reports', { ...requestBody(0), end: '2026-11-20T20:00Z' }),
  );
  const { message, id } = await nextJob(world);
  const short = await one.invoke(createEvent(message), { timeoutSeconds: TOO_SHORT });
  const returned = { batchItemFailures: [{ itemIdentifier: message.MessageId }] };
  expectEqual(short.answer, { kind: 'response', body: returned }, `the answer with ${TOO_SHORT} s left`);
  expectEqual((await stateOf(world, id)).state, 'queued', `the state of ${id}`);

  world.proxies.prometheus.isHanging = true;
  const hung = await one.invoke(createEvent(message), { timeoutSeconds: SHORT });
  world.proxies.prometheus.isHanging = false;
  world.proxies.prometheus.closeConnections();
  if (hung.answer.kind !== 'response')
    throw new Error(`no answer before the deadline: ${JSON.stringify(hung)}`);
  const { state, claim, reason } = await stateOf(world, id);
  expectEqual(claim, null, `the claim of ${id}, which is ${state}`);
  await makeAgain(world, one, message);
  return `answered after ${hung.seconds.toFixed(0)} of ${SHORT} s: ${state}, ${reason}; made by the next delivery`;
}

const BROKEN = 'clusters: [{ name: one }]\nprometheus: { ulr: https://prometheus.invalid }\n';
const PROBLEM = 'antrea-health.yaml:2: prometheus.ulr: is not a known key; did you mean url?';

/** With a broken configuration, each function starts and says in one line what to change, for each event. */
export async function breakConfiguration(
  world: World,
  functions: Functions,
  folder: string,
): Promise<string> {
  const body = { ...requestBody(0), end: '2026-11-20T21:00Z' };
  await respond(functions['on-demand'], eventOf('POST', '/reports', body));
  const { message } = await nextJob(world);
  const returned = { batchItemFailures: [{ itemIdentifier: message.MessageId }] };
  const thrown = { kind: 'error', type: 'ConfigError', message: PROBLEM };
  const expected: Record<(typeof FUNCTIONS)[number], [event: unknown, answer: unknown]> = {
    'daily-report': [{ schedule: 'nightly', scheduledAt: MORNING }, thrown],
    'generate-report': [createEvent(message), { kind: 'response', body: returned }],
    'on-demand': [eventOf('GET', '/reports', undefined), 500],
    'email-digest': [{ digest: 'operators', scheduledAt: MORNING }, thrown],
  };
  for (const name of FUNCTIONS) {
    const task = await unpack(world.service, name, join(folder, `broken-${name}`));
    await writeFile(join(task, 'build', name, 'antrea-health.yaml'), BROKEN);
    const one = await startFunction(world.service, name, task);
    try {
      const [event, answer] = expected[name];
      const { answer: found, log } = await one.invoke(event);
      const status =
        found.kind === 'response' ? (found.body as { statusCode?: number }).statusCode : undefined;
      expectEqual(status ?? found, answer, `the answer of ${name} with a broken configuration`);
      const lines = log.split('\n').filter(Boolean);
      if (lines.length !== 1 || !lines[0]?.includes(PROBLEM)) throw new Error(`${name} logged: ${log}`);
    } finally {
      await one.stop();
    }
  }
  await makeAgain(world, functions['generate-report'], message);
  return PROBLEM;
}

/** Writes to every place where Lambda allows none, as the user of a function, with the sandbox of the functions. */
const PROBE = `
import { readdirSync, writeFileSync } from 'node:fs';
const written = ['', ...readdirSync('/')].map((name) => '/' + name + '/probe').filter((path) => {
  try { writeFileSync(path, ''); return true; } catch { return false; }
});
export const handler = async () => ({ written, user: process.getuid(), home: process.env.HOME ?? null });
`;

/** A function can write to /tmp and to nothing else. Otherwise the other scenarios would show nothing. */
export async function probeSandbox(world: World, folder: string): Promise<string> {
  const task = join(folder, 'probe');
  await mkdir(join(task, 'build/daily-report'), { recursive: true });
  await writeFile(join(task, 'build/daily-report/index.mjs'), PROBE);
  const one = await startFunction(world.service, 'daily-report', task);
  try {
    const { body } = await respond(one, {});
    expectEqual(body, { written: ['/tmp/probe'], user: 993, home: null }, 'what a function can do');
  } finally {
    await one.stop();
  }
  return 'user 993 writes to /tmp only';
}
