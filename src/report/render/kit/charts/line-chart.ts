import { scaleLinear } from 'd3-scale';
import type { Severity, Unit } from '../../../model/indicator.ts';
import type { Span } from '../episodes.ts';
import type { Precision } from '../precision.ts';
import { bandPath, linePaths, type ValueScale, type Values } from './lines.ts';
import { plotScale } from './plot-scale.ts';
import { element, percent, short, textElement } from './svg.ts';
import { type AxisTick, timeLabels, timeLines } from './time-axis.ts';
import type { ValueAxis } from './value-axis.ts';

/** A chart of lines with all its texts. Positions in time are shares of the period, from 0 to 1. */
export type LineChart = {
  title: string;
  description: string;
  /** The height of the plot without its labels, in pixels. */
  height: number;
  axis: ValueAxis;
  /** The unit of the values, and how exactly it is written. */
  unit: Unit;
  precision: Precision;
  ticks: readonly AxisTick[];
  /** Number of steps of the period. The last value of every line is at its end. */
  steps: number;
  named: readonly { label: string; name: string; values: Values }[];
  others: readonly { name: string; values: Values }[];
  band: { low: Values; median: Values; high: Values } | null;
  thresholds: readonly { severity: Severity; value: number; label: string }[];
  breaches: readonly (Span & { severity: Severity })[];
  gaps: readonly Gap[];
};

/** A span without data. */
export type Gap = Span & { label: string };

const TOP = 16;
const BOTTOM = 22;
/** Width of the labels of the value axis. The stylesheet leaves as much room on the left of the plot. */
const LEFT = 44;
const LABEL_HEIGHT = 14;

/** Labels above the plot, as shares of its width: a character, the room of the value axis, the smallest labelled gap. */
const CHARACTER = 0.014;
const LABELS_FROM = 0.1;
const MIN_LABELLED_GAP = 0.008;

/**
 * Returns a chart as SVG. It has no viewBox: positions in time are percentages and heights are pixels, so that it takes
 * any width while its text keeps its size. Only the plot inside is stretched; its strokes keep their width.
 */
export function lineChart(chart: LineChart): string {
  const { axis, height } = chart;
  const y = scaleLinear()
    .domain([axis.low, axis.high])
    .range([TOP + height, TOP]);
  return element(
    'svg',
    { class: 'chart', role: 'img', height: TOP + height + BOTTOM },
    textElement('title', {}, chart.title),
    textElement('desc', {}, chart.description),
    chart.breaches
      .map((breach) => spanRect(breach, `breach ${breach.severity}`, height, MIN_WIDTH.breach))
      .join(''),
    gapRects(chart.gaps, height),
    axis.ticks.map(({ value, label }) => valueTick(y(value), label, value === axis.low)).join(''),
    timeLines(chart.ticks, TOP + height),
    plot(chart),
    thresholdLines(chart, y),
    timeLabels(chart.ticks, TOP + height + 16, true),
    endLabels(chart, y),
  );
}

/** Minimum widths, so that one step of a month is visible, and a breach also behind its own peak. */
const MIN_WIDTH = { gap: 0.003, breach: 0.022 };

function spanRect({ from, to }: Span, className: string, height: number, minWidth: number): string {
  const width = Math.max(to - from, minWidth);
  const x = Math.max(0, Math.min((from + to - width) / 2, 1 - width));
  return element('rect', { class: className, x: percent(x), y: TOP, width: percent(width), height });
}

/** Draws gaps hatched, with labels above the plot as far as there is room. */
function gapRects(gaps: readonly Gap[], height: number): string {
  const labelled = labelledGaps(gaps);
  return gaps
    .map((gap) => {
      const x = percent((gap.from + gap.to) / 2);
      const label = labelled.has(gap)
        ? textElement('text', { class: 'missing', x, y: TOP - 4 }, gap.label)
        : '';
      return `${spanRect(gap, 'no-data', height, MIN_WIDTH.gap)}${label}`;
    })
    .join('');
}

/** Returns the gaps whose labels have room. A note must explain the others. */
export function labelledGaps<T extends Gap>(gaps: readonly T[]): Set<T> {
  let end = LABELS_FROM;
  return new Set(
    gaps.filter((gap) => {
      if (gap.label === '') return false;
      const width = gap.label.length * CHARACTER;
      const middle = (gap.from + gap.to) / 2;
      const hasRoom = middle - width / 2 >= end && gap.to - gap.from >= MIN_LABELLED_GAP;
      if (hasRoom) end = middle + width / 2;
      return hasRoom;
    }),
  );
}

