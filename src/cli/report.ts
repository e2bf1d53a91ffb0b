import { basename } from 'node:path';
import { configOfCluster, settingsOf } from '../config/clusters.ts';
import { parseDuration } from '../config/duration.ts';
import { ConfigError } from '../config/errors.ts';
import { readConfigFile } from '../config/file.ts';
import { openInput } from '../config/input.ts';
import { checkTimeZone, resolvePeriod } from '../config/period.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { openSource } from '../connect/source.ts';
import type { Capture, CaptureSettings } from '../report/gather/capture/format.ts';
import { openCapture } from '../report/gather/capture/open.ts';
import { type Recorder, record } from '../report/gather/capture/record.ts';
import { GENERATOR } from '../report/generator.ts';
import { type MakeReportOptions, makeReport, makeReportFromCapture } from '../report/make-report.ts';
import type { Language, Severity } from '../report/model/indicator.ts';
import { isNothingSeen } from '../report/model/nothing-seen.ts';
import { lastPeriod, type Period, type PeriodUnit } from '../report/model/period.ts';
import type { Report } from '../report/model/report.ts';
import { UserError } from '../report/model/user-error.ts';
import { visible } from '../report/model/visible-text.ts';
import { captureOf } from '../service/jobs/captures.ts';
import { type CaptureFile, createCaptureFile } from './capture-file.ts';
import { overrideConnection } from './connection.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ConnectionFlags, RenditionFlags } from './options.ts';
import { progressBar } from './progress.ts';
import { printMessage } from './terminal.ts';
import { writeReport } from './write.ts';

export type ReportFlags = ConnectionFlags &
  RenditionFlags & {
    config?: string | undefined;
    cluster?: string | undefined;
    range?: string | undefined;
    last?: PeriodUnit | undefined;
    from?: string | undefined;
    to?: string | undefined;
    timeZone?: string | undefined;
    capture?: string | undefined;
    fromCapture?: string | undefined;
    failOn?: Severity | undefined;
  };

/** `antrea-health report`: makes a report and writes its files into a folder. */
export async function reportCommand(flags: ReportFlags, context: CommandContext): Promise<number> {
  const fromCapture =
    flags.fromCapture === undefined ? undefined : await readCapture(flags.fromCapture, context);
  const { cluster, settings } = await readSettings(flags, fromCapture?.settings);
  const capture = fromCapture ?? (flags.prometheus === undefined ? await captureOf(settings) : null);
  const { report, captureError } = capture
    ? await makeReportAgain(capture, cluster, settings)
    : await makeReportFromPrometheus(cluster, settings, flags, context);
  // The report is written even if its capture could not be.
  if (captureError) {
    context.progress.clear();
    printMessage(captureError.message);
  }
  await writeReport(report, settings.rendition, flags, context);
  if (isNothingSeen(report)) {
    await printAdvice(report, settings.rendition.language);
    return EXIT.failed;
  }
  if (captureError) return EXIT.failed;
  return isAtLeast(report, flags.failOn) ? EXIT.failOn : EXIT.done;
}

/** Returns the configuration overridden by the flags. Cluster and time zone of a capture apply when neither sets them. */
async function readSettings(
  flags: ReportFlags,
  recorded: CaptureSettings | undefined,
): Promise<{ cluster: string | undefined; settings: Settings }> {
  const wanted = flags.cluster ?? recorded?.cluster;
  const config = flags.config === undefined ? null : await readConfigFile(flags.config);
  const chosen = config && configOfCluster(config, wanted);
  const settings = config ? settingsOf(config, chosen?.cluster) : resolveSettings({});
  const { report, rendition } = settings;
  const recordedZone = chosen?.config.timeZone === undefined ? recorded?.timeZone : undefined;
  return {
    cluster: chosen ? chosen.cluster : wanted,
    settings: {
      report: { ...report, timeZone: chooseTimeZone(flags, recordedZone) ?? report.timeZone },
      rendition: {
        language: flags.lang ?? rendition.language,
        formats: flags.format ?? rendition.formats,
        pageSize: flags.pageSize ?? rendition.pageSize,
      },
      rangeSeconds: flags.range === undefined ? settings.rangeSeconds : parseDuration(flags.range, '--range'),
      prometheus: overrideConnection(settings.prometheus, flags),
    },
  };
}

