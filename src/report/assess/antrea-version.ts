import type { Component } from '../model/indicator.ts';
import type { AntreaVersion } from '../model/report-analysis.ts';
import type { MetricData } from '../model/series.ts';
import type { Subject } from './subjects.ts';

/** What the presence or absence of a metric tells; catalog/version-evidence.ts has it. */
export type Evidence = {
  metric: string;
  component: Component;
  since?: string;
  everySince?: string;
  until?: string;
};

/**
 * Between which releases the Antrea lies that exposes just these metrics. Nodes of several versions, as during an
 * upgrade, show the metrics of all of them: then it is the newest that is told.
 */
export function antreaVersionOf(
  metrics: readonly MetricData[] | null,
  scraped: readonly Pick<Subject, 'component'>[],
  evidence: readonly Evidence[],
): AntreaVersion {
  const unknown = { from: null, before: null, evidence: [] };
  if (metrics === null) return unknown;
  const names = new Set(metrics.map(({ name, exposedAs }) => exposedAs ?? name));
  const told = evidence.filter(({ component }) => scraped.some((one) => one.component === component));
  const present = told.filter(({ metric }) => names.has(metric));
  // Nothing of Antrea at all is no evidence of an old one.
  if (present.length === 0) return unknown;
  const absent = told.filter(({ metric }) => !names.has(metric));
  const from = highest(present.flatMap((one) => (one.since ? [{ ...one, release: one.since }] : [])));
  const before = highest(
    [
      ...present.flatMap((one) => (one.until ? [{ ...one, release: one.until }] : [])),
      ...absent.flatMap((one) => (one.everySince ? [{ ...one, release: one.everySince }] : [])),
    ],
    -1,
  );
  // Dropped by the scrape configuration, a metric is absent in the newest version too.
  const contradicts = from && before && compareReleases(from.release, before.release) >= 0;
  return {
    from: from?.release ?? null,
    before: contradicts ? null : (before?.release ?? null),
    evidence: [...new Set([from, contradicts ? undefined : before].flatMap((one) => one?.metric ?? []))],
  };
}

function highest<T extends { release: string }>(some: readonly T[], sign = 1): T | undefined {
  return some.reduce<T | undefined>(
    (found, one) => (found && sign * compareReleases(found.release, one.release) >= 0 ? found : one),
    undefined,
  );
}

function compareReleases(a: string, b: string): number {
  const [one, other] = [a, b].map((release) => release.split('.').map(Number));
  const index = (one ?? []).findIndex((part, position) => part !== other?.[position]);
  return index < 0 ? 0 : (one?.[index] ?? 0) - (other?.[index] ?? 0);
}
