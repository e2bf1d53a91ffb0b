import { max, min } from 'd3-array';
import type { ReportIndicator } from '../model/report.ts';
import type { Grid } from '../model/series.ts';
import { type Line, medianOf } from './subjects.ts';

/** As many lines as a reader can still tell apart in one chart, with room for every node of a small cluster. */
const NAMED_LINES = 16;

/** Where a chart cannot name every line, it names so many: more would be a tangle over the band of the others. */
const NAMED_AMONG_MANY = 6;

/** Digits that a chart of some 200 units of height can show, twice over; the readings keep all of them. */
const CHART_DIGITS = 5;

/** A chart of some 700 pixels shows no more points. */
const CHART_POINTS = 300;

/** What several points of a long period are drawn as: steps that divide hours and days. */
const CHART_STEPS = [600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const;

/** The distance of a chart's points: that of the judged ones, or a multiple of it where they are too many. */
export function chartStepOf({ stepSeconds, count }: Grid): number {
  if (count <= CHART_POINTS) return stepSeconds;
  const least = (stepSeconds * count) / CHART_POINTS;
  const usual = CHART_STEPS.find((step) => step >= least && step % stepSeconds === 0);
  return usual ?? Math.ceil(count / CHART_POINTS) * stepSeconds;
}

/**
 * The points of a grid in the stretches that a chart's points stand for; the last stretch ends with the period, and
 * the first may be shorter.
 */
export function chartStretches(grid: Grid): { first: number; last: number }[] {
  const each = Math.round(chartStepOf(grid) / grid.stepSeconds);
  const count = Math.ceil(grid.count / each);
  return Array.from({ length: count }, (_, index) => {
    const last = grid.count - (count - 1 - index) * each - 1;
    return { first: Math.max(0, last - each + 1), last };
  });
}

/** What a chart needs: the worst lines by name, and the range and middle of all when they are too many to name. */
export function chartOf(
  worstFirst: readonly Line[],
  grid: Grid,
): Pick<ReportIndicator, 'series' | 'envelope'> {
  const many = worstFirst.length > NAMED_LINES;
  const named = worstFirst.slice(0, many ? NAMED_AMONG_MANY : NAMED_LINES);
  const stretches = chartStretches(grid);
  const series = named.map(({ subject, labels, values }) => {
    const median = stretches.length < grid.count ? medianOf(values) : null;
    return { subject, labels, values: stretches.map((one) => shorten(farthest(values, one, median))) };
  });
  if (!many) return { series, envelope: null };
  const columns = stretches.map(({ first, last }) =>
    first === last
      ? worstFirst.map(({ values }) => oneOf(values[first] ?? null))
      : worstFirst.map(({ values }) => rangeOf(values.slice(first, last + 1))),
  );
  return {
    series,
    envelope: {
      low: columns.map((column) => shorten(min(column, ({ low }) => low ?? undefined) ?? null)),
      median: columns.map((column) => shorten(medianOf(column.map(({ middle }) => middle)))),
      high: columns.map((column) => shorten(max(column, ({ high }) => high ?? undefined) ?? null)),
    },
  };
}

type Range = { low: number | null; middle: number | null; high: number | null };

function oneOf(value: number | null): Range {
  return { low: value, middle: value, high: value };
}

function rangeOf(values: readonly (number | null)[]): Range {
  const [low, high] = [min, max].map((pick) => pick(values, (value) => value ?? undefined) ?? null);
  return { low: low ?? null, middle: medianOf(values), high: high ?? null };
}

/** Of several points the one that a chart must not lose: the farthest from what the line usually has. */
function farthest(
  values: readonly (number | null)[],
  { first, last }: { first: number; last: number },
  median: number | null,
): number | null {
  let found: number | null = null;
  for (let index = first; index <= last; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    if (found === null || Math.abs(value - (median ?? 0)) > Math.abs(found - (median ?? 0))) found = value;
  }
  return found;
}

function shorten(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(CHART_DIGITS));
}
