import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import type { Period } from '../../model/period.ts';
import { MARKERS, METRIC_LABELS, METRIC_PREFIXES } from '../../model/product.ts';
import { labelOf } from '../../model/series.ts';
import type { ReportSurvey } from '../../model/survey.ts';
import { DAY_SECONDS } from '../../model/time.ts';
import type { Source } from '../source.ts';
import { findKnownClusterLabel } from './clusters.ts';
import { periodInHalves } from './period-in-halves.ts';
import { COMPONENT_LABEL, type Labels, splitComponent } from './targets.ts';

/** How far back targets are searched. If the scrapes ended earlier, this is not the cluster that the user means. */
const LOOK_BACK_SECONDS = 28 * DAY_SECONDS;

type AntreaJobs = ReportSurvey['elsewhere'];
type LastSeen = { component: Component; labels: Labels; lastSeen: number };

/**
 * Finds the jobs that have Antrea's metrics, whatever jobs and labels the user requires, for a survey that found no
 * target. If a label names clusters, each cluster has separate entries. `lastSeen` is exact to five minutes, or to an
 * hour if the job lacks the usual metrics.
 * @param period the 28 days before its end are searched, or all of it if it is longer
 */
export async function findAntreaJobs(source: Source, { start, end }: Period): Promise<AntreaJobs> {
  const seconds = Math.max(LOOK_BACK_SECONDS, end - start);
  // timestamp(marker) would be slow: Prometheus 2 then reads each series again for every point of the subquery.
  const lastSeen = (expression: string, step: string) =>
    `max_over_time((0 * ${expression} + time())[${seconds}s:${step}])`;
  const inHalves = periodInHalves(source, { start: end - seconds, end });
  const byMarkers = await askLastSeen(inHalves, end, (component) => lastSeen(MARKERS[component], '5m'));
  if (byMarkers.length > 0) return groupByJob(byMarkers);
  // The scrape configuration may drop the markers. Any metric means fifty times as many series, hence fewer points.
  const byAnyMetric = await askLastSeen(inHalves, end, (component) =>
    lastSeen(`count without (${METRIC_LABELS}) ({__name__=~"${METRIC_PREFIXES[component]}.+"})`, '1h'),
  );
  return groupByJob(byAnyMetric);
}

async function askLastSeen(
  source: Source,
  time: number,
  query: (component: Component) => string,
): Promise<LastSeen[]> {
  const parts = COMPONENTS.map(
    (component) => `label_replace(${query(component)}, "${COMPONENT_LABEL}", "${component}", "", "")`,
  );
  const { samples } = await source.instant(parts.join(' or '), time);
  return samples.flatMap(({ labels, value }) => {
    const found = splitComponent(labels);
    return found === null ? [] : [{ ...found, lastSeen: value }];
  });
}

/** Agents come first; each component's entries are sorted by job and cluster. */
function groupByJob(series: readonly LastSeen[]): AntreaJobs {
  const clusterLabel = findKnownClusterLabel(series) ?? '';
  const keyOf = ({ component, labels }: LastSeen) =>
    JSON.stringify([component, labels['job'] ?? '', labelOf(labels, clusterLabel)]);
  return [...Map.groupBy(series, keyOf)]
    .sort(([a], [b]) => compareNames(a, b))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const { job = '', ...labels } = first.labels;
      const common = Object.entries(labels).filter(([name, value]) =>
        others.every((other) => other.labels[name] === value),
      );
      const lastSeen = Math.max(first.lastSeen, ...others.map((other) => other.lastSeen));
      return {
        job,
        component: first.component,
        lastSeen: new Date(Math.floor(lastSeen) * 1000).toISOString(),
        labels: Object.fromEntries(common),
      };
    });
}
