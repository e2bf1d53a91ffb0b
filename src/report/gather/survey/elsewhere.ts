import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { MARKERS, METRIC_LABELS, METRIC_PREFIXES } from '../../model/product.ts';
import type { ReportSurvey } from '../../model/survey.ts';
import type { Source } from '../source.ts';
import { knownClusterLabel } from './clusters.ts';
import { type Labels, MARKER_LABEL } from './targets.ts';

/** How far back a target is looked for: where the scrapes ended longer ago, the report is of the wrong cluster. */
const LOOK_BACK_SECONDS = 28 * 86_400;

type Elsewhere = ReportSurvey['elsewhere'];
type Seen = { component: Component; labels: Labels; lastSeen: number };

/**
 * Finds the jobs of a server that have Antrea’s metrics, whatever the user says of jobs and labels. For a survey that
 * found no target. Where a label names clusters, each of them has entries of its own. When a target was last seen is
 * known to some minutes, or to an hour where it is recognized by other metrics than usual.
 * @param period Unix seconds; the 28 days before its end are searched, or all of it where it is longer
 */
export async function lookElsewhere(
  source: Source,
  { start, end }: { start: number; end: number },
): Promise<Elsewhere> {
  const seconds = Math.max(LOOK_BACK_SECONDS, end - start);
  // Not timestamp(marker): Prometheus 2 then reads each series anew for every point of the subquery, which takes seconds.
  const lastOf = (expression: string, step: string) =>
    `max_over_time((0 * ${expression} + time())[${seconds}s:${step}])`;
  const marked = await askLastSeen(source, end, (component) => lastOf(MARKERS[component], '5m'));
  if (marked.length > 0) return groupByJob(marked);
  // A rule of the scrape configuration may drop the marker. Fewer points, since these are fifty times as many series.
  const broad = await askLastSeen(source, end, (component) =>
    lastOf(`count without (${METRIC_LABELS}) ({__name__=~"${METRIC_PREFIXES[component]}.+"})`, '1h'),
  );
  return groupByJob(broad);
}

async function askLastSeen(
  source: Source,
  time: number,
  query: (component: Component) => string,
): Promise<Seen[]> {
  const parts = COMPONENTS.map(
    (component) => `label_replace(${query(component)}, "${MARKER_LABEL}", "${component}", "", "")`,
  );
  const { samples } = await source.instant(parts.join(' or '), time);
  return samples.flatMap(({ labels: { [MARKER_LABEL]: found, ...labels }, value }) => {
    const component = COMPONENTS.find((one) => one === found);
    return component === undefined ? [] : [{ component, labels, lastSeen: value }];
  });
}

/** The agents first, then by job and cluster. */
function groupByJob(seen: readonly Seen[]): Elsewhere {
  const clusterLabel = knownClusterLabel(seen) ?? '';
  const keyOf = ({ component, labels }: Seen) =>
    JSON.stringify([component, labels['job'] ?? '', labels[clusterLabel] ?? '']);
  return [...Map.groupBy(seen, keyOf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const { job = '', ...labels } = first.labels;
      const common = Object.entries(labels).filter(([name, value]) =>
        others.every((one) => one.labels[name] === value),
      );
      const lastSeen = Math.max(first.lastSeen, ...others.map((one) => one.lastSeen));
      return {
        job,
        component: first.component,
        lastSeen: new Date(Math.floor(lastSeen) * 1000).toISOString(),
        labels: Object.fromEntries(common),
      };
    });
}
