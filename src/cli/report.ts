import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DeliveryError } from '../adapters/folder/report-folder.ts';
import { openSecretStores } from '../adapters/secrets/aws.ts';
import { parseDuration } from '../config/duration.ts';
import { ConfigError } from '../config/errors.ts';
import { configOfCluster } from '../config/file.ts';
import { readInput } from '../config/input.ts';
import { checkTimeZone, resolvePeriod } from '../config/period.ts';
import type { ReportConfig } from '../config/schema.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { openSource } from '../connect.ts';
import { INDICATORS } from '../report/catalog/indicators/index.ts';
import { type Capture, type CaptureSettings, openCapture, record } from '../report/gather/capture.ts';
import type { Source } from '../report/gather/source.ts';
import { GENERATOR } from '../report/generator.ts';
import { makeReport, makeReportFromCapture } from '../report/make-report.ts';
import type { Language, Severity } from '../report/model/indicator.ts';
import { isNothingSeen } from '../report/model/nothing-seen.ts';
import type { CalendarUnit } from '../report/model/period.ts';
import { calendarPeriod } from '../report/model/period.ts';
import type { OutputFormat, PageSize } from '../report/model/rendition.ts';
import type { Report } from '../report/model/report.ts';
import { captureOf } from '../service/jobs/captures.ts';
import { readConfigFile, settingsOfCluster } from './config-file.ts';
import { type ConnectionFlags, reachedBy } from './connection.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { bar } from './progress.ts';
import { writeReport } from './write.ts';

export type ReportFlags = ConnectionFlags & {
  cluster?: string;
  range?: string;
  last?: CalendarUnit;
  from?: string;
  to?: string;
  timeZone?: string;
  lang?: Language;
  format?: OutputFormat[];
  pageSize?: PageSize;
  out: string;
  chromium?: string;
  config?: string;
  capture?: string;
  fromCapture?: string;
  failOn?: Severity;
};

/** `antrea-health report`: from flags and configuration to files in a folder. */
export async function reportCommand(flags: ReportFlags, context: CommandContext): Promise<number> {
  const given = flags.fromCapture === undefined ? undefined : await readCapture(flags.fromCapture, context);
  const { cluster, settings } = await readSettings(flags, given?.settings);
  const capture = given ?? (flags.prometheus === undefined ? await captureOf(settings) : null);
  const report = capture
    ? await makeReportFromCapture(capture, {
        cluster: cluster ?? capture.settings.cluster,
        settings,
        generatedAt: new Date(),
      })
    : await reportFromPrometheus(cluster, settings, flags, context);
  await writeReport(report, { ...settings, out: flags.out, chromium: flags.chromium }, context);
  if (isNothingSeen(report)) {
    await writeAdvice(report, settings.language);
    return EXIT.failed;
  }
  return isReached(report, flags.failOn) ? EXIT.failOn : EXIT.done;
}

/**
 * The configuration with the flags on top: what is typed wins over what is written down, and that over what a capture
 * was recorded with.
 */
async function readSettings(
  flags: ReportFlags,
  recorded: CaptureSettings | undefined,
): Promise<{ cluster: string | undefined; settings: Settings }> {
  let cluster = flags.cluster ?? recorded?.cluster;
  let config: ReportConfig = {};
  let settings: Settings;
  if (flags.config === undefined) settings = resolveSettings(config, INDICATORS);
  else {
    const read = await readConfigFile(flags.config);
    ({ cluster, config } = configOfCluster(read.file, cluster, flags.config));
    settings = settingsOfCluster(read, cluster);
  }
  return {
    cluster,
    settings: {
      ...settings,
      timeZone: timeZoneOf(flags, config, recorded) ?? settings.timeZone,
      language: flags.lang ?? settings.language,
      formats: flags.format ?? settings.formats,
      pageSize: flags.pageSize ?? settings.pageSize,
      rangeSeconds: flags.range === undefined ? settings.rangeSeconds : parseDuration(flags.range, '--range'),
      prometheus: reachedBy(settings.prometheus, flags),
    },
  };
}

