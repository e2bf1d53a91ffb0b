import type { ReportIndicator } from '../model/report.ts';
import { type Grid, isKnown } from '../model/series.ts';
import { medianBetween, medianOf } from './medians.ts';
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
  return { series, envelope: envelopeOf(worstFirst, ranges) };
}

/** Returns the range and the median of all series at each chart point. */
function envelopeOf(
  all: readonly Pick<SubjectSeries, 'values'>[],
  ranges: readonly PointRange[],
): ReportIndicator['envelope'] {
  const middles = new Float64Array(all.length);
  const points = ranges.map(({ first, last }) => {
    let [low, high] = [Infinity, -Infinity];
    for (let one = 0; one < all.length; one += 1) {
      const { values } = all[one] as Pick<SubjectSeries, 'values'>;
      middles[one] = first === last ? (values[first] as number) : medianBetween(values, first, last + 1);
      for (let index = first; index <= last; index += 1) {
        const value = values[index] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const median = medianOf(middles);
    // Without any known value, the bounds stay infinite.
    return median === null ? null : { low, median, high };
  });
  return {
    low: points.map((point) => shorten(point?.low ?? null)),
    median: points.map((point) => shorten(point?.median ?? null)),
    high: points.map((point) => shorten(point?.high ?? null)),
  };
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
