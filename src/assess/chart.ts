import { max, min } from 'd3-array';
import type { ReportIndicator } from '../model/report.ts';
import { type Line, medianOf } from './subjects.ts';

/** As many lines as a reader can still tell apart in one chart, with room for every node of a small cluster. */
const NAMED_LINES = 16;

/** Where a chart cannot name every line, it names so many: more would be a tangle over the band of the others. */
const NAMED_AMONG_MANY = 6;

/** Digits that a chart of some 200 units of height can show, twice over; the readings keep all of them. */
const CHART_DIGITS = 5;

/** What a chart needs: the worst lines by name, and the range and middle of all when they are too many to name. */
export function chartOf(worstFirst: readonly Line[]): Pick<ReportIndicator, 'series' | 'envelope'> {
  const many = worstFirst.length > NAMED_LINES;
  const named = worstFirst.slice(0, many ? NAMED_AMONG_MANY : NAMED_LINES);
  const series = named.map(({ subject, labels, values }) => ({
    subject,
    labels,
    values: values.map(shorten),
  }));
  if (!many) return { series, envelope: null };
  const count = worstFirst[0]?.values.length ?? 0;
  const columns = Array.from({ length: count }, (_, index) =>
    worstFirst.map((line) => line.values[index] ?? null),
  );
  return {
    series,
    envelope: {
      low: columns.map((column) => shorten(min(column, (value) => value ?? undefined) ?? null)),
      median: columns.map((column) => shorten(medianOf(column))),
      high: columns.map((column) => shorten(max(column, (value) => value ?? undefined) ?? null)),
    },
  };
}

function shorten(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(CHART_DIGITS));
}
