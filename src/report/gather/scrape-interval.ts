import type { Grid } from '../model/series.ts';
import { matches, overBoth } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { estimateScrapeInterval, intervalBetween } from './plan.ts';
import type { Source } from './source.ts';
import type { Survey } from './survey/survey.ts';

/** With fewer look-backs of the probe the data is too young for counting scrapes in them. */
const LEAST_LOOK_BACKS = 3;

/** Where the data is young, the times of the scrapes of its last minutes are read. */
const RECENT: Omit<Grid, 'start'> = { stepSeconds: 5, count: 60 };

/**
 * The scrape interval in seconds; `null` when nothing was scraped. Jobs may be scraped at different intervals: what is
 * long enough for the slowest is right for all.
 */
export async function measureScrapeInterval(
  source: Source,
  { probe, views }: Survey,
  end: number,
): Promise<number | null> {
  const [{ selection }] = views;
  // Another job that scrapes the same targets, and is not asked, may do so less often.
  const asked = views.flatMap((view) => [view.selection.agent.matchers, view.selection.controller.matchers]);
  const own = probe.series.filter(({ labels }) => asked.some((matchers) => matches(labels, matchers)));
  const byJob = [...Map.groupBy(own, ({ labels }) => labels['job']).values()];
  const isYoung = byJob.every((one) =>
    one.every(({ values }) => values.filter((value) => value !== null).length < LEAST_LOOK_BACKS),
  );
  if (isYoung && byJob.length > 0) {
    const grid: Grid = { ...RECENT, start: end - RECENT.count * RECENT.stepSeconds };
    const query = overBoth(selection, (matchers) => `timestamp(up{${matchers}})`);
    const answer = await attempt(() => source.range(query, grid));
    const measured = answer.ok
      ? answer.value.series.flatMap(({ values }) => intervalBetween(values) ?? [])
      : [];
    if (measured.length > 0) return Math.max(...measured);
  }
  const intervals = byJob.flatMap((one) => estimateScrapeInterval(one) ?? []);
  return intervals.length > 0 ? Math.max(...intervals) : null;
}
