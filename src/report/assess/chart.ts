import { max, min } from 'd3-array';
import type { ReportIndicator } from '../model/report.ts';
import { type Grid, isKnown, knownValues } from '../model/series.ts';
import { medianOf } from './medians.ts';
import type { SubjectSeries } from './subjects.ts';

/** Up to this many series, a chart names each: readers can distinguish them, and all nodes of a small cluster fit. */
const MOST_NAMED = 16;

/** A chart with more series names this many and draws the range of all. */
const NAMED_AMONG_MANY = 6;

/** Significant digits of chart values. A chart some 200 units high shows half of them; readings keep all digits. */
const CHART_DIGITS = 5;

/** Upper bound on the points of a chart, which is some 700 pixels wide. */
const CHART_POINTS = 300;

/** Preferred chart steps in seconds; they divide hours or days. */
const PREFERRED_STEPS = [600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const;

/** A range of points of the grid, both ends included. */
export type PointRange = { first: number; last: number };

/** Returns the seconds between two points of a chart: the step of the grid, or a multiple of it for long periods. */
export function chartStepOf({ stepSeconds, count }: Grid): number {
  if (count <= CHART_POINTS) return stepSeconds;
  const least = (stepSeconds * count) / CHART_POINTS;
  const preferred = PREFERRED_STEPS.find((step) => step >= least && step % stepSeconds === 0);
  return preferred ?? Math.ceil(count / CHART_POINTS) * stepSeconds;
}

/** Returns the points of the grid that each chart point stands for. The first range may be shorter than the others. */
export function chartRanges(grid: Grid): PointRange[] {
  const width = Math.round(chartStepOf(grid) / grid.stepSeconds);
  const count = Math.ceil(grid.count / width);
  return Array.from({ length: count }, (_, index) => {
    const last = grid.count - (count - 1 - index) * width - 1;
    return { first: Math.max(0, last - width + 1), last };
  });
}

/** Returns the named series of a chart and, if there are too many to name all, the range and median of all. */
export function chartOf(
  worstFirst: readonly Pick<SubjectSeries, 'subject' | 'labels' | 'values'>[],
  grid: Grid,
): Pick<ReportIndicator, 'series' | 'envelope'> {
  const hasMany = worstFirst.length > MOST_NAMED;
  const named = worstFirst.slice(0, hasMany ? NAMED_AMONG_MANY : MOST_NAMED);
  const ranges = chartRanges(grid);
  const isCondensed = ranges.length < grid.count;
  const series = named.map(({ subject, labels, values }) => {
    const median = isCondensed ? medianOf(values) : null;
    return { subject, labels, values: ranges.map((range) => shorten(farthest(values, range, median))) };
  });
  if (!hasMany) return { series, envelope: null };
  const columns = ranges.map((range) => worstFirst.map(({ values }) => summarize(values, range)));
  return {
    series,
    envelope: {
      low: columns.map((column) => shorten(min(column, ({ low }) => low) ?? null)),
      median: columns.map((column) => shorten(medianOf(column.map(({ median }) => median)))),
      high: columns.map((column) => shorten(max(column, ({ high }) => high) ?? null)),
    },
  };
}

/** NaN if no point is known. */
type Summary = { low: number; median: number; high: number };

function summarize(values: SubjectSeries['values'], { first, last }: PointRange): Summary {
  if (first === last) {
    const value = values[first] as number;
    return { low: value, median: value, high: value };
  }
  const known = knownValues(values.subarray(first, last + 1));
  const unknown = Number.NaN;
  return { low: min(known) ?? unknown, median: medianOf(known) ?? unknown, high: max(known) ?? unknown };
}

/** Returns the value farthest from the series' median, so that a chart does not lose a spike. */
function farthest(
  values: SubjectSeries['values'],
  { first, last }: PointRange,
  median: number | null,
): number | null {
  const distance = (value: number) => Math.abs(value - (median ?? 0));
  let found: number | null = null;
  for (let index = first; index <= last; index += 1) {
    const value = values[index];
    if (isKnown(value) && (found === null || distance(value) > distance(found))) found = value;
  }
  return found;
}

function shorten(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(CHART_DIGITS));
}
