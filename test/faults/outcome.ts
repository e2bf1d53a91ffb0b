/** Decides what a run ended with, and whether it broke a promise of the program. */
import { isDeepStrictEqual } from 'node:util';
import PostalMime from 'postal-mime';
import { type Report, reportSchema } from '../../src/report/model/report.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import { effectiveState, type ReportState, stateSchema } from '../../src/service/archive/state.ts';
import type { Store } from '../../src/service/archive/store.ts';
import { findSecrets } from '../fixtures/planted-secrets.ts';
import type { Plan } from './plan.ts';
import type { Seen } from './runs.ts';
import { type Acceptance, SECRETS, type World } from './world.ts';

/** What became of the report, and of the digest in a service. */
export type Outcome = {
  report: (typeof REPORT_OUTCOMES)[number];
  digest: (typeof DIGEST_OUTCOMES)[number] | null;
  /** Broken promises, one line each. */
  broken: string[];
};

export const REPORT_OUTCOMES = [
  'the clean report',
  'verdict and findings as in the clean one, a comparison or history missing',
  'incomplete, and the report says so',
  'without a file, and the state says so',
  'back on the queue',
  'dead letter',
  'the schedule failed, with an error',
  'the command failed, with a message',
  'killed, and made by the next run',
] as const;

export const DIGEST_OUTCOMES = [
  'sent once',
  'sent again after a lost answer or an unrecorded success',
  'not sent, with an error',
  'claimed until later',
] as const;

type Stored = { state: ReportState; report: Report };

/** Everything that is stored. */
async function readAll(store: Store): Promise<Map<string, Buffer>> {
  const all = new Map<string, Buffer>();
  const { keys } = await store.list('');
  for (const key of keys) all.set(key, Buffer.from((await store.get(key))?.bytes ?? []));
  return all;
}

export async function judge(
  world: World,
  plan: Plan,
  { seen, clean }: { seen: Seen; clean: Report },
): Promise<Outcome> {
  const broken: string[] = [];
  const objects = await readAll(seen.store);
  checkWhole(objects, broken);
  const stored = readStored(objects, broken);
  if (stored?.report) checkHonest(stored.report, clean, broken);
  if (stored) await checkListed(seen.store, stored.state, broken);
  const report = plan.setting === 'service' ? ofService(world, seen, stored) : ofCommand(seen, stored);
  if (report === null) broken.push('the report is lost: not made, not on a queue, and no error');
  const digest = plan.setting === 'service' ? await ofDigest(world, plan, { seen, broken }) : null;
  const made = world.output().split('"message":"report made"').length - 1;
  if (made > 1) broken.push(`the report was made ${made} times`);
  checkSecrets(world, { seen, objects, broken });
  for (const error of world.unhandled)
    broken.push(`unhandled: ${error instanceof Error ? error.stack : String(error)}`);
  return { report: describe(report, stored, clean), digest, broken };
}

type Fate = Outcome['report'] | 'made';

function describe(fate: Fate | null, stored: Stored | null, clean: Report): Outcome['report'] {
  if (fate !== 'made' || stored === null) return fate === 'made' || fate === null ? 'dead letter' : fate;
  if (!stored.report.complete) return 'incomplete, and the report says so';
  if (stored.state.missing.length > 0) return 'without a file, and the state says so';
  return isDeepStrictEqual(comparable(stored.report), comparable(clean))
    ? 'the clean report'
    : 'verdict and findings as in the clean one, a comparison or history missing';
}

/** Without what differs between two reports of the same data. */
function comparable({ generatedAt: _, id: __, cluster: ___, ...report }: Report): unknown {
  return report;
}

function ofService(
  { server, clock: _ }: World,
  { isScheduled, thrown }: Seen,
  stored: Stored | null,
): Fate | null {
  const waiting = messagesOf(server.inspectQueue('reports'));
  const dead = messagesOf(server.inspectQueue('reports-dead-letter'));
  if (stored?.state.state === 'ready') return 'made';
  if (dead.length > 0) return 'dead letter';
  if (waiting.length > 0) return 'back on the queue';
  return !isScheduled && thrown.length > 0 ? 'the schedule failed, with an error' : null;
}

type Inspected = ReturnType<World['server']['inspectQueue']>;

function messagesOf(queue: Inspected): string[] {
  if (queue === undefined) return [];
  const { ready, delayed, inflight } = queue.messages;
  return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map((message) =>
    JSON.stringify(message),
  );
}

