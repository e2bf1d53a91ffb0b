import pLimit from 'p-limit';
import { dayFolder } from '../../archive/address.ts';
import { readState } from '../../archive/claims.ts';
import { courseOf, type ListedReport, listedReports } from '../../archive/listing.ts';
import { effectiveState, type ReportState } from '../../archive/state.ts';
import { calendarPeriod } from '../../config/calendar.ts';
import type { Period } from '../../config/period.ts';
import type { DigestSettings } from '../../config/schedules.ts';
import type { Store } from '../../deliver/store.ts';
import type { CalendarUnit } from '../../model/calendar-unit.ts';
import { clusterKey } from '../../model/cluster-key.ts';
import type { Format } from '../../model/rendition.ts';
import { type Report, reportSchema } from '../../model/report.ts';
import { readStoredId } from '../../model/stored-id.ts';
import type { Digest, DigestAttachment, DigestCluster, DigestPoint } from '../../render/digest-data.ts';
import { recordedPeriod } from '../captures.ts';
import { clustersOf, type ServiceConfig, settingsOf } from '../clusters.ts';

/** What a digest says, read from the archive. Nothing that is not there is taken for health. */

/** S3 answers thousands at once; sockets and memory are what is scarce here. */
const CLUSTERS_AT_ONCE = 16;

/** How far back the reports of one length are looked for, others in between. */
const LOOKED_AT = 100;

/** How many points a course has. */
const COURSE = 30;

export type DigestRequest = {
  config: ServiceConfig;
  store: Store;
  digest: DigestSettings;
  /** When the digest was due: its period is the last whole one before. */
  at: Date;
  now: Date;
  /** Where the HTTP API is reached; null: links cannot be given. */
  address: string | null;
};

/** A PDF that may be attached, and where it lies. */
export type StoredPdf = DigestAttachment & { key: string };

/** What there is to say, and the PDFs that may go with it, worst first. */
export type Collected = { digest: Omit<Digest, 'attached' | 'leftOut'>; pdfs: StoredPdf[] };

/** The digest's own period: of the calendar in its time zone. */
export function periodOf(digest: DigestSettings, at: Date): Period {
  return calendarPeriod(digest.period, digest.timeZone, at);
}

export async function collectDigest(request: DigestRequest): Promise<Collected> {
  const { config, digest, at, address } = request;
  const names = digest.clusters ?? clustersOf(config).map(({ name }) => name);
  const collected = await pLimit(CLUSTERS_AT_ONCE).map(names, (name) => collectCluster(name, request));
  const said = {
    language: digest.language,
    unit: digest.period,
    timeZone: digest.timeZone,
    period: periodOf(digest, at),
    clusters: collected.map(({ cluster }) => cluster),
    listLink: address === null ? null : `${address}/reports`,
    note: digest.note ?? null,
  };
  const pdfs = collected.toSorted(worstFirst).flatMap(({ pdf }) => pdf ?? []);
  return { digest: said, pdfs };
}

type CollectedCluster = { cluster: DigestCluster; pdf: StoredPdf | null };

const VERDICTS_BY_WEIGHT = ['critical', 'warning', 'unknown', 'healthy'];

function worstFirst(a: CollectedCluster, b: CollectedCluster): number {
  const [one, other] = [a, b].map(({ cluster }) => (cluster.state === 'reported' ? cluster.report : null));
  if (!one || !other) return Number(!other) - Number(!one);
  const [weight, otherWeight] = [one, other].map(({ verdict }) => VERDICTS_BY_WEIGHT.indexOf(verdict));
  return (weight ?? 0) - (otherWeight ?? 0) || one.score - other.score;
}

