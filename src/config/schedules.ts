import type { Language } from '../model/indicator.ts';
import type { Format } from '../model/rendition.ts';
import { ConfigError } from './errors.ts';
import { checkTimeZone } from './period.ts';
import type { CalendarUnit, ConfigFile, ScheduleConfig } from './schema.ts';

/** When the service makes reports by itself, and of what. */
export type Schedule = {
  name: string;
  period: CalendarUnit;
  /** As EventBridge Scheduler takes it: `cron(minutes hours day month weekday year)`. */
  cron: string;
  /** In which `cron` is read. */
  timeZone: string;
  /** Names; all of them when undefined. */
  clusters: readonly string[] | undefined;
  language: Language | undefined;
  formats: readonly Format[] | undefined;
};

/** Before people come to work, and after midnight where the schedule's time zone is the clusters' own. */
const DEFAULT_TIME = '06:00';

const DEFAULT_SCHEDULES: readonly ScheduleConfig[] = [{ name: 'daily', period: 'day' }];

/**
 * The schedules of a configuration file; one for every day where it has none.
 * @throws ConfigError naming the key
 */
export function schedulesOf(file: ConfigFile): Schedule[] {
  const schedules = file.schedules ?? DEFAULT_SCHEDULES;
  const names = schedules.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new ConfigError(`schedules: "${repeated}" is listed twice`);
  return schedules.map((schedule) => scheduleOf(schedule, file));
}

function scheduleOf(schedule: ScheduleConfig, file: ConfigFile): Schedule {
  const key = `schedules.${schedule.name}`;
  const known = file.clusters?.map(({ name }) => name) ?? [];
  const unknown = schedule.clusters?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(`${key}.clusters: "${unknown}" is not among the clusters: ${known.join(', ')}`);
  return {
    name: schedule.name,
    period: schedule.period,
    cron: `cron(${cronFields(schedule, key)})`,
    timeZone: timeZoneOf(schedule, file, key),
    clusters: schedule.clusters,
    language: schedule.language,
    formats: schedule.formats,
  };
}

function cronFields({ period, at = DEFAULT_TIME, cron }: ScheduleConfig, key: string): string {
  if (cron !== undefined) return checkCron(cron, `${key}.cron`);
  const [hours, minutes] = at.split(':').map(Number);
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

function timeZoneOf(schedule: ScheduleConfig, file: ConfigFile, key: string): string {
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
function zoneOfClusters({ clusters: names }: ScheduleConfig, file: ConfigFile): string | undefined {
  const clusters = (file.clusters ?? []).filter(({ name }) => names === undefined || names.includes(name));
  const zones = new Set(clusters.map(({ timeZone = file.timeZone }) => timeZone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
