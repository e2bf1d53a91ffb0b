import { greatest } from 'd3-array';
import type { AntreaVersion } from '../../model/antrea-version.ts';
import type { MetricData } from '../../model/gathered.ts';
import type { Component } from '../../model/indicator.ts';
import {
  ALL_RELEASES,
  compareReleases,
  complementOf,
  intersectRanges,
  type ReleaseRange,
} from '../../model/releases.ts';

/** What the presence or absence of a metric means for the version: a record of catalog/version-evidence.ts. */
export type Evidence = {
  metric: string;
  component: Component;
  since?: string;
  everySince?: string;
  until?: string;
  backported?: readonly ReleaseRange[];
};

type Metrics = readonly Pick<MetricData, 'name' | 'exposedAs'>[] | null;
type Scraped = readonly { component: Component | null }[];

/**
 * Returns the releases between which the monitored Antrea lies, according to the metrics that it exposes. While several
 * versions run, for instance during an upgrade, this is the newest: the metrics of all of them are present.
 */
export function antreaVersionOf(
  metrics: Metrics,
  scraped: Scraped,
  evidence: readonly Evidence[],
): Pick<AntreaVersion, 'from' | 'before' | 'evidence'> {
  const unknown = { from: null, before: null, evidence: [] };
  const { present, absent } = weighEvidence(metrics, scraped, evidence);
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

/**
 * Returns the releases that the monitored Antrea may be; none if the metrics do not show it. These are fewer than those
 * between `from` and `before`: a metric that was back-ported is absent in some releases after its first.
 */
export function possibleReleases(
  metrics: Metrics,
  scraped: Scraped,
  evidence: readonly Evidence[],
): readonly ReleaseRange[] {
  const { present, absent } = weighEvidence(metrics, scraped, evidence);
  if (present.length === 0) return [];
  const withPresent = present.map(exposedIn).reduce(intersectRanges, ALL_RELEASES);
  const withAbsent = absent
    .map((one) => complementOf(alwaysExposedIn(one)))
    .reduce<readonly ReleaseRange[]>(intersectRanges, withPresent);
  // A metric that the scrape configuration drops is absent in the newest version too.
  return withAbsent.length > 0 ? withAbsent : withPresent;
}

/** The releases in which the metric may be present. */
function exposedIn({ since = '0.0.0', until, everySince, backported }: Evidence): readonly ReleaseRange[] {
  return backported === undefined || everySince === undefined
    ? [{ since, before: until ?? null }]
    : [...backported, { since: everySince, before: null }];
}

/** The releases in which the metric is always present. */
function alwaysExposedIn({ everySince, backported = [] }: Evidence): ReleaseRange[] {
  return everySince === undefined ? [] : [...backported, { since: everySince, before: null }];
}

function weighEvidence(metrics: Metrics, scraped: Scraped, evidence: readonly Evidence[]) {
  const names = new Set((metrics ?? []).map(({ name, exposedAs }) => exposedAs ?? name));
  const applicable = evidence.filter(({ component }) =>
    scraped.some((target) => target.component === component),
  );
  return {
    present: applicable.filter(({ metric }) => names.has(metric)),
    absent: applicable.filter(({ metric }) => !names.has(metric)),
  };
}
