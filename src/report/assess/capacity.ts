import { least } from 'd3-array';
import type { IndicatorHistory } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import { compareNames } from '../model/names.ts';
import type { CapacityReading } from '../model/report-analysis.ts';
import { type Grid, isKnown, type Sample } from '../model/series.ts';
import { DAY_SECONDS } from '../model/time.ts';
import { daysUntil } from './forecast.ts';
import { trendAtEnd } from './level-changes/level-changes.ts';
import { type Subject, type SubjectSeries, subjectKey, subjectOfIndicator } from './subjects.ts';

/** Maximum number of capacity readings in a report; a longer list helps nobody. */
const MOST_READINGS = 200;

/** Capacities that are full in this many days are listed before capacities with a higher usage now. */
const SOON_DAYS = 30;

type KnownLimit = { id: string; valueFor: (subject: Subject) => number | null };

/** Returns the capacity readings that a report lists, worst first. */
export function worstCapacity(readings: readonly CapacityReading[]): CapacityReading[] {
  return readings.toSorted(compareReadings).slice(0, MOST_READINGS);
}

/**
 * Returns how much of an indicator's capacity is used and when it will be full, worst first.
 * @param all the levels of the capacity over weeks
 * @param limitAnswers the limits that have a query, by id
 */
export function assessCapacity(
  indicator: Indicator,
  all: readonly SubjectSeries[],
  limitAnswers: IndicatorHistory['limits'],
  grid: Grid,
): CapacityReading[] {
  const { capacity } = indicator;
  if (capacity === undefined) return [];
  // If the query of a limit failed, that limit may be the lowest.
  if (Object.values(limitAnswers).some(({ ok }) => !ok)) return [];
  const limits = capacity.limits.map((limit): KnownLimit => {
    if ('value' in limit) return { id: limit.id, valueFor: () => limit.value };
    const limitAnswer = limitAnswers[limit.id];
    return { id: limit.id, valueFor: lookUp(indicator, limitAnswer?.ok ? limitAnswer.value : [], all) };
  });
  const readings = all.flatMap((series) => {
    const known = limits.map((limit) => ({ id: limit.id, value: limit.valueFor(series) ?? 0 }));
    const lowest = least(
      known.filter(({ value }) => value > 0),
      ({ value }) => value,
    );
    return lowest ? readingOf(indicator, series, lowest, grid) : [];
  });
  return worstCapacity(readings);
}

/**
 * Returns a look-up of the values that a limit's query returned. Its exporter may know the nodes by other names than
 * Antrea's scrape configuration, which may know only their addresses. So if no subject is found by its name, but
 * there is a value for each and all are the same, that value applies to all.
 */
function lookUp(
  indicator: Indicator,
  samples: readonly Sample[],
  all: readonly SubjectSeries[],
): KnownLimit['valueFor'] {
  const known = samples
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({ ...subjectOfIndicator(indicator, labels), value }))
    // A controller that has just moved has several values. The map keeps the last, which is the lowest.
    .sort((a, b) => b.value - a.value);
  const bySubject = new Map(known.map((limit) => [subjectKey(limit), limit.value]));
  const common = new Map(
    [...Map.groupBy(known, ({ component }) => component)].map(([component, limits]) => {
      const keys = new Set(all.filter((series) => series.component === component).map(subjectKey));
      const isNamed = [...keys].some((key) => bySubject.has(key));
      const [value, ...others] = new Set(limits.map((limit) => limit.value));
      return [component, isNamed || limits.length < keys.size || others.length > 0 ? null : (value ?? null)];
    }),
  );
  return (subject) => bySubject.get(subjectKey(subject)) ?? common.get(subject.component) ?? null;
}

function readingOf(
  { id, capacity }: Indicator,
  { subject, component, labels, values }: SubjectSeries,
  limit: CapacityReading['limit'],
  grid: Grid,
): CapacityReading[] {
  // The last hour may not be over for every subject.
  const value = [values.at(-1), values.at(-2)].find(isKnown);
  if (value === undefined) return [];
  const first = values.findIndex(isKnown);
  const trend = trendAtEnd(values, grid)?.perDay ?? null;
  const historyDays = ((values.length - first) * grid.stepSeconds) / DAY_SECONDS;
  const isRising = trend !== null && trend.value > 0 && value < limit.value;
  return [
    {
      indicator: id,
      subject,
      component,
      labels,
      unit: capacity?.unit ?? 'count',
      value,
      limit,
      usedRatio: value / limit.value,
      historyDays: Math.round(historyDays),
      trend,
      fullInDays: isRising ? daysUntil(limit.value, value, trend, historyDays) : null,
    },
  ];
}

/** Orders readings: first what is full, then what is full soon, soonest first, then the highest usage. */
function compareReadings(a: CapacityReading, b: CapacityReading): number {
  const rank = ({ usedRatio, fullInDays }: CapacityReading) =>
    usedRatio >= 1 ? 2 : fullInDays && fullInDays.value <= SOON_DAYS ? 1 : 0;
  const days = ({ fullInDays }: CapacityReading) => fullInDays?.value ?? 0;
  return (
    rank(b) - rank(a) ||
    (rank(a) === 1 ? days(a) - days(b) : 0) ||
    b.usedRatio - a.usedRatio ||
    compareNames(a.subject, b.subject)
  );
}