/** The first that is given; a capture's own only when nothing else is, so that --time-zone mends one nobody knows. */
function timeZoneOf(
  flags: ReportFlags,
  config: ReportConfig,
  recorded: CaptureSettings | undefined,
): string | undefined {
  if (flags.timeZone !== undefined) return checkTimeZone(flags.timeZone, '--time-zone');
  if (config.timeZone !== undefined || recorded === undefined) return undefined;
  return checkTimeZone(recorded.timeZone, `${basename(flags.fromCapture ?? '')} (use --time-zone)`);
}

/** What a report calls its cluster where the user gives no name, and the server has only one. */
const UNNAMED_CLUSTER = 'antrea';

async function reportFromPrometheus(
  cluster: string | undefined,
  settings: Settings,
  flags: ReportFlags,
  { environment, progress, signal }: CommandContext,
): Promise<Report> {
  const { prometheus, timeZone, rangeSeconds } = settings;
  if (cluster?.trim() === '') throw new ConfigError('--cluster: is empty; give the name of the cluster');
  if (prometheus.url === undefined)
    throw new ConfigError('--prometheus: say where Prometheus is, or give a capture with --from-capture');
  // It reaches back from the end; with a start given it would say nothing, and be ignored.
  if (flags.from !== undefined && flags.range !== undefined)
    throw new ConfigError('--range: cannot be given together with --from; give --to instead');
  const generatedAt = new Date();
  const period =
    flags.last === undefined
      ? resolvePeriod({ from: flags.from, to: flags.to, rangeSeconds, timeZone, now: generatedAt })
      : calendarPeriod(flags.last, timeZone, generatedAt);
  if (flags.capture !== undefined) await checkWritable(flags.capture);
  const client = await openSource(prometheus, { environment, secretStores: openSecretStores(), signal });
  try {
    progress.show(`${bar(0, 1)} asking Prometheus`);
    const recorder = flags.capture === undefined ? undefined : record(client);
    const source: Source = recorder?.source ?? client;
    const report = await makeReport(source, {
      cluster: cluster ?? UNNAMED_CLUSTER,
      ...(cluster === undefined ? { nameInServer: '' } : {}),
      period,
      settings,
      generatedAt,
      onProgress: (done, total) =>
        progress.show(`${bar(done, total)} asking Prometheus, ${done} of ${total}`),
    });
    if (recorder && flags.capture !== undefined) {
      const of: CaptureSettings = {
        cluster: cluster ?? UNNAMED_CLUSTER,
        period,
        timeZone,
        stepSeconds: settings.stepSeconds ?? null,
        scrapeIntervalSeconds: settings.scrapeIntervalSeconds ?? null,
        targetSettings: settings.targetSettings,
      };
      const bytes = await recorder.encode(of, generatedAt.toISOString(), GENERATOR.version);
      await writeFile(flags.capture, bytes).catch((error: NodeJS.ErrnoException) => {
        throw new DeliveryError(`--capture: cannot write ${flags.capture} (${error.code})`);
      });
    }
    return report;
  } finally {
    await client.close();
  }
}

/** Before anything is asked: a day's answers should not be lost to a misspelt folder. */
async function checkWritable(file: string): Promise<void> {
  const handle = await open(file, 'a').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`--capture: cannot write ${file} (${error.code})`);
  });
  await handle.close();
}

async function readCapture(file: string, { progress }: CommandContext): Promise<Capture> {
  progress.show('reading the capture');
  return openCapture(await readInput(file, '--from-capture'), basename(file));
}

/** A report of nothing is written, but nobody should take it for a quiet night. */
async function writeAdvice(report: Report, language: Language): Promise<void> {
  const { adviceText } = await import('../report/render/advice.ts');
  process.stderr.write(`antrea-health: ${adviceText(report, language).join('\n')}\n`);
}

function isReached({ verdict }: Report, failOn: Severity | undefined): boolean {
  if (failOn === undefined) return false;
  // What is not known may be as bad as anything.
  return verdict === 'critical' || verdict === 'unknown' || (failOn === 'warning' && verdict === 'warning');
}
