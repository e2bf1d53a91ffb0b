import type { OutputFormat } from '../report/formats.ts';
import type { Language } from '../report/model/indicator.ts';
import type { CalendarUnit } from '../report/model/period.ts';
import { ConfigError, noting } from './errors.ts';
import { checkTimeZone } from './period.ts';
import type { ConfigFile } from './schema/config.ts';
import type { DigestConfig, ScheduleConfig, TimingConfig } from './schema/schedules.ts';
import { suggestion } from './suggest.ts';

/** When something is due, and about which clusters. */
export type Timing = {
  name: string;
  period: CalendarUnit;
  /** As EventBridge Scheduler takes it: `cron(minutes hours day month weekday year)`. */
  cron: string;
  /** In which `cron` is read. */
  timeZone: string;
  /** Names; all of them when undefined. */
  clusters: readonly string[] | undefined;
};

/** When the service makes reports by itself, and of what. */
export type Schedule = Timing & {
  language: Language | undefined;
  formats: readonly OutputFormat[] | undefined;
};

/** A message about the reports of a period. */
export type DigestSettings = Timing & {
  to: readonly string[];
  language: Language;
  /** How much may be attached; 0: no PDFs. */
  attachBytes: number;
  replyTo: string | undefined;
  note: string | undefined;
};

/** Before people come to work, and after midnight where the schedule's time zone is the clusters' own. */
const REPORT_TIME = '06:00';

/** When the reports are made: with hundreds of clusters, five at a time, that takes some minutes. */
const DIGEST_TIME = '07:00';

/** In base64 it becomes eight, beside the message itself; mail servers commonly take ten. */
const DEFAULT_ATTACH_MEGABYTES = 6;

const DEFAULT_SCHEDULES: readonly ScheduleConfig[] = [{ name: 'daily', period: 'day' }];

/**
 * The schedules of a configuration file; one for every day where it has none.
 * @throws ConfigError naming the key
 */
export function schedulesOf(file: ConfigFile): Schedule[] {
  return orThrow((problems) => schedulesWith(problems, file));
}

/** The same, with every problem rather than the first, added to `problems`; with any, the result is not to be used. */
export function schedulesWith(problems: string[], file: ConfigFile): Schedule[] {
  const schedules = file.schedules ?? DEFAULT_SCHEDULES;
  checkNames(schedules, 'schedules', problems);
  return schedules.map((schedule) => ({
    ...timingOf(schedule, file, `schedules.${schedule.name}`, REPORT_TIME, problems),
    language: schedule.language,
    formats: schedule.formats,
  }));
}

/**
 * The digests of a configuration file, none where it says nothing of them.
 * @throws ConfigError naming the key
 */
export function digestsOf(file: ConfigFile): DigestSettings[] {
  return orThrow((problems) => digestsWith(problems, file));
}

/** The same, with every problem rather than the first, added to `problems`; with any, the result is not to be used. */
export function digestsWith(problems: string[], file: ConfigFile): DigestSettings[] {
  const digests: readonly DigestConfig[] = file.digests ?? [];
  checkNames(digests, 'digests', problems);
  if (digests.length > 0 && file.mail === undefined)
    problems.push('mail: say who sends the digests (mail: { from: … })');
  return digests.map((digest) => ({
    ...timingOf(digest, file, `digests.${digest.name}`, DIGEST_TIME, problems),
    to: [...new Set(digest.to)],
    language: digest.language ?? file.language ?? 'en',
    attachBytes: digest.attachPdf ? (digest.attachMegabytes ?? DEFAULT_ATTACH_MEGABYTES) * 1_000_000 : 0,
    replyTo: digest.replyTo ?? file.mail?.replyTo,
    note: digest.note,
  }));
}

function orThrow<T>(work: (problems: string[]) => T): T {
  const problems: string[] = [];
  const result = work(problems);
  if (problems[0] !== undefined) throw new ConfigError(problems[0]);
  return result;
}

function checkNames(all: readonly { name: string }[], key: string, problems: string[]): void {
  const names = all.map(({ name }) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  problems.push(...new Set(repeated.map((name) => `${key}: "${name}" is listed twice`)));
}

function timingOf(
  timing: TimingConfig,
  file: ConfigFile,
  key: string,
  time: string,
  problems: string[],
): Timing {
  const known = file.clusters?.map(({ name }) => name) ?? [];
  for (const name of timing.clusters ?? [])
    if (!known.includes(name))
      problems.push(`${key}.clusters: "${name}" is not among the clusters${suggestion(name, known)}`);
  return {
    name: timing.name,
    period: timing.period,
    cron: `cron(${noting(problems, () => cronFields(timing, time, key), '')})`,
    timeZone: noting(problems, () => timeZoneOf(timing, file, key), 'UTC'),
    clusters: timing.clusters,
  };
}

function cronFields({ period, at, cron }: TimingConfig, time: string, key: string): string {
  if (cron !== undefined) return checkCron(cron, `${key}.cron`);
  const [hours, minutes] = (at ?? time).split(':').map(Number);
  const days = { day: '* * ?', week: '? * MON', month: '1 * ?' }[period];
  return `${minutes} ${hours} ${days} *`;
}

/**
 * EventBridge Scheduler refuses a day of the month beside a day of the week, and none of both, but only when the stack
 * is half deployed; https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
function checkCron(cron: string, name: string): string {
  const [, , day, , weekday] = cron.split(' ');
  if ((day === '?') === (weekday === '?'))
    throw new ConfigError(`${name}: "${cron}" needs "?" in one of its third and fifth field (day, weekday)`);
  if (/[()]/.test(cron)) throw new ConfigError(`${name}: "${cron}" is to be written without cron( )`);
  return cron;
}

function timeZoneOf(schedule: TimingConfig, file: ConfigFile, key: string): string {
  const name = schedule.timeZone === undefined ? 'timeZone' : `${key}.timeZone`;
  const wanted = schedule.timeZone ?? zoneOfClusters(schedule, file) ?? file.timeZone ?? 'UTC';
  const timeZone = checkTimeZone(wanted, name);
  // JavaScript takes an offset for a time zone, EventBridge Scheduler does not.
  if (/^[+-]/.test(timeZone))
    throw new ConfigError(
      `${name}: schedules need a time zone of the IANA database such as Asia/Shanghai, not ${timeZone}`,
    );
  return timeZone;
}

/** The one that a schedule's clusters have in common: six in the morning is then theirs. */
function zoneOfClusters({ clusters: names }: TimingConfig, file: ConfigFile): string | undefined {
  const clusters = (file.clusters ?? []).filter(({ name }) => names === undefined || names.includes(name));
  const zones = new Set(clusters.map(({ timeZone = file.timeZone }) => timeZone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
