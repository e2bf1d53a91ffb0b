import pLimit from 'p-limit';
import { clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { DigestSettings } from '../../config/schedules.ts';
import type { Settings } from '../../config/settings.ts';
import { fileName, type OutputFormat } from '../../report/formats.ts';
import { clusterKey } from '../../report/model/cluster-key.ts';
import type { CalendarUnit, Period } from '../../report/model/period.ts';
import { calendarPeriod } from '../../report/model/period.ts';
import type { Report } from '../../report/model/report.ts';
import { readStoredReport } from '../../report/model/stored-report.ts';
import { runsOut } from '../../report/render/sections/capacity/view.ts';
import { reportId } from '../../report/report-id.ts';
import { readState, statesOfPeriod } from '../archive/claims.ts';
import { courseOf, type ListedReport, listedOf, listedReports } from '../archive/listing.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import { type Store, StoreError } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import { recordedPeriod } from '../jobs/captures.ts';
import type { Digest, DigestAttachment, DigestCluster, DigestPoint } from './digest.ts';

/** What a digest says, read from the archive. Nothing that is not there is taken for health. */

/** S3 answers thousands at once; sockets and memory are what is scarce here. */
const CLUSTERS_AT_ONCE = 16;

/** How far back the reports of one length are looked for, others in between. */
const LOOKED_AT = 100;

/**
 * So soon after a cluster's midnight the reports were asked for before it, and are of the period before: the schedule at
 * 06:00 and the digest at 07:00 UTC have the midnight of Denver or Los Angeles between them.
 */
const GRACE_SECONDS = 3 * 3600;

/** How many points a course has. */
const COURSE = 30;

export type DigestRequest = {
  config: Config;
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
    const own = { name, key: clusterKey(name), settings };
    let period = recorded ?? calendarPeriod(digest.period, settings.report.timeZone, at);
    let there = await lookUp(own, period, request);
    const justEnded = at.getTime() / 1000 - period.end < GRACE_SECONDS;
    if (there.reports.length === 0 && there.states.length === 0 && justEnded && !recorded) {
      period = periodBefore(digest.period, settings.report.timeZone, period);
      there = await lookUp(own, period, request);
    }
    place = { name, timeZone: settings.report.timeZone, period };
    const [found] = there.reports;
    if (found === undefined)
      return { cluster: { ...place, ...whyNot(own.key, there.states, request) }, pdf: null };
    const before = recorded ? null : periodBefore(digest.period, settings.report.timeZone, period);
    const [earlier] = before ? suitable(there.listed, before, own, digest) : [];
    const { report, pdf } = await readReport(found, name, request.store);
    const cluster: DigestCluster = {
      ...place,
      state: 'reported',
      report,
      change: earlier && !earlier.nothingSeen ? found.score - earlier.score : null,
      course: onePerPeriod(courseOf(there.listed, found)).slice(0, COURSE).filter(isScored).map(pointOf),
      links: linksOf(found, request.address),
    };
    return { cluster, pdf };
  } catch (error) {
    // When the store does not answer nothing is known of anybody: that is no digest, and is tried again.
    if (error instanceof StoreError) throw error;
    // One that cannot be read must not cost the others theirs.
    const reason = error instanceof Error ? error.message : String(error);
    return { cluster: { ...place, state: 'missing', reason, link: null }, pdf: null };
  }
}

type OwnCluster = { name: string; key: string; settings: Settings };

type Found = {
  /** Of this cluster, up to the period's end. */
  listed: readonly ListedReport[];
  /** Of the period, the most suitable first. */
  reports: readonly ListedReport[];
  /** Of the period, where nothing is finished. */
  states: readonly ReportState[];
};

