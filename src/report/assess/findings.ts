import { greatest, sum } from 'd3-array';
import type { PeriodGrid } from '../model/gathered.ts';
import type { Indicator, Severity } from '../model/indicator.ts';
import type { Finding } from '../model/report.ts';
import { pointAt, stepStart, toInstant } from '../model/time.ts';
import { type GridEpisode, mergeEpisodes } from './episodes.ts';
import { type EvaluatedSeries, weightOf } from './evaluate-series.ts';

type SeriesEpisode = { series: EvaluatedSeries; episode: GridEpisode };

/**
 * Returns the findings of a subject: one for its critical episodes, and one for the warnings at other times or still
 * ongoing when no critical episode is.
 */
export function findingsOf(
  indicator: Indicator,
  all: readonly EvaluatedSeries[],
  facts: PeriodGrid,
): Finding[] {
  const episodesOf = (severity: Severity) =>
    all.flatMap((series) => series.episodes[severity].map((episode) => ({ series, episode })));
  const critical = episodesOf('critical');
  const isCriticalNow = critical.some(({ episode }) => episode.ongoing);
  const overlapsCritical = ({ first, last }: GridEpisode) =>
    critical.some(({ episode }) => episode.first <= last && episode.last >= first);
  const warning = episodesOf('warning').filter(
    ({ episode }) => (episode.ongoing && !isCriticalNow) || !overlapsCritical(episode),
  );
  return [
    ...findingOf(indicator, 'critical', critical, facts),
    ...findingOf(indicator, 'warning', warning, facts),
  ];
}

/** Returns one finding with all these episodes, or none if there are no episodes. */
function findingOf(
  indicator: Indicator,
  severity: Severity,
  found: readonly SeriesEpisode[],
  facts: PeriodGrid,
): Finding[] {
  const worst = greatest(found, ({ series, episode }) => weightOf(indicator, series, episode));
  if (worst === undefined) return [];
  const { series, episode } = worst;
  const episodes = mergeEpisodes(found.map((one) => one.episode)).map(({ first, last, worst: value }) => ({
    start: stepStart(facts, first),
    end: pointAt(facts.grid, last),
    value,
  }));
  return [
    toFinding(
      {
        indicator: indicator.id,
        subject: series.subject,
        component: series.component,
        severity,
        value: indicator.reading === 'total' ? (series.value ?? episode.worst) : episode.worst,
        unit: indicator.unit,
        threshold: episode.bound,
        condition: episode.condition,
        usual: episode.usual,
        labels: series.labels,
        durationSeconds: sum(episodes, ({ start, end }) => end - start),
        ongoing: found.some((one) => one.episode.ongoing),
      },
      episodes,
    ),
  ];
}

/**
 * Completes a finding, which is not yet compared with earlier periods.
 * @param episodes at least one, in Unix seconds
 */
export function toFinding(
  {
    durationSeconds,
    ongoing,
    ...finding
  }: Omit<Finding, 'start' | 'end' | 'episodes' | 'compared' | 'weekBefore'>,
  episodes: readonly { start: number; end: number; value: number }[],
): Finding {
  return {
    ...finding,
    start: toInstant(episodes[0]?.start ?? 0),
    end: toInstant(episodes.at(-1)?.end ?? 0),
    durationSeconds,
    ongoing,
    episodes: episodes.map(({ start, end, value }) => ({
      start: toInstant(start),
      end: toInstant(end),
      value,
    })),
    compared: null,
    weekBefore: null,
  };
}
