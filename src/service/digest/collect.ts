import pLimit from 'p-limit';
import { clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import type { DigestSettings } from '../../config/schedules.ts';
import type { Settings } from '../../config/settings.ts';
import { fileName } from '../../report/formats.ts';
import { runsOut } from '../../report/model/capacity.ts';
import { clusterKey } from '../../report/model/cluster-key.ts';
import { lastPeriod, type Period } from '../../report/model/period.ts';
import type { Report } from '../../report/model/report.ts';
import { parseStoredReport } from '../../report/model/stored-report.ts';
import { reportId } from '../../report/report-id.ts';
import { readState, statesOfPeriod } from '../archive/claims.ts';
import { type ListedReport, listedOf, listedReports, scoreHistoryOf } from '../archive/listing.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import { type Store, StoreError } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import { recordedPeriod } from '../jobs/captures.ts';
import type { Digest, DigestAttachment, DigestCluster, ReportedCluster, ScorePoint } from './digest.ts';

/** Collects the content of a digest from the archive. */

/** Bounds the sockets and the memory that a function needs; S3 itself answers thousands of requests at once. */
const CLUSTERS_AT_ONCE = 16;

/** Maximum number of reports to read per cluster, newest first, to find those with the digest's length of period. */
const MOST_LISTED = 100;

/**
 * For this long after a cluster's midnight, its reports may still be those of the period before: with reports at 06:00
 * UTC and the digest at 07:00, the midnight of Denver or Los Angeles lies between them.
 */
const GRACE_SECONDS = 3 * 3600;

/** Number of points of a score history. */
const HISTORY_POINTS = 30;

export type DigestRequest = {
  config: Config;
  store: Store;
  digest: DigestSettings;
  /** When the digest was due. Its period is the last complete one before. */
  at: Date;
  now: Date;
  /** Base URL of the HTTP API; null: the digest has no links. */
  address: string | null;
};

/** A PDF that may be attached, and its key in the store. */
export type StoredPdf = DigestAttachment & { key: string };

/** The content of the digest, and the PDFs that may be attached, worst cluster first. */
export type CollectedDigest = { digest: Omit<Digest, 'attached' | 'leftOut'>; pdfs: StoredPdf[] };

/** Returns the period of the digest in its own time zone. */
export function digestPeriod(digest: DigestSettings, at: Date): Period {
  return lastPeriod(digest.period, digest.timeZone, at);
}

/** @throws StoreError when the store does not answer */
export async function collectDigest(request: DigestRequest): Promise<CollectedDigest> {
  const { config, digest, at, address } = request;
  const names = digest.clusters ?? clustersOf(config).map(({ name }) => name);
  const collected = await pLimit(CLUSTERS_AT_ONCE).map(names, (name) => collectCluster(name, request));
  return {
    digest: {
      language: digest.language,
      unit: digest.period,
      timeZone: digest.timeZone,
      period: digestPeriod(digest, at),
      clusters: collected.map(({ cluster }) => cluster),
      listLink: address === null ? null : `${address}/reports`,
      note: digest.note ?? null,
    },
    pdfs: collected.toSorted(worstFirst).flatMap(({ pdf }) => pdf ?? []),
  };
}

type CollectedCluster = { cluster: DigestCluster; pdf: StoredPdf | null };

const VERDICTS_BY_WEIGHT = ['critical', 'warning', 'unknown', 'healthy'];

function worstFirst(a: CollectedCluster, b: CollectedCluster): number {
  const [first, second] = [a, b].map(({ cluster }) => (cluster.state === 'reported' ? cluster.report : null));
  if (!first || !second) return Number(!second) - Number(!first);
  const weight = ({ verdict }: Report) => VERDICTS_BY_WEIGHT.indexOf(verdict);
  return weight(first) - weight(second) || first.score - second.score;
}

async function collectCluster(name: string, request: DigestRequest): Promise<CollectedCluster> {
  const { config, digest, at } = request;
  // The digest's own calendar, in case the cluster's settings cannot be read.
  let calendar = { name, timeZone: digest.timeZone, period: digestPeriod(digest, at) };
  try {
    const settings = settingsOf(config, name);
    const identity = { name, key: clusterKey(name), settings };
    const found = await findReports(identity, request);
    calendar = { name, timeZone: settings.report.timeZone, period: found.period };
    const [listed] = found.reports;
    if (listed === undefined) {
      const absence = explainAbsence(identity.key, found.states, request);
      return { cluster: { ...calendar, ...absence }, pdf: null };
    }
    const { report, pdf } = await readReport(listed, name, request.store);
    const [earlier] = found.periodBefore ? suitable(found.listed, found.periodBefore, identity, digest) : [];
    const cluster: ReportedCluster = {
      ...calendar,
      state: 'reported',
      report,
      change: earlier && !earlier.nothingSeen ? listed.score - earlier.score : null,
      scoreHistory: scoreHistory(found.listed, listed),
      links: fileLinks(listed, request.address),
    };
    return { cluster, pdf };
  } catch (error) {
    // If the store does not answer, the state of every cluster is unknown: the digest fails and is tried again later.
    if (error instanceof StoreError) throw error;
    // An unreadable report of one cluster must not cost the others their digest.
    const reason = error instanceof Error ? error.message : String(error);
    return { cluster: { ...calendar, state: 'missing', reason, link: null }, pdf: null };
  }
}

type ClusterIdentity = { name: string; key: string; settings: Settings };

type PeriodReports = {
  /** The cluster's finished reports up to the end of the period, newest first. */
  listed: readonly ListedReport[];
  /** Those of the period, most suitable first. */
  reports: readonly ListedReport[];
  /** The states of the period's reports if none is finished, latest request first. */
  states: readonly ReportState[];
};

type FoundReports = PeriodReports & {
  period: Period;
  /** Null for a cluster that reads from a capture, which has only one period. */
  periodBefore: Period | null;
};

/** Finds the reports of the digest's period or, shortly after the cluster's midnight, of the one before. */
async function findReports(cluster: ClusterIdentity, request: DigestRequest): Promise<FoundReports> {
  const { digest, at } = request;
  const { settings } = cluster;
  const recorded = await recordedPeriod(settings);
  if (recorded)
    return { ...(await lookUp(cluster, recorded, request)), period: recorded, periodBefore: null };

  const periodBefore = ({ start }: Period) =>
    lastPeriod(digest.period, settings.report.timeZone, new Date(start * 1000));
  const period = lastPeriod(digest.period, settings.report.timeZone, at);
  const found = await lookUp(cluster, period, request);
  const isMissing = found.reports.length === 0 && found.states.length === 0;
  const hasJustEnded = at.getTime() / 1000 - period.end < GRACE_SECONDS;
  if (!isMissing || !hasJustEnded) return { ...found, period, periodBefore: periodBefore(period) };
  const earlier = periodBefore(period);
  const foundEarlier = await lookUp(cluster, earlier, request);
  return { ...foundEarlier, period: earlier, periodBefore: periodBefore(earlier) };
}

async function lookUp(
  cluster: ClusterIdentity,
  period: Period,
  { store, digest }: DigestRequest,
): Promise<PeriodReports> {
  const { reports: listed } = await listedReports(store, cluster.key, {
    limit: MOST_LISTED,
    until: period.end,
  });
  const reports = suitable(listed, period, cluster, digest);
  if (reports.length > 0) return { listed, reports, states: [] };
  const states = await statesOfPeriod(store, cluster.key, period);
  // A worker that died after finishing a report may not have put it on the list.
  const unlisted = states.filter(({ state }) => state === 'ready').flatMap((state) => listedOf(state) ?? []);
  return { listed: [...unlisted, ...listed], reports: suitable(unlisted, period, cluster, digest), states };
}

/**
 * Returns the reports of a period, most suitable first: made with the present configuration, because another one may
 * have had thresholds that hide a problem; then in the language of the digest; then in that of the cluster.
 */
function suitable(
  reports: readonly ListedReport[],
  period: Period,
  { name, settings }: ClusterIdentity,
  digest: DigestSettings,
): ListedReport[] {
  const present = reportId({ cluster: name, period, settings: settings.report });
  const weight = ({ id, language }: ListedReport) =>
    (readStoredId(id)?.report === present ? 4 : 0) +
    (language === digest.language ? 2 : 0) +
    (language === settings.rendition.language ? 1 : 0);
  return reports
    .filter((report) => report.period.start === period.start && report.period.end === period.end)
    .sort((a, b) => weight(b) - weight(a));
}

function explainAbsence(
  key: string,
  [last]: readonly ReportState[],
  { now, address }: DigestRequest,
): { state: 'failed' | 'under-way' | 'missing'; reason: string | null; link: string | null } {
  if (!last) return { state: 'missing', reason: null, link: null };
  const { state, reason } = effectiveState(last, now);
  const link = address === null ? null : `${address}/reports/${key}/${last.id}`;
  return { state: state === 'failed' ? 'failed' : 'under-way', reason, link };
}

/** Reads a report without its tables and charts: those of five hundred reports exceed a function's memory. */
async function readReport(
  { id }: ListedReport,
  cluster: string,
  store: Store,
): Promise<{ report: Report; pdf: StoredPdf | null }> {
  const state = await readState(store, id);
  const file = state?.state.files.find(({ name }) => name === fileName('json'));
  const object = file && (await store.get(file.key));
  if (!object) throw new Error(`the report ${id} is no longer in the store`);
  const report = parseReport(object.bytes, id);
  const pdf = state?.state.files.find(({ name }) => name === fileName('pdf'));
  return {
    report: {
      ...report,
      indicators: report.indicators.map((indicator) => ({
        ...indicator,
        series: [],
        envelope: null,
        otherReadings: [],
      })),
      coverage: {
        ...report.coverage,
        targets: report.coverage.targets.map((target) => ({ ...target, presence: [] })),
      },
      metrics: null,
      capacity: report.capacity.filter(runsOut),
      calendar: null,
    },
    pdf: pdf ? { cluster, name: `${id}.pdf`, bytes: pdf.bytes, key: pdf.key } : null,
  };
}

function parseReport(bytes: Uint8Array, id: string): Report {
  try {
    return parseStoredReport(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`the report.json of ${id} is damaged or of an unknown version`, { cause: error });
  }
}

/** Returns the scores of the cluster's reports, latest first, with one point for a period with two languages. */
function scoreHistory(listed: readonly ListedReport[], latest: ListedReport): ScorePoint[] {
  const periods = Map.groupBy(scoreHistoryOf(listed, latest), ({ period }) => period.end);
  return [...periods.values()]
    .flatMap(([report]) => report ?? [])
    .slice(0, HISTORY_POINTS)
    .filter(({ nothingSeen }) => !nothingSeen)
    .map(({ verdict, score, complete }) => ({ verdict, score, complete }));
}

function fileLinks({ cluster, id, formats }: ListedReport, address: string | null): ReportedCluster['links'] {
  if (address === null) return {};
  const folder = `${address}/reports/${cluster}/${id}`;
  return Object.fromEntries(formats.map((format) => [format, `${folder}/${fileName(format)}`]));
}