function valueTick(y: number, label: string, isBase: boolean): string {
  return (
    element('line', {
      class: isBase ? 'base' : 'grid-line',
      x1: isBase ? 0 : -LEFT,
      x2: '100%',
      y1: y,
      y2: y,
    }) + textElement('text', { class: 'value', x: -LEFT, y: isBase ? y + 3 : y - 3 }, label)
  );
}

function plot({ axis, height, unit, precision, steps, named, others, band }: LineChart): string {
  const count = Math.max(
    0,
    ...[...named, ...others].map(({ values }) => values.length),
    band?.high.length ?? 0,
  );
  const drawn = [...named, ...others].map(({ values }) => values);
  const all = [...drawn, ...(band === null ? [] : [band.low, band.median, band.high])].flat();
  const scale = plotScale(
    all.filter((value) => value !== null),
    axis,
    height,
    precision,
  );
  const { y } = scale;
  const titled = (name: string, content: string) => element('g', {}, textElement('title', {}, name), content);
  return element(
    'svg',
    {
      class: 'plot',
      y: TOP,
      width: '100%',
      height,
      viewBox: `${short(count - steps)} ${short(scale.top)} ${short(steps)} ${short(scale.height)}`,
      'data-unit': unit,
      'data-step': String(scale.step),
      preserveAspectRatio: 'none',
    },
    band === null ? '' : bandPath(band.low, band.high, y) + linePaths(band.median, y, 'median'),
    others.map(({ name, values }) => titled(name, linePaths(values, y, 'other'))).join(''),
    // The worst line is drawn last, over all others.
    named
      .map(({ name, values }, index) => titled(name, linePaths(values, y, `line-${index + 1}`)))
      .toReversed()
      .join(''),
  );
}

function thresholdLines({ thresholds }: LineChart, y: ValueScale): string {
  return thresholds
    .map(({ severity, value }) =>
      element('line', { class: `threshold ${severity}`, x1: 0, x2: '100%', y1: y(value), y2: y(value) }),
    )
    .join('');
}

/** Writes the names of lines and thresholds at their right ends, moved apart where they would overlap. */
function endLabels({ named, thresholds, height }: LineChart, y: ValueScale): string {
  const ends = [
    ...named.flatMap(({ label, values }, index) => {
      const end = values.findLast((value) => value !== null);
      return label === '' || end == null ? [] : [{ label, className: `line-${index + 1}`, at: y(end) }];
    }),
    ...thresholds.flatMap(({ label, severity, value }) =>
      label === '' ? [] : [{ label, className: `threshold ${severity}`, at: y(value) }],
    ),
  ];
  if (ends.length === 0) return '';
  const places = spread(
    ends.map(({ at }) => at),
    LABEL_HEIGHT,
    TOP,
    TOP + height,
  );
  const labels = ends.map(({ label, className, at }, index) => {
    const to = places[index] ?? at;
    return (
      element('path', { class: `leader ${className}`, d: `M2 ${short(at)}L9 ${short(to)}h4` }) +
      textElement('text', { class: `name ${className}`, x: 17, y: to + 4 }, label)
    );
  });
  return element('svg', { class: 'names', x: '100%', width: 1, height: 1 }, ...labels);
}

/**
 * Moves positions as little as possible until they are at least `gap` from each other, within bounds. Returns
 * the new positions in the given order.
 */
export function spread(wanted: readonly number[], gap: number, from: number, to: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Groups of touching labels, each at the average position that its members want.
  const groups: { members: number[]; start: number }[] = [];
  for (const index of order) {
    groups.push({ members: [index], start: wanted[index] ?? 0 });
    for (;;) {
      const last = groups.at(-1);
      const before = groups.at(-2);
      if (!last || !before || before.start + before.members.length * gap <= last.start) break;
      const members = [...before.members, ...last.members];
      const start =
        members.reduce((sum, member, rank) => sum + (wanted[member] ?? 0) - rank * gap, 0) / members.length;
      groups.splice(-2, 2, { members, start });
    }
  }
  const placed = new Array<number>(wanted.length).fill(0);
  let end = from;
  for (const { members, start } of groups) {
    const room = to - (members.length - 1) * gap;
    const first = Math.max(end, Math.min(start, room));
    for (const [rank, member] of members.entries()) placed[member] = first + rank * gap;
    end = first + members.length * gap;
  }
  return placed;
}
