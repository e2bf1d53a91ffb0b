import { greatest } from 'd3-array';
import type { MetricData } from '../model/gathered.ts';
import type { Component } from '../model/indicator.ts';
import type { AntreaVersion } from '../model/report-analysis.ts';

/** What the presence or absence of a metric means for the version: a record of catalog/version-evidence.ts. */
export type Evidence = {
  metric: string;
  component: Component;
  since?: string;
  everySince?: string;
  until?: string;
};

/**
 * Returns the releases between which the monitored Antrea lies, according to the metrics that it exposes. While several
 * versions run, for instance during an upgrade, this is the newest: the metrics of all of them are present.
 */
export function antreaVersionOf(
  metrics: readonly MetricData[] | null,
  scraped: readonly { component: Component | null }[],
  evidence: readonly Evidence[],
): AntreaVersion {
  const unknown = { from: null, before: null, evidence: [] };
  if (metrics === null) return unknown;
  const names = new Set(metrics.map(({ name, exposedAs }) => exposedAs ?? name));
  const applicable = evidence.filter(({ component }) =>
    scraped.some((target) => target.component === component),
  );
  const present = applicable.filter(({ metric }) => names.has(metric));
  const absent = applicable.filter(({ metric }) => !names.has(metric));
  // A cluster without any metric of Antrea is no evidence of an old version.
  if (present.length === 0) return unknown;
  const from = greatest(
    present.flatMap(({ metric, since }) => (since ? [{ metric, release: since }] : [])),
    (a, b) => compareReleases(a.release, b.release),
  );
  const before = greatest(
    [
      ...present.flatMap(({ metric, until }) => (until ? [{ metric, release: until }] : [])),
      ...absent.flatMap(({ metric, everySince }) => (everySince ? [{ metric, release: everySince }] : [])),
    ],
    (a, b) => compareReleases(b.release, a.release),
  );
  // A metric that the scrape configuration drops is absent in the newest version too.
  const contradicts = from && before && compareReleases(from.release, before.release) >= 0;
  const bounds = contradicts ? [from] : [from, before];
  return {
    from: from?.release ?? null,
    before: contradicts ? null : (before?.release ?? null),
    evidence: [...new Set(bounds.flatMap((bound) => bound?.metric ?? []))],
  };
}

function compareReleases(a: string, b: string): number {
  const [partsA = [], partsB = []] = [a, b].map((release) => release.split('.').map(Number));
  const index = partsA.findIndex((part, position) => part !== partsB[position]);
  return index < 0 ? 0 : (partsA[index] ?? 0) - (partsB[index] ?? 0);
}
