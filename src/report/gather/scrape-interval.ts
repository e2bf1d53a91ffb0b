import { type Grid, knownValues } from '../model/series.ts';
import { matches, overBoth } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { estimateScrapeInterval, intervalBetween } from './plan.ts';
import type { Source } from './source.ts';
import type { Survey } from './survey/survey.ts';

/** With fewer look-backs of the probe the data is too young for an estimate from scrape counts. */
const MIN_LOOK_BACKS = 3;

/** For young data: reads the times of the scrapes in the last five minutes. */
const RECENT: Omit<Grid, 'start'> = { stepSeconds: 5, count: 60 };

/**
 * Returns the scrape interval in seconds, or `null` if nothing was scraped. If the jobs have different intervals, it is
 * the longest, since look-backs that are long enough for the slowest job are right for all.
 * @param end the end of the period, Unix seconds
 */
export async function measureScrapeInterval(
  source: Source,
  { probe, views }: Survey,
  end: number,
): Promise<number | null> {
  const [{ selection }] = views;
  // A further job that scrapes the same targets but is not queried may have a longer interval.
  const selected = views.flatMap(({ selection: { agent, controller } }) => [
    agent.matchers,
    controller.matchers,
  ]);
  const series = probe.series.filter(({ labels }) => selected.some((matchers) => matches(labels, matchers)));
  const byJob = [...Map.groupBy(series, ({ labels }) => labels['job']).values()];
  const isYoung = series.every(({ values }) => knownValues(values).length < MIN_LOOK_BACKS);
  if (isYoung && series.length > 0) {
    const grid: Grid = { ...RECENT, start: end - RECENT.count * RECENT.stepSeconds };
    const query = overBoth(selection, (matchers) => `timestamp(up{${matchers}})`);
    const answer = await attempt(() => source.range(query, grid));
    const intervals = answer.ok
      ? answer.value.series.flatMap(({ values }) => intervalBetween(values) ?? [])
      : [];
    if (intervals.length > 0) return Math.max(...intervals);
  }
  const intervals = byJob.flatMap((ofJob) => estimateScrapeInterval(ofJob) ?? []);
  return intervals.length > 0 ? Math.max(...intervals) : null;
}