/** The time zone of a capture is checked only when --time-zone does not replace it, so that the option can correct it. */
function chooseTimeZone(flags: ReportFlags, recorded: string | undefined): string | undefined {
  if (flags.timeZone !== undefined) return checkTimeZone(flags.timeZone, '--time-zone');
  if (recorded === undefined) return undefined;
  return checkTimeZone(recorded, `${basename(flags.fromCapture ?? '')} (use --time-zone)`);
}

async function makeReportAgain(
  capture: Capture,
  cluster: string | undefined,
  settings: Settings,
): Promise<MadeReport> {
  const report = await makeReportFromCapture(capture, {
    cluster: cluster ?? capture.settings.cluster,
    settings: settings.report,
    generatedAt: new Date(),
  });
  return { report };
}

/** The cluster's name in the report when the user gives no name and the server has only one cluster. */
const UNNAMED_CLUSTER = 'antrea';

/** `captureError`: why there is no capture of it. */
type MadeReport = { report: Report; captureError?: UserError | undefined };

async function makeReportFromPrometheus(
  cluster: string | undefined,
  settings: Settings,
  flags: ReportFlags,
  context: CommandContext,
): Promise<MadeReport> {
  if (cluster?.trim() === '') throw new ConfigError('--cluster: is empty; give the name of the cluster');
  if (settings.prometheus.url === undefined)
    throw new ConfigError('--prometheus: give the address of Prometheus, or a capture with --from-capture');
  const generatedAt = new Date();
  const request = {
    cluster: cluster ?? UNNAMED_CLUSTER,
    nameInServer: cluster === undefined ? '' : undefined,
    period: choosePeriod(flags, settings, generatedAt),
    settings: settings.report,
    generatedAt,
  };
  const file = flags.capture === undefined ? undefined : await createCaptureFile(flags.capture);
  try {
    const client = await openSource(
      settings.prometheus,
      openSecretSources(context.environment),
      context.signal,
    );
    try {
      if (file === undefined) return { report: await makeReport(client, withProgress(request, context)) };
      const recorder = record(client, { ...recordOptions(request), write: file.write });
      const report = await makeReport(recorder.source, withProgress(request, context));
      return { report, captureError: await complete(recorder, file) };
    } finally {
      await client.close();
    }
  } finally {
    await file?.discard();
  }
}

type LiveRequest = Omit<MakeReportOptions, 'onProgress'>;

function withProgress(request: LiveRequest, { progress }: CommandContext): MakeReportOptions {
  progress.show(`${progressBar(0, 1)} querying Prometheus`);
  return {
    ...request,
    onProgress: (done, total) =>
      progress.show(`${progressBar(done, total)} querying Prometheus, ${done} of ${total}`),
  };
}

function recordOptions({ cluster, period, settings, generatedAt }: LiveRequest) {
  const { timeZone, stepSeconds = null, scrapeIntervalSeconds = null, targetSettings } = settings;
  return {
    settings: { cluster, period, timeZone, stepSeconds, scrapeIntervalSeconds, targetSettings },
    recordedAt: generatedAt.toISOString(),
    generatorVersion: GENERATOR.version,
  };
}

/** Completes the capture, and returns the error if it cannot be written. */
async function complete(recorder: Recorder, file: CaptureFile): Promise<UserError | undefined> {
  try {
    await recorder.finish();
    await file.commit();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function choosePeriod(flags: ReportFlags, { report, rangeSeconds }: Settings, now: Date): Period {
  const { from, to, last, range } = flags;
  // A range counts back from the end; together with a start it would be ignored.
  if (from !== undefined && range !== undefined)
    throw new ConfigError('--range: cannot be used together with --from; use --to instead');
  const { timeZone } = report;
  return last === undefined
    ? resolvePeriod({ from, to, rangeSeconds, timeZone, now })
    : lastPeriod(last, timeZone, now);
}

async function readCapture(file: string, { progress }: CommandContext): Promise<Capture> {
  progress.show('reading the capture');
  return openCapture(await openInput(file, '--from-capture'), basename(file));
}

/** Explains a report without targets, so that nobody mistakes it for one without problems. */
async function printAdvice(report: Report, language: Language): Promise<void> {
  const { adviceText } = await import('../report/render/advice.ts');
  process.stderr.write(`antrea-health: ${visible(adviceText(report, language).join('\n'))}\n`);
}

/** An unknown verdict counts as critical, because the cluster may be in any state. */
function isAtLeast({ verdict }: Report, failOn: Severity | undefined): boolean {
  if (failOn === undefined) return false;
  return verdict === 'critical' || verdict === 'unknown' || (failOn === 'warning' && verdict === 'warning');
}
