import type { Indicator } from '../model/indicator.ts';
import type { CapacityReading } from '../model/report-analysis.ts';
import type { Gathered } from '../model/series.ts';
import { daysUntil } from './forecast.ts';
import { trendOf } from './level-changes/level-changes.ts';
import { type Line, linesOf, type Subject, subjectOfIndicator } from './subjects.ts';

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
  // One that could not be asked for may be the one that binds.
  if (Object.values(gathered.limits[indicator.id] ?? {}).some(({ ok }) => !ok)) return [];
  const lines = linesOf(indicator, answer.value);
  const limitFor = limitsOf(indicator, lines, gathered);
  return lines.flatMap((line) => {
    const limit = limitFor(line);
    const value = lastValue(line);
    return limit && value !== null ? [readingOf(indicator, line, value, limit, gathered)] : [];
  });
}

/** Which limit binds a line: the lowest of those that are known of its subject. */
function limitsOf(
  indicator: Indicator,
  lines: readonly Line[],
  gathered: Gathered,
): (line: Line) => Limit | undefined {
  const limits = indicator.capacity?.limits ?? [];
  const asked = limits.flatMap(({ id }) => {
    const answer = gathered.limits[indicator.id]?.[id];
    // Of several of one subject, as when the controller has just moved, the lowest comes last and holds.
    const known = (answer?.ok ? answer.value : [])
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value)
      .map(({ labels, value }) => ({ of: subjectOfIndicator(indicator, labels), value }));
    return [...Map.groupBy(known, ({ of }) => of.component)].map(([component, own]) => ({
      id,
      component,
      bySubject: new Map(own.map(({ of, value }) => [of.subject, value])),
      common: commonOf(
        own,
        lines.filter((line) => line.component === component),
      ),
    }));
  });
  const fixed = limits.flatMap((limit) => ('value' in limit ? [{ id: limit.id, value: limit.value }] : []));
  return (line) => {
    const own = asked.flatMap(({ id, component, bySubject, common }) => {
      const value = component === line.component ? (bySubject.get(line.subject) ?? common) : null;
      return value === null ? [] : [{ id, value }];
    });
    return [...fixed, ...own].filter(({ value }) => value > 0).sort((a, b) => a.value - b.value)[0];
  };
}

/**
 * Who exports a limit may call nodes by other names than the scrape configuration of Antrea does, which may only know
 * their addresses. Where not one is the same, but all nodes have the same limit, it is everybody's.
 */
function commonOf(known: readonly { of: Subject; value: number }[], lines: readonly Line[]): number | null {
  const [first] = known;
  const isNamed = known.some(({ of }) => lines.some(({ subject }) => subject === of.subject));
  if (first === undefined || isNamed || known.length < new Set(lines.map(({ subject }) => subject)).size)
    return null;
  return known.every(({ value }) => value === first.value) ? first.value : null;
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
