import { maxIndex } from 'd3-array';
import type { PeriodGrid } from '../model/gathered.ts';
import { type Indicator, SEVERITIES, type Severity, type Threshold } from '../model/indicator.ts';
import { lookBackOf } from '../model/look-back.ts';
import { compareNames } from '../model/names.ts';
import { isKnown } from '../model/series.ts';
import { pointAt } from '../model/time.ts';
import { findEpisodes, type GridEpisode, type Sampling, worstEpisode } from './episodes.ts';
import { countEvents, findEventEpisodes } from './event-totals.ts';
import { severityRank } from './severity.ts';
import { type ComponentSubject, type SubjectSeries, subjectKey } from './subjects.ts';

/** What the assessment of an indicator uses in addition to the answer to its query. */
export type IndicatorContext = {
  /** Process starts in Unix seconds, including the first one seen, by `subjectKey`. */
  starts: ReadonlyMap<string, readonly number[]>;
  /** Names of the metrics present in the period; `null` if unknown. */
  presentMetrics: ReadonlySet<string> | null;
  /** The subjects with at least one successful scrape in the period. */
  scraped: readonly ComponentSubject[];
};

/** An episode continues over this many missing points, which result from one or two missed scrapes. */
const BRIDGED_POINTS = 2;

/** If a missing value means that nothing happened, an episode continues over a pause of this length. Our choice. */
const BRIDGED_IDLE_SECONDS = 3600;

/** A series with its reading and its episodes. */
export type EvaluatedSeries = SubjectSeries & {
  /** Its values without those right after a process start, if these are not judged. */
  judged: Float64Array;
  /** The worst severity for which it has an episode. */
  severity: Severity | undefined;
  /** Episodes beyond the threshold of each severity. Most critical ones are parts of those of a warning. */
  episodes: Record<Severity, GridEpisode[]>;
  /** The value of its reading. */
  value: number | null;
  /** When the value was reached, in Unix seconds; `null` for totals. */
  at: number | null;
};

/**
 * Evaluates the series of an indicator against its thresholds and returns them worst first.
 * @param before the series of the period before, for thresholds that compare with it
 */
export function evaluateSeries(
  indicator: Indicator,
  { all, before }: { all: readonly SubjectSeries[]; before: readonly SubjectSeries[] },
  facts: PeriodGrid,
  context: IndicatorContext,
): EvaluatedSeries[] {
  const sampling = samplingOf(indicator, facts);
  const usual = new Map(before.map(({ key, values }) => [key, values]));
  const evaluated = all.map((series): EvaluatedSeries => {
    if (indicator.reading === 'total') {
      const counts = countEvents(series.values);
      return {
        ...series,
        ...findBySeverity(indicator, (threshold) => findEventEpisodes(counts, threshold, sampling)),
        values: counts.events,
        judged: counts.events,
        value: counts.total,
        at: null,
      };
    }
    const judged = withoutStartUp(indicator, series, facts, context);
    const usualValues = usual.get(series.key);
    const index = indicator.reading === 'last' ? judged.findLastIndex(isKnown) : maxIndex(judged);
    return {
      ...series,
      ...findBySeverity(indicator, (threshold) => findEpisodes(judged, threshold, sampling, usualValues)),
      judged,
      value: judged[index] ?? null,
      at: index < 0 ? null : pointAt(facts.grid, index),
    };
  });
  return evaluated.sort((a, b) => compareSeries(indicator, a, b));
}

function findBySeverity(
  { thresholds: { warning, critical } }: Indicator,
  find: (threshold: Threshold) => GridEpisode[],
): Pick<EvaluatedSeries, 'episodes' | 'severity'> {
  const episodes = { warning: warning ? find(warning) : [], critical: critical ? find(critical) : [] };
  return { episodes, severity: SEVERITIES.findLast((severity) => episodes[severity].length > 0) };
}

function samplingOf(indicator: Indicator, { grid: { stepSeconds }, windows }: PeriodGrid): Sampling {
  const isIdle = indicator.whenEmpty === 'idle';
  // Adjacent windows of rate() have a sample in common, but no event: it counts what lies between its samples.
  const isRate = indicator.reading !== 'total' && indicator.query.includes('$window');
  const overlap = lookBackOf(indicator, stepSeconds, windows) - (isRate ? windows.scrapeIntervalSeconds : 0);
  return {
    stepSeconds,
    bridgedPoints: Math.max(BRIDGED_POINTS, isIdle ? Math.floor(BRIDGED_IDLE_SECONDS / stepSeconds) : 0),
    sharingPoints: Math.max(1, Math.ceil(overlap / stepSeconds)),
  };
}

/** Removes the points that look back on the first moments of a process, if the indicator requires that. */
function withoutStartUp(
  indicator: Indicator,
  series: SubjectSeries,
  { grid, windows }: PeriodGrid,
  context: IndicatorContext,
): SubjectSeries['values'] {
  const { settleSeconds } = indicator;
  if (settleSeconds === undefined) return series.values;
  const lookBack = lookBackOf(indicator, grid.stepSeconds, windows);
  const starts = (context.starts.get(subjectKey(series)) ?? []).filter(
    (start) => start + settleSeconds + lookBack > grid.start,
  );
  if (starts.length === 0) return series.values;
  return series.values.map((value, index) => {
    const time = pointAt(grid, index);
    const isStartUp = starts.some((start) => time > start && time - lookBack < start + settleSeconds);
    return isStartUp ? Number.NaN : value;
  });
}

/** Orders series worst first: by severity, then by the distance beyond the bound, then by the value. */
function compareSeries(indicator: Indicator, a: EvaluatedSeries, b: EvaluatedSeries): number {
  const rank = ({ severity }: EvaluatedSeries) => (severity ? severityRank(severity) : -1);
  const weight = (series: EvaluatedSeries) =>
    series.severity ? weightOf(indicator, series, worstEpisode(series.episodes[series.severity])) : 0;
  const level = ({ value }: EvaluatedSeries) => value ?? -Infinity;
  // The difference of two series without a value is NaN, so that their keys decide.
  return rank(b) - rank(a) || weight(b) - weight(a) || level(b) - level(a) || compareNames(a.key, b.key);
}

/** Returns how bad an episode is among others: for totals, the total counts. */
export function weightOf(
  indicator: Indicator,
  series: EvaluatedSeries,
  episode: GridEpisode | undefined,
): number {
  return indicator.reading === 'total' ? (series.value ?? 0) : (episode?.beyond ?? 0);
}
