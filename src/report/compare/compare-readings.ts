import { compareCounts } from '../assess/comparison/rules.ts';
import { seriesKey } from '../assess/subjects.ts';
import type { Finding, Reading } from '../model/report.ts';
import { isJudged } from '../model/report-values.ts';
import type { Common } from './compare-findings.ts';
import type { ReadingChange } from './difference.ts';
import { bothWays, directionOfLevels, levelOf, typicalLevel } from './levels.ts';
import type { ComparedIndicator, Side, Sides } from './side.ts';

type Pair = { then: ComparedIndicator; now: ComparedIndicator };
type Compared = { change: ReadingChange; direction: number };

/** Returns the readings that changed clearly although neither report has a finding, and how many others did not. */
export function compareReadings(
  { first, second }: Sides,
  common: Common,
): { changed: ReadingChange[]; unchanged: number } {
  const withFindings = new Set([...subjectsWithFindings(first), ...subjectsWithFindings(second)]);
  const all = [...second.indicators.values()].flatMap((now) => {
    const then = first.indicators.get(now.id);
    if (!then || !isComparable({ then, now })) return [];
    return compareIndicator({ then, now }, common).filter(
      ({ change }) => !withFindings.has(subjectKeyOf(change)),
    );
  });
  const changed = all.filter(({ direction }) => direction !== 0).map(({ change }) => change);
  return {
    changed: changed.toSorted((a, b) => sizeOf(b) - sizeOf(a)),
    unchanged: all.length - changed.length,
  };
}

function isComparable({ then, now }: Pair): boolean {
  return (
    isJudged(then.status) &&
    isJudged(now.status) &&
    then.unit === now.unit &&
    then.aggregation === now.aggregation
  );
}

function compareIndicator(pair: Pair, { sameLength }: Common): Compared[] {
  const { then, now } = pair;
  if (now.aggregation === 'total') return sameLength ? compareEach(pair, compareTotal) : [];
  // A chart of many subjects draws only the worst ones, which are others in each report.
  if (then.envelope === null && now.envelope === null) return compareEach(pair, compareLevel);
  const [levelThen, levelNow] = [typicalLevel(then), typicalLevel(now)];
  if (levelThen === null || levelNow === null) return [];
  const all = { subject: null, component: null, labels: {} };
  return [
    comparedOf(
      pair,
      all,
      { first: levelThen.median, second: levelNow.median },
      directionOfLevels(levelNow, levelThen),
    ),
  ];
}

function compareEach(
  pair: Pair,
  compare: (pair: Pair, readings: { before: Reading; after: Reading }) => Compared[],
): Compared[] {
  return pair.now.readings.flatMap((after) => {
    const before = pair.then.readingByKey.get(seriesKey(after));
    return before === undefined ? [] : compare(pair, { before, after });
  });
}

function compareTotal(pair: Pair, { before, after }: { before: Reading; after: Reading }): Compared[] {
  if (before.value === null || after.value === null) return [];
  const values = { first: before.value, second: after.value };
  return [comparedOf(pair, after, values, bothWays(compareCounts, after.value, before.value))];
}

function compareLevel(pair: Pair, { before, after }: { before: Reading; after: Reading }): Compared[] {
  const [then, now] = [levelOf(pair.then, before), levelOf(pair.now, after)];
  if (then === null || now === null) return [];
  const values = { first: then.median, second: now.median };
  return [comparedOf(pair, after, values, directionOfLevels(now, then))];
}

function comparedOf(
  { now }: Pair,
  { subject, component, labels }: Pick<ReadingChange, 'subject' | 'component' | 'labels'>,
  values: Pick<ReadingChange, 'first' | 'second'>,
  direction: number,
): Compared {
  const { id: indicator, unit, aggregation } = now;
  const kind = aggregation === 'total' ? 'total' : 'median';
  return { change: { indicator, subject, component, labels, unit, kind, ...values }, direction };
}

function subjectsWithFindings({ worst }: Side): string[] {
  return [...worst.values()].map(subjectKeyOf);
}

function subjectKeyOf({
  indicator,
  subject,
  component,
}: Pick<ReadingChange, 'indicator' | 'subject' | 'component'> | Finding): string {
  return JSON.stringify([indicator, subject, component]);
}

/** Returns the change relative to the greater value, which is defined for all values. */
function sizeOf({ first, second }: ReadingChange): number {
  return Math.abs(second - first) / Math.max(Math.abs(first), Math.abs(second));
}
