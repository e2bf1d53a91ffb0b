import type { Indicator } from '../model/indicator.ts';
import type { CapacityReading } from '../model/report-depth.ts';
import type { Gathered } from '../model/series.ts';
import { daysUntil } from './forecast.ts';
import { trendOf } from './level-changes.ts';
import { keyOf, type Line, linesOf, subjectOfIndicator } from './subjects.ts';

/** Of large clusters the fullest are worth telling; nobody reads on. */
const MOST_READINGS = 200;

/** What is full within so many days comes before what is only rather full. */
const SOON_DAYS = 30;

const DAY_SECONDS = 86_400;

type Limit = { id: string; value: number };

/** How much is used of everything that has a limit, and when the rest will be; worst first. */
export function capacityOf(indicators: readonly Indicator[], gathered: Gathered): CapacityReading[] {
  const readings = indicators.flatMap((indicator) => readingsOf(indicator, gathered));
  return readings.sort(worstFirst).slice(0, MOST_READINGS);
}

function readingsOf(indicator: Indicator, gathered: Gathered): CapacityReading[] {
  const { capacity } = indicator;
  const answer = gathered.history.capacity[indicator.id];
  if (capacity === undefined || !answer?.ok) return [];
  const limitFor = limitsOf(indicator, gathered);
  return linesOf(indicator, answer.value, gathered.jobs).flatMap((line) => {
    const limit = limitFor(line);
    const value = lastValue(line);
    return limit && value !== null ? [readingOf(indicator, line, value, limit, gathered)] : [];
  });
}

/** Which limit binds a line: the lowest of those that are known of its subject. */
function limitsOf(indicator: Indicator, gathered: Gathered): (line: Line) => Limit | undefined {
  const limits = indicator.capacity?.limits ?? [];
  const asked = new Map<string, Limit[]>();
  for (const limit of limits) {
    const answer = gathered.limits[indicator.id]?.[limit.id];
    for (const { labels, value } of answer?.ok ? answer.value : []) {
      const key = keyOf(subjectOfIndicator(indicator, labels, gathered.jobs));
      asked.set(key, [...(asked.get(key) ?? []), { id: limit.id, value }]);
    }
  }
  const fixed = limits.flatMap((limit) => ('value' in limit ? [{ id: limit.id, value: limit.value }] : []));
  return (line) =>
    [...fixed, ...(asked.get(keyOf(line)) ?? [])]
      .filter(({ value }) => value > 0)
      .sort((a, b) => a.value - b.value)[0];
}

/** Of the last hour, or the one before it, while the last is not over for everybody. */
function lastValue({ values }: Line): number | null {
  return values.at(-1) ?? values.at(-2) ?? null;
}

function readingOf(
  { id, capacity }: Indicator,
  { subject, component, labels, values }: Line,
  value: number,
  limit: Limit,
  { history: { grid } }: Gathered,
): CapacityReading {
  const first = values.findIndex((one) => one !== null);
  const trend = trendOf(values, grid)?.perDay ?? null;
  const historyDays = ((values.length - first) * grid.stepSeconds) / DAY_SECONDS;
  const isRising = trend !== null && trend.value > 0 && value < limit.value;
  return {
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
  };
}

function worstFirst(a: CapacityReading, b: CapacityReading): number {
  const rank = ({ usedRatio, fullInDays }: CapacityReading) =>
    usedRatio >= 1 ? 2 : fullInDays && fullInDays.value <= SOON_DAYS ? 1 : 0;
  const days = ({ fullInDays }: CapacityReading) => fullInDays?.value ?? 0;
  return rank(b) - rank(a) || (rank(a) === 1 ? days(a) - days(b) : 0) || b.usedRatio - a.usedRatio;
}
