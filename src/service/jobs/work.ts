import { settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { Settings } from '../../config/settings.ts';
import type { Source } from '../../report/gather/source.ts';
import { withDeadline } from '../../report/gather/source-decorators.ts';
import { makeReport, makeReportFromCapture } from '../../report/make-report.ts';
import type { Report } from '../../report/model/report.ts';
import { summarize } from '../../report/model/report-summary.ts';
import type { Stage } from '../../report/model/stage.ts';
import { UserError } from '../../report/model/user-error.ts';
import type { Printer } from '../../report/render/print/pdf.ts';
import type { RenderedFile } from '../../report/render-report.ts';
import { renderReport } from '../../report/render-report.ts';
import { claimReport, failReport, finishReport } from '../archive/claims.ts';
import { storeFile } from '../archive/files.ts';
import { listReport } from '../archive/listing.ts';
import type { ReportState } from '../archive/state.ts';
import type { Store } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import { captureOf } from './captures.ts';
import { type Deadline, printerWithDeadline } from './deadline.ts';
import { CLAIM_SECONDS, type HeldClaim, holdClaim } from './hold-claim.ts';
import { isConsistent, type Job } from './job.ts';

/** Handles one job: claims its report, makes and stores it, and adds it to the list. */

export type WorkContext = {
  config: Config;
  store: Store;
  openSource: (
    settings: Settings['prometheus'],
    signal: AbortSignal,
  ) => Promise<Source & { close(): Promise<void> }>;
  openPrinter: () => Promise<Printer>;
  deadline: Deadline;
  /** Whether a queue delivers the job again after a failure. Otherwise every failure is final until it is asked for again. */
  isRetried: boolean;
  /** Gives the report up: its claim is released, and its state says so. */
  signal?: AbortSignal | undefined;
  /** Identifies this worker in its claims; unique. */
  token: string;
  now: () => Date;
};

export type StageSeconds = Partial<Record<Stage, number>>;

export type WorkOutcome =
  | { outcome: 'made'; state: ReportState; seconds: StageSeconds }
  /** It was made before. */
  | { outcome: 'ready' }
  /** Another worker is making it; if that one dies, the report is free at this time. */
  | { outcome: 'busy'; until: string }
  /** `final`: nothing tries it again by itself. */
  | { outcome: 'failed'; error: Error; final: boolean };

const INCONSISTENT =
  'the id of the job is that of another cluster, period or format; request the report again';

/**
 * Makes a job's report unless it exists. A failure is written into the report's state.
 * @throws StoreError or ClaimLost when the state cannot be written
 */
export async function work(job: Job, context: WorkContext): Promise<WorkOutcome> {
  const { store, token, now, isRetried } = context;
  // Its state is left alone, since it may be that of another cluster's report.
  if (!isConsistent(job)) return { outcome: 'failed', error: new UserError(INCONSISTENT), final: true };
  const claim = await claimReport(store, job, { token, seconds: CLAIM_SECONDS, now: now(), isRetried });
  if (claim.outcome === 'busy') return claim;
  if (claim.outcome === 'exhausted')
    return { outcome: 'failed', error: new Error(claim.reason), final: true };
  if (claim.outcome === 'ready') {
    // The worker that made it may have died before it added the report to the list.
    await listReport(store, claim.state);
    return { outcome: 'ready' };
  }
  const held = holdClaim(store, claim.claimed, now);
  const making = make(job, held, claim.claimed.state.attempt, context);
  const made = await untilAborted(making, context.signal).catch((error) => fail(error, held, context));
  // When this fails, the next delivery finds the report ready and adds it to the list.
  if (made.outcome === 'made') await listReport(store, made.state);
  return made;
}

/** Returns the result, or fails as soon as the signal is aborted; what is being made then ends by itself. */
async function untilAborted<T>(making: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new UserError('interrupted'));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([making, aborted]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function fail(
  error: unknown,
  held: HeldClaim,
  { store, now, isRetried }: WorkContext,
): Promise<WorkOutcome> {
  const claimed = await held.release();
  if (!(error instanceof Error)) throw error;
  // A wrong configuration stays wrong; everything else may work in a few minutes.
  const final = !isRetried || (error instanceof UserError && error.isUsage);
  try {
    const state = await failReport(store, claimed, { reason: error.message, final, now: now() });
    return { outcome: 'failed', error, final: state.state === 'failed' };
  } catch (unwritten) {
    const second = (unwritten as Error).message;
    throw new UserError(`${error.message} (and the state could not be written: ${second})`, { cause: error });
  }
}

async function make(job: Job, held: HeldClaim, attempt: number, context: WorkContext): Promise<WorkOutcome> {
  const { store, config, now } = context;
  const settings = settingsOf(config, job.cluster);
  const clock = stageClock(now);
  const report = await gatherAndAssess(job, settings, context, clock.begin);
  const { files, missing } = await render(job, report, context, clock.begin);
  clock.begin('deliver');
  const stored = await Promise.all(files.map((file) => storeFile(store, { id: job.id, attempt }, file)));
  const { period: _, ...result } = summarize(report);
  const claimed = await held.release();
  const state = await finishReport(store, claimed, { files: stored, missing, result }, now());
  return { outcome: 'made', state, seconds: clock.end() };
}

async function gatherAndAssess(
  job: Job,
  settings: Settings,
  { openSource, deadline, now, signal }: WorkContext,
  onStage: (stage: Stage) => void,
): Promise<Report> {
  const id = readStoredId(job.id)?.report;
  const request = { id, cluster: job.cluster, generatedAt: now(), onStage };
  const capture = await captureOf(settings);
  if (capture !== null) return makeReportFromCapture(capture, { ...request, settings: settings.report });
  const period = { start: Date.parse(job.period.start) / 1000, end: Date.parse(job.period.end) / 1000 };
  const signals = [deadline.signalForGathering(), ...(signal ? [signal] : [])];
  const source = await openSource(settings.prometheus, AbortSignal.any(signals));
  try {
    return await makeReport(withDeadline(source), { ...request, period, settings: settings.report });
  } finally {
    await source.close();
  }
}

async function render(
  { language, formats, pageSize }: Job,
  report: Report,
  { openPrinter, deadline, signal }: WorkContext,
  onStage: (stage: Stage) => void,
): Promise<{ files: RenderedFile[]; missing: ReportState['missing'] }> {
  signal?.throwIfAborted();
  const printer = printerWithDeadline(openPrinter, deadline);
  const stopPrinting = () => void printer.close();
  signal?.addEventListener('abort', stopPrinting);
  try {
    const { files, failures } = await renderReport(report, {
      language,
      formats,
      pageSize,
      openPrinter: async () => printer,
      onStage,
    });
    return { files, missing: failures.map(({ format, error }) => ({ format, reason: error.message })) };
  } finally {
    signal?.removeEventListener('abort', stopPrinting);
    await printer.close();
  }
}

/** Measures how long each stage takes, in seconds. */
function stageClock(now: () => Date): { begin(stage: Stage): void; end(): StageSeconds } {
  const seconds: StageSeconds = {};
  let running: { stage: Stage; since: number } | undefined;
  const stop = () => {
    if (running) seconds[running.stage] = (now().getTime() - running.since) / 1000;
    running = undefined;
  };
  return {
    begin(stage) {
      stop();
      running = { stage, since: now().getTime() };
    },
    end() {
      stop();
      return seconds;
    },
  };
}