async function collectCluster(name: string, request: DigestRequest): Promise<CollectedCluster> {
  const { config, digest, at } = request;
  // Without its settings there is no calendar of its own to go by.
  let place = { name, timeZone: digest.timeZone, period: periodOf(digest, at) };
  try {
    const settings = settingsOf(config, name);
    const recorded = await recordedPeriod(settings);
    const period = recorded ?? calendarPeriod(digest.period, settings.timeZone, at);
    place = { name, timeZone: settings.timeZone, period };
    const key = clusterKey(name);
    const { reports } = await listedReports(request.store, key, { limit: LOOKED_AT });
    const languages = [digest.language, settings.language];
    const found = reportOf(reports, period, languages);
    if (found === undefined)
      return { cluster: { ...place, ...(await whyNot(key, period, request)) }, pdf: null };
    const before = recorded ? null : periodBefore(digest.period, settings.timeZone, period);
    const earlier = before && reportOf(reports, before, languages);
    const { report, pdf } = await readReport(found, name, request.store);
    const cluster: DigestCluster = {
      ...place,
      state: 'reported',
      report,
      change: earlier ? found.score - earlier.score : null,
      course: onePerPeriod(courseOf(reports, found)).slice(0, COURSE).map(pointOf),
      links: linksOf(found, request.address),
    };
    return { cluster, pdf };
  } catch (error) {
    // One that cannot be read must not cost the others their digest.
    const reason = error instanceof Error ? error.message : String(error);
    return { cluster: { ...place, state: 'missing', reason, link: null }, pdf: null };
  }
}

/** The report of a period, in the first of the languages that it is there in. */
function reportOf(
  reports: readonly ListedReport[],
  { start, end }: Period,
  languages: readonly string[],
): ListedReport | undefined {
  const own = reports.filter(({ period }) => period.start === start && period.end === end);
  for (const wanted of languages) {
    const found = own.find(({ language }) => language === wanted);
    if (found) return found;
  }
  return own[0];
}

function periodBefore(unit: CalendarUnit, timeZone: string, { start }: Period): Period {
  return calendarPeriod(unit, timeZone, new Date(start * 1000));
}

/** What became of a report that is not on the list: its state says so, whatever its id. */
async function whyNot(
  key: string,
  period: Period,
  { store, now, address }: DigestRequest,
): Promise<{ state: 'failed' | 'under-way' | 'missing'; reason: string | null; link: string | null }> {
  const { keys } = await store.list(`${dayFolder(key, period.end)}/`);
  const ids = new Set(keys.map((path) => path.split('/')[5] ?? ''));
  const states: ReportState[] = [];
  for (const id of ids) {
    if (readStoredId(id)?.end !== period.end) continue;
    const known = await readState(store, id);
    if (known && Date.parse(known.state.period.start) / 1000 === period.start) states.push(known.state);
  }
  const [last] = states.sort((a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt));
  if (!last) return { state: 'missing', reason: null, link: null };
  const { state, reason } = effectiveState(last, now);
  const link = address === null ? null : `${address}/reports/${key}/${last.id}`;
  return { state: state === 'failed' ? 'failed' : 'under-way', reason, link };
}

/** Without the points of its charts, of which five hundred reports are more than a function's memory holds. */
async function readReport(
  { id }: ListedReport,
  cluster: string,
  store: Store,
): Promise<{ report: Report; pdf: StoredPdf | null }> {
  const state = await readState(store, id);
  const file = state?.state.files.find(({ name }) => name === 'report.json');
  const object = file && (await store.get(file.key));
  if (!object) throw new Error(`the report ${id} is not in the store any more`);
  const report = reportSchema.parse(JSON.parse(new TextDecoder().decode(object.bytes)));
  const indicators = report.indicators.map((indicator) => ({ ...indicator, series: [], envelope: null }));
  const pdf = state?.state.files.find(({ name }) => name === 'report.pdf');
  return {
    report: { ...report, indicators, metrics: null },
    pdf: pdf ? { cluster, name: `${id}.pdf`, bytes: pdf.bytes, key: pdf.key } : null,
  };
}

/** The same in two languages is one point. */
function onePerPeriod(reports: readonly ListedReport[]): ListedReport[] {
  return [...Map.groupBy(reports, ({ period }) => period.end).values()].flatMap((same) => same.slice(0, 1));
}

function pointOf({ period, verdict, score, complete }: ListedReport): DigestPoint {
  return { end: period.end, verdict, score, complete };
}

function linksOf(
  { cluster, id, formats }: ListedReport,
  address: string | null,
): Partial<Record<Format, string>> {
  if (address === null) return {};
  return Object.fromEntries(
    formats.map((format) => [format, `${address}/reports/${cluster}/${id}/report.${format}`]),
  );
}
