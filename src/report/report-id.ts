import { createHash } from 'node:crypto';
import { GENERATOR } from './generator.ts';
import { clusterKey } from './model/cluster-key.ts';
import type { Period } from './model/period.ts';
import type { ReportSettings } from './model/report-settings.ts';

/** What determines a report. */
export type ReportSubject = {
  cluster: string;
  period: Period;
  settings: ReportSettings;
};

/** What a configuration can change in a built-in indicator; the rest follows from the generator's version. */
function builtInIdentity({
  id,
  query,
  thresholds,
  capacity,
  runbook,
}: ReportSettings['indicators'][number]): unknown {
  const limits = (capacity?.limits ?? []).map((limit) => [
    limit.id,
    'value' in limit ? limit.value : limit.query,
  ]);
  return [id, query, thresholds, limits, ...(runbook === undefined ? [] : [runbook])];
}

/**
 * Returns a report's id: letters, digits and hyphens. The same cluster, period and settings have the same id, so that two
 * equal requests make one report.
 */
export function reportId({ cluster, period, settings }: ReportSubject): string {
  // 2026-11-21T00:00:00.000Z as 20261121t000000z
  const end = new Date(period.end * 1000)
    .toISOString()
    .replace(/\.\d+|[-:]/g, '')
    .toLowerCase();
  const { timeZone, targetSettings, stepSeconds, scrapeIntervalSeconds, indicators, coverage } = settings;
  const { runbook, links, leaveOut, silences } = settings;
  const identity = JSON.stringify([
    GENERATOR.version,
    cluster,
    period.start,
    period.end,
    { timeZone, targetSettings, stepSeconds, scrapeIntervalSeconds, coverage },
    indicators.map((indicator) => (indicator.isOwn ? indicator : builtInIdentity(indicator))),
    // What most configurations lack does not change the ids of their reports.
    ...(runbook !== undefined || links.length + leaveOut.length + silences.length > 0
      ? [{ runbook, links, leaveOut, silences }]
      : []),
  ]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return `${clusterKey(cluster)}-${end}-${hash}`;
}