async function lookUp(own: OwnCluster, period: Period, { store, digest }: DigestRequest): Promise<Found> {
  const { reports: listed } = await listedReports(store, own.key, { limit: LOOKED_AT, until: period.end });
  const reports = suitable(listed, period, own, digest);
  if (reports.length > 0) return { listed, reports, states: [] };
  const states = await statesOfPeriod(store, own.key, period);
  // Whoever made it died before it was on the list.
  const unlisted = states.filter(({ state }) => state === 'ready').flatMap((state) => listedOf(state) ?? []);
  return { listed: [...unlisted, ...listed], reports: suitable(unlisted, period, own, digest), states };
}

/**
 * The reports of a period, the one first that the digest is about: made by the present configuration and not by an
 * older one, whose thresholds may have called healthy what is not; and in the digest's language, else the cluster's.
 */
function suitable(
  reports: readonly ListedReport[],
  period: Period,
  { name, settings }: OwnCluster,
  digest: DigestSettings,
): ListedReport[] {
  const present = reportId({ cluster: name, period, settings: settings.report });
  const weight = ({ id, language }: ListedReport) =>
    (readStoredId(id)?.report === present ? 4 : 0) +
    (language === digest.language ? 2 : 0) +
    (language === settings.rendition.language ? 1 : 0);
  return reports
    .filter((one) => one.period.start === period.start && one.period.end === period.end)
    .sort((one, other) => weight(other) - weight(one));
}

function periodBefore(unit: CalendarUnit, timeZone: string, { start }: Period): Period {
  return calendarPeriod(unit, timeZone, new Date(start * 1000));
}

/** What became of a report that is not finished. */
function whyNot(
  key: string,
  [last]: readonly ReportState[],
  { now, address }: DigestRequest,
): { state: 'failed' | 'under-way' | 'missing'; reason: string | null; link: string | null } {
  if (!last) return { state: 'missing', reason: null, link: null };
  const { state, reason } = effectiveState(last, now);
  const link = address === null ? null : `${address}/reports/${key}/${last.id}`;
  return { state: state === 'failed' ? 'failed' : 'under-way', reason, link };
}

/** With what the digest tells alone: all tables and charts of five hundred reports are more than a function's memory holds. */
async function readReport(
  { id }: ListedReport,
  cluster: string,
  store: Store,
): Promise<{ report: Report; pdf: StoredPdf | null }> {
  const state = await readState(store, id);
  const file = state?.state.files.find(({ name }) => name === fileName('json'));
  const object = file && (await store.get(file.key));
  if (!object) throw new Error(`the report ${id} is not in the store any more`);
  const report = readJson(object.bytes, id);
  const indicators = report.indicators.map((indicator) => ({ ...indicator, series: [], envelope: null }));
  const pdf = state?.state.files.find(({ name }) => name === fileName('pdf'));
  return {
    report: {
      ...report,
      indicators,
      metrics: null,
      capacity: report.capacity.filter(runsOut),
      calendar: null,
    },
    pdf: pdf ? { cluster, name: `${id}.pdf`, bytes: pdf.bytes, key: pdf.key } : null,
  };
}

/** The same in two languages is one point. */
function onePerPeriod(reports: readonly ListedReport[]): ListedReport[] {
  return [...Map.groupBy(reports, ({ period }) => period.end).values()].flatMap((same) => same.slice(0, 1));
}

function readJson(bytes: Uint8Array, id: string): Report {
  try {
    return readStoredReport(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new Error(`the report.json of ${id} is damaged, or of another version`, { cause: error });
  }
}

/** A score of nothing is no point of a course. */
function isScored({ nothingSeen }: ListedReport): boolean {
  return !nothingSeen;
}

function pointOf({ period, verdict, score, complete }: ListedReport): DigestPoint {
  return { end: period.end, verdict, score, complete };
}

function linksOf(
  { cluster, id, formats }: ListedReport,
  address: string | null,
): Partial<Record<OutputFormat, string>> {
  if (address === null) return {};
  return Object.fromEntries(
    formats.map((format) => [format, `${address}/reports/${cluster}/${id}/report.${format}`]),
  );
}
