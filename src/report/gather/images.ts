import type { GatheredImages } from '../model/gathered.ts';
import { WORKLOAD_PATTERN } from '../model/product.ts';
import { type Matcher, matcherText } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { planGrid } from './plan.ts';
import type { Planned } from './prepare.ts';

/** Upper bound on the points: a day has one every five minutes, and a month one every two and a half hours. */
const POINTS = 288;

/** Returns the PromQL that counts Antrea's Pods by the images of their containers. */
export function imagesQuery(others: readonly Matcher[]): string {
  // Without honor_labels, labels that kube-state-metrics has itself as a target get the prefix exported_.
  const series = (metric: string, { label, ...matcher }: Matcher, further: readonly Matcher[] = []) =>
    ['', 'exported_']
      .map((prefix) => [{ ...matcher, label: `${prefix}${label}` }, ...further, ...others])
      .map((matchers) => `${metric}{${matcherText(matchers)}}`)
      .join(' or ');
  const images = series('kube_pod_container_info', {
    label: 'container',
    operator: '=~',
    value: WORKLOAD_PATTERN,
  });
  // An evicted Pod stays with its image until somebody deletes it, but runs no more.
  const ended = series(
    'kube_pod_status_phase',
    { label: 'pod', operator: '=~', value: `${WORKLOAD_PATTERN}-.+` },
    [{ label: 'phase', operator: '=~', value: 'Failed|Succeeded' }],
  );
  const pod = 'namespace, exported_namespace, pod, exported_pod';
  const image = 'container, exported_container, image, image_spec';
  return `count by (${image}) (max by (${pod}, ${image}) ((${images}) unless on (${pod}) ((${ended}) == 1)))`;
}

/**
 * Queries how many Pods of Antrea had which image. Each view is queried, since a replica of Prometheus may lack
 * kube-state-metrics; the first answer with series counts.
 */
export async function gatherImages({ source, survey, plan }: Planned): Promise<GatheredImages> {
  const { stepSeconds, start, count } = plan.grid;
  const end = start + count * stepSeconds;
  const grid = planGrid(start, end, stepSeconds * Math.ceil(count / POINTS));
  const queries = new Set(survey.views.map(({ selection }) => imagesQuery(selection.others)));
  const answers = await Promise.all(
    [...queries].map((query) => attempt(async () => (await source.range(query, grid)).series)),
  );
  const counts = answers.find((answer) => answer.ok && answer.value.length > 0) ??
    answers.find((answer) => !answer.ok) ?? { ok: true, value: [] };
  return { grid, counts };
}
