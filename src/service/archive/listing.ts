import type { OutputFormat } from '../../report/formats.ts';
import { fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import { VERDICTS } from '../../report/model/report.ts';
import type { ReportSummary } from '../../report/model/report-summary.ts';
import { clusterOfId, entriesOfAll, entriesOfCluster } from './address.ts';
import type { ReportState } from './state.ts';
import { isKey, type Store } from './store.ts';
import { readStoredId } from './stored-id.ts';

/**
 * The list of finished reports. An entry is an empty object whose key holds what a row of the list shows, so that a page
 * of fifty out of ten thousand reports is one request. Keys begin with the time left until a far future, since S3 lists
 * in ascending order and people want the newest first.
 */

/** 20 November 2286; ten digits until then. */
const FAR_FUTURE = 9_999_999_999;

export type ListedReport = ReportSummary & {
  id: string;
  /** The cluster's key, not its name. */
  cluster: string;
  language: Language;
  /** The formats that are stored. */
  formats: OutputFormat[];
};

export type Page = {
  reports: ListedReport[];
  /** The cursor of the next page; null at the end. */
  next: string | null;
};

const ENTRY =
  /^(\d{10})_([a-z0-9-]+)_(\d{1,10})_([a-z]+)_(\d{1,3})_(complete|incomplete|nothing)_(\d{1,6})_(\d{1,6})_([a-z-]+)(?:_(\d{1,6})_(\d{1,6}))?$/;

/** The prefix of entries whose periods end at this time; entries of later ends sort before it. */
const countdownTo = (end: number): string => String(FAR_FUTURE - end).padStart(10, '0');

function entryOf({ id, period, result, files }: ReportState): string {
  if (result === null) throw new RangeError('only a finished report is listed');
  const end = Date.parse(period.end) / 1000;
  const seconds = end - Date.parse(period.start) / 1000;
  const { verdict, score, complete, nothingSeen, critical, warning, silenced } = result;
  return [
    countdownTo(end),
    id,
    seconds,
    verdict,
    score,
    nothingSeen ? 'nothing' : complete ? 'complete' : 'incomplete',
    critical,
    warning,
    OUTPUT_FORMATS.filter((format) => files.some(({ name }) => name === fileName(format))).join('-') ||
      'none',
    ...(silenced === undefined ? [] : [silenced.critical, silenced.warning]),
  ].join('_');
}

/** Returns null for a key that is not an entry: another program's file, or an entry of a later version. */
function readEntry(entry: string): ListedReport | null {
  const [
    ,
    countdown,
    id = '',
    seconds,
    verdict,
    score,
    completeness,
    critical,
    warning,
    formats,
    ...silenced
  ] = ENTRY.exec(entry) ?? [];
  const parts = readStoredId(id);
  const known = VERDICTS.find((one) => one === verdict);
  if (known === undefined || parts === null) return null;
  const end = FAR_FUTURE - Number(countdown);
  return {
    id,
    cluster: parts.cluster,
    period: { start: end - Number(seconds), end },
    verdict: known,
    score: Number(score),
    complete: completeness === 'complete',
    ...(completeness === 'nothing' ? { nothingSeen: true } : {}),
    critical: Number(critical),
    warning: Number(warning),
    ...(silenced[0] === undefined
      ? {}
      : { silenced: { critical: Number(silenced[0]), warning: Number(silenced[1]) } }),
    language: parts.language,
    formats: OUTPUT_FORMATS.filter((format) => formats?.split('-').includes(format)),
  };
}

const prefixOf = (cluster: string | null) => (cluster === null ? entriesOfAll : entriesOfCluster(cluster));

/** Whether text is a cursor; other text must not become part of a key. */
export function isCursor(text: string): boolean {
  return isKey(text) && readEntry(text) !== null;
}

/** Returns what the list says about a finished report, from its state. */
export function listedOf(state: ReportState): ListedReport | null {
  return readEntry(entryOf(state));
}

/**
 * Adds a finished report to the list. Adding it again changes nothing, not even the entry's age, by which the bucket's
 * lifecycle rules expire it.
 */
export async function listReport(store: Store, state: ReportState): Promise<void> {
  const cluster = clusterOfId(state.id);
  const entry = entryOf(state);
  const kind = { contentType: 'application/octet-stream' };
  const nothing = new Uint8Array();
  await Promise.all(
    [null, cluster].map((of) => store.put(`${prefixOf(of)}${entry}`, nothing, kind, { absent: true })),
  );
}

/**
 * Returns the finished reports of one cluster (by its key) or of all (null), newest first.
 * @param options `after`: a cursor; `until`: the latest end of a period, Unix seconds
 */
export async function listedReports(
  store: Store,
  cluster: string | null,
  { limit, after, until }: { limit: number; after?: string | null; until?: number },
): Promise<Page> {
  const prefix = prefixOf(cluster);
  const { keys, more } = await store.list(prefix, {
    limit,
    ...(after || until !== undefined ? { startAfter: `${prefix}${after ?? countdownTo(until ?? 0)}` } : {}),
  });
  const entries = keys.map((key) => key.slice(prefix.length));
  return {
    reports: entries.map(readEntry).filter((report) => report !== null),
    next: more ? (entries.at(-1) ?? null) : null,
  };
}

/**
 * Returns the reports of a cluster's score history, newest first: those whose periods have the same length, since a
 * weekly report does not belong among daily ones. The length is that of `like`, else the most frequent one. A period
 * with reports in two languages appears twice.
 */
export function scoreHistoryOf(reports: readonly ListedReport[], like?: ListedReport): ListedReport[] {
  const groups = Map.groupBy(reports, lengthOf);
  if (like) return groups.get(lengthOf(like)) ?? [];
  const most = Math.max(...[...groups.values()].map((group) => group.length));
  // Among lengths that are equally frequent, the first has the latest report.
  return [...groups.values()].find((group) => group.length === most) ?? [];
}

/** Whether two periods count as equally long, such as two days or two months. */
export function hasSameLength(a: Pick<ListedReport, 'period'>, b: Pick<ListedReport, 'period'>): boolean {
  return lengthOf(a) === lengthOf(b);
}

/** Length in days, tolerating the hour by which clocks change; all months count as 30 days. */
function lengthOf({ period }: Pick<ListedReport, 'period'>): number {
  const seconds = period.end - period.start;
  const days = Math.round(seconds / 86_400);
  if (days >= 28 && days <= 31) return 30;
  return days > 0 && Math.abs(seconds - days * 86_400) <= 3600 ? days : seconds / 86_400;
}
