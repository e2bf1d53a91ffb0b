import { type Cluster, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import { fileName, type OutputFormat } from '../../report/formats.ts';
import { type ListedReport, listedOf, listedReports, scoreHistoryOf } from '../archive/listing.ts';
import { unlistedStates } from '../archive/recent-states.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import { type DueReport, isMade } from '../jobs/due-reports.ts';
import type { PageCluster, PageReport, UnfinishedReport } from '../reports-page/page.ts';
import { clusterPath, pageAddress, pathOfReport, reportPath } from './addresses.ts';
import type { ApiContext } from './context.ts';
import type { ApiRequest } from './http.ts';
import { isRecorded } from './page-form.ts';

/** What the pages say about clusters and reports. */

/** Reports to read for a score history of 30: these may be in two languages, and others lie between them. */
const HISTORY_REPORTS = 100;

export type ReadOptions = {
  request: ApiRequest;
  context: ApiContext;
  present: (report: ListedReport) => PageReport;
  dueOf: (cluster: { name: string; timeZone: string }) => DueReport[];
};

/** Reads the reports of a cluster: finished, under way, failed and missed ones. */
export async function readCluster(cluster: Cluster, options: ReadOptions): Promise<PageCluster> {
  const { request, context, present, dueOf } = options;
  const { store, config, now, onError } = context;
  const { name, key } = cluster;
  const { timeZone } = settingsOf(config, name).report;
  const { reports: listed, next } = await listedReports(store, key, { limit: HISTORY_REPORTS });
  const states = await unlistedStates(store, key, { listed, isWhole: next === null, now: now(), onError });
  // A worker that died after finishing a report may not have put it on the list.
  const unlisted = states.filter(({ state }) => state === 'ready').flatMap((state) => listedOf(state) ?? []);
  // A capture has one period, whatever its schedule says.
  const scheduled = isRecorded(cluster, config) ? [] : dueOf({ name, timeZone });
  const finished = [...unlisted, ...listed].sort((a, b) => b.period.end - a.period.end);
  const due = await notMade(scheduled, finished, { store, key, next });
  const unfinished = states.flatMap((state) =>
    unfinishedReport(state, { request, timeZone, now: now(), due }),
  );
  return {
    name,
    link: pageAddress(request, clusterPath(key)),
    latest: scoreHistoryOf(finished).map(present),
    unfinished,
    missed: due
      .filter((report) => !unfinished.some(({ period }) => isSame(period, report.period)))
      .map(({ period, at }) => ({ period, timeZone, at: at.getTime() / 1000 })),
  };
}

const isSame = (a: DueReport['period'], b: DueReport['period']): boolean =>
  a.start === b.start && a.end === b.end;

/** Returns the reports that were due and do not exist. With many reports since then, it reads further on the list. */
async function notMade(
  due: readonly DueReport[],
  finished: readonly ListedReport[],
  { store, key, next }: Pick<ApiContext, 'store'> & { key: string; next: string | null },
): Promise<DueReport[]> {
  const missing = due.filter((report) => !isMade(report, finished));
  const oldest = finished.at(-1)?.period.end ?? 0;
  const made = await Promise.all(
    missing.map(async (report) => {
      if (next === null || oldest < report.period.end) return false;
      const until = report.period.end;
      const { reports } = await listedReports(store, key, { limit: HISTORY_REPORTS, until });
      return isMade(report, reports);
    }),
  );
  return missing.filter((_, index) => made[index] === false);
}

function unfinishedReport(
  known: ReportState,
  {
    request,
    timeZone,
    now,
    due,
  }: { request: ApiRequest; timeZone: string; now: Date; due: readonly DueReport[] },
): UnfinishedReport[] {
  const { state, reason } = effectiveState(known, now);
  if (state === 'ready') return [];
  const period = {
    start: Date.parse(known.period.start) / 1000,
    end: Date.parse(known.period.end) / 1000,
  };
  return [
    {
      id: known.id,
      state,
      reason,
      since: sinceOf(known, state),
      period,
      timeZone,
      language: known.language,
      link: pageAddress(request, pathOfReport(known)),
      isLate: due.some((report) => isSame(report.period, period)),
    },
  ];
}

/** Returns since when a report is in its state, Unix seconds. A worker that was killed could not write when it failed. */
export function sinceOf(
  { requestedAt, startedAt, finishedAt }: ReportState,
  state: ReportState['state'],
): number {
  const times: Record<ReportState['state'], (string | null)[]> = {
    queued: [],
    running: [startedAt],
    ready: [finishedAt],
    failed: [finishedAt, startedAt],
  };
  return Date.parse(times[state].find((time) => time !== null) ?? requestedAt) / 1000;
}

/** Returns what gives a listed report its cluster's name and time zone, and links to its files. */
export function presenterOf(
  request: ApiRequest,
  clusters: readonly Cluster[],
  config: Config,
): (report: ListedReport) => PageReport {
  const zones = new Map<string, string>();
  const zoneOf = (name: string) => {
    const known = zones.get(name) ?? settingsOf(config, name).report.timeZone;
    zones.set(name, known);
    return known;
  };
  const byKey = new Map(clusters.map((cluster) => [cluster.key, cluster]));
  return (report) => {
    const cluster = byKey.get(report.cluster);
    return {
      ...report,
      cluster: cluster?.name ?? report.cluster,
      clusterLink: cluster ? pageAddress(request, clusterPath(cluster.key)) : '',
      timeZone: cluster ? zoneOf(cluster.name) : 'UTC',
      links: linksOf(report, request.basePath),
      comparison: pageAddress(request, `${clusterPath(report.cluster)}/compare`, { second: report.id }),
    };
  };
}

/** Returns the URL of each file of a report. */
export function linksOf(
  { cluster, id, formats }: Pick<ListedReport, 'cluster' | 'id' | 'formats'>,
  basePath: string,
): Partial<Record<OutputFormat, string>> {
  const path = `${basePath}${reportPath(cluster, id)}`;
  return Object.fromEntries(formats.map((format) => [format, `${path}/${fileName(format)}`]));
}