function ofCommand({ exitCodes, thrown }: Seen, stored: Stored | null): Fate | null {
  if (stored?.state.state === 'ready') return 'made';
  const [code] = exitCodes;
  if (code === null) return 'killed, and made by the next run';
  return code === 1 || thrown.length > 0 ? 'the command failed, with a message' : null;
}

/** No file is visible that was written by half, whether a state names it or not. */
function checkWhole(objects: ReadonlyMap<string, Buffer>, broken: string[]): void {
  for (const [key, bytes] of objects) {
    const text = bytes.toString('latin1').trimEnd();
    const isWhole = key.endsWith('.json')
      ? isJson(bytes)
      : key.endsWith('.html')
        ? text.endsWith('</html>')
        : key.endsWith('.pdf')
          ? text.startsWith('%PDF-') && text.endsWith('%%EOF')
          : bytes.length === 0;
    if (!isWhole) broken.push(`${key} is not whole: ${bytes.length} bytes`);
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/** Returns the state and, if it is ready, the report that it names. */
function readStored(objects: ReadonlyMap<string, Buffer>, broken: string[]): Stored | null {
  const states = [...objects].filter(([key]) => key.endsWith('/state.json'));
  if (states.length > 1) broken.push(`${states.length} states of one report`);
  const [state] = states.map(([, bytes]) => stateSchema.parse(JSON.parse(bytes.toString())));
  if (state === undefined) return null;
  if (state.state === 'failed' && !state.reason) broken.push('the state is failed without a reason');
  if (state.state !== 'ready') return { state, report: null as never };
  for (const { key, bytes } of state.files)
    if (objects.get(key)?.length !== bytes) broken.push(`${key} is missing or has another length`);
  const names = [
    ...state.files.map(({ name }) => name.split('.')[1]),
    ...state.missing.map(({ format }) => format),
  ];
  if (names.sort().join() !== [...state.formats].sort().join()) broken.push(`files: ${names.join()}`);
  if (state.missing.some(({ reason }) => reason === '')) broken.push('a file is missing without a reason');
  const json = state.files.find(({ name }) => name === 'report.json');
  const report = reportSchema.parse(JSON.parse(objects.get(json?.key ?? '')?.toString() ?? 'null')) as Report;
  const { verdict, score, complete } = report;
  if (
    !isDeepStrictEqual(
      [verdict, score, complete],
      [state.result?.verdict, state.result?.score, state.result?.complete],
    )
  )
    broken.push('the state says something else than the report');
  return { state, report };
}

const findingsOf = ({ findings }: Report) =>
  findings.map((finding) => {
    const { indicator, subject, severity } = finding as Report['findings'][number] & { subject: string };
    return `${indicator} ${subject} ${severity}`;
  });

/** A complete report has the verdict and findings of the clean one. An incomplete one names what it lacks. */
function checkHonest(report: Report, clean: Report, broken: string[]): void {
  const [found, expected] = [findingsOf(report), findingsOf(clean)];
  if (report.complete) {
    if (report.verdict !== clean.verdict) broken.push(`complete and ${report.verdict}, not ${clean.verdict}`);
    if (!isDeepStrictEqual(found.sort(), expected.sort()))
      broken.push(`complete with other findings: ${found.join('; ')}; expected ${expected.join('; ')}`);
    return;
  }
  if (report.verdict === 'healthy') broken.push('incomplete and healthy');
  if (report.score === 100) broken.push('incomplete with a score of 100');
  if (!namesReason(report)) broken.push('incomplete without a reason');
}

/** Whether an incomplete report says what is missing, in any of the places that docs/failures.md lists. */
function namesReason({ unanswered, indicators, warnings, coverage, survey }: Report): boolean {
  return (
    unanswered.length > 0 ||
    warnings.length > 0 ||
    !coverage.known ||
    survey === null ||
    indicators.some(
      ({ status, reason, missing }) =>
        ((status === 'failed' || status === 'no-data') && Boolean(reason ?? status)) ||
        (missing?.length ?? 0) > 0,
    )
  );
}

async function checkListed(store: Store, state: ReportState, broken: string[]): Promise<void> {
  const { reports } = await listedReports(store, null, { limit: 10 });
  if (reports.length > 1) broken.push('the list has one report twice');
  const [listed] = reports;
  if (listed && state.state !== 'ready') broken.push('the list has a report that is not ready');
  if (listed && listed.verdict !== state.result?.verdict) broken.push('the list has another verdict');
}

async function ofDigest(
  world: World,
  plan: Plan,
  { seen, broken }: { seen: Seen; broken: string[] },
): Promise<Outcome['digest']> {
  const mails =
    plan.mail === 'ses'
      ? world.ses.requests.map(({ recipients, raw }) => ({ to: recipients, raw }))
      : world.smtp.received;
  const copies = new Map<string, number>();
  for (const recipient of mails.flatMap(({ to }) => to))
    copies.set(recipient, (copies.get(recipient) ?? 0) + 1);
  const most = Math.max(0, ...copies.values());
  const ids = new Set<string | undefined>();
  for (const { raw } of mails) {
    const { subject = '', messageId } = await PostalMime.parse(raw);
    ids.add(messageId);
    // The recorded day has findings.
    if (/healthy|no problems/i.test(subject)) broken.push(`the digest is falsely healthy: ${subject}`);
  }
  if (ids.size > 1) broken.push('copies of a digest have different Message-IDs');
  checkCopies(world, plan, broken);
  if (seen.digest === 'sent' && most === 0) broken.push('sent, but nobody got it');
  if (seen.digest === 'failed' && seen.thrown.length === 0) broken.push('the digest failed without an error');
  if (most > 1) return 'sent again after a lost answer or an unrecorded success';
  if (seen.digest === 'sent' || seen.digest === 'sent-before') return 'sent once';
  return seen.digest === 'busy' ? 'claimed until later' : 'not sent, with an error';
}

/**
 * A digest is sent again only if the sender did not get the answer of the mail system, or could not record it
 * (docs/decisions/0008-digest.md).
 */
function checkCopies(world: World, { mail }: Plan, broken: string[]): void {
  const accepted = mail === 'smtp' ? world.acceptedMails() : acceptedBySes(world);
  const notes = world.proxies.s3.passed.filter(
    ({ method, path }) => method === 'PUT' && path.includes('/digests/'),
  );
  for (const [index, next] of accepted.slice(1).entries()) {
    const { at = 0, isLost = false } = accepted[index] ?? {};
    const between = notes.filter((note) => note.at > at && note.at < next.at);
    const isRecorded = between.some(
      ({ handled, body }) => handled === 200 && JSON.parse(body.toString()).accepted.length > 0,
    );
    const isExplained = isLost || (!isRecorded && between.some(({ fault }) => fault !== null));
    if (!isExplained) broken.push(`copy ${index + 2} of a digest that was sent and recorded`);
  }
}

function acceptedBySes({ proxies }: World): Acceptance[] {
  return proxies.ses.passed
    .filter(({ handled }) => handled === 200)
    .map(({ at, fault, isCutOff }) => {
      // After the status of an answer, the sender knows that SES accepted the message.
      const isLost = fault === null ? isCutOff : fault.do === 'cut' && fault.when === 'after';
      return { at, isLost };
    });
}

function checkSecrets(
  world: World,
  { seen, objects, broken }: { seen: Seen; objects: ReadonlyMap<string, Buffer>; broken: string[] },
): void {
  const { server, ses, smtp } = world;
  const places: [string, string][] = [
    ['the output', world.output()],
    ...[...objects].map(([key, bytes]): [string, string] => [key, bytes.toString()]),
    ...seen.thrown.map(({ message, stack }): [string, string] => ['an error', `${message} ${stack}`]),
    ...['reports', 'reports-dead-letter'].map((name): [string, string] => [
      `the queue ${name}`,
      messagesOf(server.inspectQueue(name)).join(),
    ]),
    ...[...ses.requests, ...smtp.received].map(({ raw }): [string, string] => ['a mail', raw.toString()]),
  ];
  const secrets = Object.fromEntries(Object.entries(SECRETS).map(([name, middle]) => [name, { middle }]));
  // Several errors and mails have the same place.
  for (const [place, text] of places) broken.push(...findSecrets(new Map([[place, text]]), secrets));
}

/** The state of a report after the next run of a command, which has no faults. */
export function checkRecovered(seen: Seen, stored: ReportState | null, broken: string[]): void {
  const code = seen.exitCodes.at(-1);
  if (code !== 0 || stored?.state !== 'ready')
    broken.push(
      `the next run ended with ${code} and left the report ${stored && effectiveState(stored, new Date()).state}: ${seen.thrown.at(-1)?.message ?? stored?.reason}`,
    );
}
