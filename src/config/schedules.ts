import type { OutputFormat } from '../report/formats.ts';
import type { Language } from '../report/model/indicator.ts';
import type { PeriodUnit } from '../report/model/period.ts';
import { findCronProblem } from './cron.ts';
import { ConfigError, type OnProblem, throwProblem, withFallback } from './errors.ts';
import { checkTimeZone } from './period.ts';
import type { ChannelConfig } from './schema/channels.ts';
import type { ConfigFile } from './schema/config.ts';
import type { ScheduleConfig, TimingConfig } from './schema/schedules.ts';
import { suggestion } from './suggest.ts';

/** When a schedule or digest is due, and for which clusters. */
export type Timing = {
  name: string;
  period: PeriodUnit;
  /** In the syntax of EventBridge Scheduler: `cron(minutes hours day month weekday year)`. */
  cron: string;
  /** The time zone of `cron`. */
  timeZone: string;
  /** Names; all clusters when undefined. */
  clusters: readonly string[] | undefined;
};

/** When the service makes reports automatically. */
export type Schedule = Timing & {
  language: Language | undefined;
  formats: readonly OutputFormat[] | undefined;
};

/** One message about the reports of a period. */
export type DigestSettings = Timing & {
  /** E-mail addresses; may be empty if there are channels. */
  to: readonly string[];
  channels: readonly ChannelConfig[];
  language: Language;
  /** Upper bound on the size of all attached PDFs together, before base64; 0: no PDFs. */
  attachBytes: number;
  replyTo: string | undefined;
  note: string | undefined;
};

/** Before people start work, and after midnight if the schedule uses the time zone of its clusters. */
const REPORT_TIME = '06:00';

/** An hour after the reports; with hundreds of clusters, five at a time, they take some minutes. */
const DIGEST_TIME = '07:00';

/** 6 MB become 8 MB in base64, plus the message; mail servers commonly accept 10 MB. */
const DEFAULT_ATTACH_MEGABYTES = 6;

const DEFAULT_SCHEDULES: readonly ScheduleConfig[] = [{ name: 'daily', period: 'day' }];

/**
 * Returns the schedules of a configuration file; a daily one when it has none.
 * @throws ConfigError that names the key
 */
export function schedulesOf(file: ConfigFile, onProblem: OnProblem = throwProblem): Schedule[] {
  const { schedules = DEFAULT_SCHEDULES } = file;
  checkNames(schedules, 'schedules', onProblem);
  return schedules.map((schedule) => ({
    ...resolveTiming(schedule, file, { kind: 'schedules', time: REPORT_TIME }, onProblem),
    language: schedule.language,
    formats: schedule.formats,
  }));
}

/**
 * Returns the digests of a configuration file.
 * @throws ConfigError that names the key
 */
export function digestsOf(file: ConfigFile, onProblem: OnProblem = throwProblem): DigestSettings[] {
  const { digests = [], mail, channels = [] } = file;
  checkNames(digests, 'digests', onProblem);
  checkNames(channels, 'channels', onProblem);
  if (digests.some(({ to }) => to !== undefined) && mail === undefined)
    onProblem('mail: give the sender of the digests (mail: { from: … })');
  if (file.address !== undefined && mail?.address !== undefined)
    onProblem('mail.address: give either this or address, not both');
  return digests.map((digest) => ({
    ...resolveTiming(digest, file, { kind: 'digests', time: DIGEST_TIME }, onProblem),
    to: [...new Set(digest.to)],
    channels: findChannels(digest, channels, onProblem),
    language: digest.language ?? file.language ?? 'en',
    attachBytes: digest.attachPdf ? (digest.attachMegabytes ?? DEFAULT_ATTACH_MEGABYTES) * 1_000_000 : 0,
    replyTo: digest.replyTo ?? mail?.replyTo,
    note: digest.note,
  }));
}

function findChannels(
  { name, channels: wanted = [] }: { name: string; channels?: string[] | undefined },
  channels: readonly ChannelConfig[],
  onProblem: OnProblem,
): ChannelConfig[] {
  const known = [...new Set(channels.map((channel) => channel.name))];
  return [...new Set(wanted)].flatMap((one) => {
    const found = channels.find((channel) => channel.name === one);
    if (!found)
      onProblem(`digests.${name}.channels: "${one}" is not one of the channels${suggestion(one, known)}`);
    return found ?? [];
  });
}

/** Returns the address of the HTTP API for the links of digests, without a slash at its end; null without one. */
export function linkAddressOf({ address, mail }: ConfigFile, otherwise?: string): string | null {
  return (address ?? mail?.address ?? otherwise)?.replace(/\/+$/, '') ?? null;
}

function checkNames(entries: readonly { name: string }[], key: string, onProblem: OnProblem): void {
  const names = entries.map(({ name }) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  for (const name of new Set(repeated)) onProblem(`${key}: "${name}" is listed twice`);
}

function resolveTiming(
  timing: TimingConfig,
  file: ConfigFile,
  { kind, time }: { kind: 'schedules' | 'digests'; time: string },
  onProblem: OnProblem,
): Timing {
  const key = `${kind}.${timing.name}`;
  const known = file.clusters?.map(({ name }) => name) ?? [];
  for (const name of timing.clusters ?? [])
    if (!known.includes(name))
      onProblem(`${key}.clusters: "${name}" is not one of the clusters${suggestion(name, known)}`);
  return {
    name: timing.name,
    period: timing.period,
    cron: `cron(${withFallback(() => cronFields(timing, time, key), '', onProblem)})`,
    timeZone: withFallback(() => timeZoneOf(timing, file, key), 'UTC', onProblem),
    clusters: timing.clusters,
  };
}

function cronFields({ period, at, cron }: TimingConfig, defaultTime: string, key: string): string {
  if (cron !== undefined) return checkCron(cron, `${key}.cron`);
  const [hours, minutes] = (at ?? defaultTime).split(':').map(Number);
  const days = { day: '* * ?', week: '? * MON', month: '1 * ?' }[period];
  return `${minutes} ${hours} ${days} *`;
}

function checkCron(cron: string, name: string): string {
  const problem = findCronProblem(cron);
  if (problem !== null) throw new ConfigError(`${name}: "${cron}" ${problem}`);
  return cron;
}

function timeZoneOf(timing: TimingConfig, file: ConfigFile, key: string): string {
  const name = timing.timeZone === undefined ? 'timeZone' : `${key}.timeZone`;
  const wanted = timing.timeZone ?? commonTimeZone(timing, file) ?? file.timeZone ?? 'UTC';
  const timeZone = checkTimeZone(wanted, name);
  // JavaScript accepts an offset as a time zone, EventBridge Scheduler does not.
  if (/^[+-]/.test(timeZone))
    throw new ConfigError(
      `${name}: schedules need the name of a time zone such as Asia/Shanghai, not the offset ${timeZone}`,
    );
  return timeZone;
}

/** Returns the time zone of the clusters if all have the same, so that a time such as 06:00 is their local time. */
function commonTimeZone({ clusters: names }: TimingConfig, file: ConfigFile): string | undefined {
  const clusters = (file.clusters ?? []).filter(({ name }) => names === undefined || names.includes(name));
  const zones = new Set(clusters.map(({ timeZone = file.timeZone }) => timeZone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
