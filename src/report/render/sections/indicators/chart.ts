import { extent } from 'd3-array';
import type { ChartSeries, ReportIndicator } from '../../../model/report.ts';
import { type LineChart, labelledStretches, lineChart } from '../../kit/charts/line-chart.ts';
import type { Values } from '../../kit/charts/lines.ts';
import { sparkline } from '../../kit/charts/small.ts';
import { type ValueAxis, valueAxis } from '../../kit/charts/value-axis.ts';
import { type Context, periodSeconds, titleOf } from '../../kit/context.ts';
import { breachesOf, missingStretches } from '../../kit/episodes.ts';
import { type LimitLine, limitLines } from '../../kit/limits.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { name, type Phrase, phrase, plain } from '../../kit/phrase.ts';
import { lineLabel, placeOf } from '../../kit/place.ts';

export type ChartView = {
  svg: Markup;
  /** For narrow screens, where the ends of the lines have no room for names. */
  legend: { className: string; name: Phrase }[];
  notes: string[];
};

/** Of the plot, in pixels: a chart with something to see in it, one without, and one of a pair. */
const SIZES = {
  finding: { height: 168, ticks: 4 },
  calm: { height: 96, ticks: 3 },
  small: { height: 64, ticks: 2 },
} as const;

/** `small`: half as wide, without names at the ends of its lines. */
export type ChartSize = 'full' | 'small';

/** Lines that a chart names: all breached ones up to this many, and at least the worst. */
const MOST_NAMED = 4;
const LEAST_NAMED = 1;

/** So few lines are all named. */
const FEW = 3;

/** More lines than this beside the named ones are drawn as a band: nobody can follow them. */
const MOST_OTHERS = { full: 12, small: 3 } as const;

/** A limit is drawn when the values come to this part of it; else it would press them flat on the base line. */
const NEAR = 0.4;

export function chartView(context: Context, indicator: ReportIndicator, form: ChartSize): ChartView {
  const { words, report } = context;
  const findings = report.findings.filter((finding) => finding.indicator === indicator.id);
  const { named, others } = chooseNamed(indicator, findings.length);
  const isSmall = form === 'small';
  const size = isSmall ? SIZES.small : findings.length > 0 ? SIZES.finding : SIZES.calm;
  const { axis, drawn, beyond } = axisOf(context, indicator, size.ticks);
  const nameOf = (series: ChartSeries) => words.place(placeOf(context, series));
  const isOnly = indicator.series.length === 1;
  const title = titleOf(context, indicator.id);
  const band =
    indicator.envelope ?? (others.length > MOST_OTHERS[form] ? envelopeOf(indicator.series) : null);

  const gaps = missingStretches(context, indicator, named);
  const missing = isSmall ? gaps.map((gap) => ({ ...gap, label: '' })) : gaps;
  const chart: LineChart = {
    title,
    description: describe(context, indicator),
    height: size.height,
    axis,
    ticks: periodTicks(context),
    steps: periodSeconds(context) / report.period.chartStepSeconds,
    named: named.map((series) => ({
      // The only line of a chart is what its title says.
      label: isOnly || isSmall ? '' : lineLabel(context, series, isOfOne(indicator)),
      name: plain(nameOf(series)),
      values: series.values,
    })),
    others:
      band === null ? others.map((series) => ({ name: plain(nameOf(series)), values: series.values })) : [],
    band,
    limits: drawn.map((limit) => ({ ...limit, label: isSmall ? '' : limitLabel(context, indicator, limit) })),
    breaches: breachesOf(context, findings),
    missing,
  };
  return {
    svg: markup(lineChart(chart)),
    legend: [
      ...(isOnly
        ? []
        : named.map((series, index) => ({
            className: `line-${index + 1}`,
            name: isSmall ? shortName(context, indicator, series) : nameOf(series),
          }))),
      // Below a small chart the thresholds stand as a sentence.
      ...(isSmall ? [] : chart.limits).map(({ severity, label }) => ({
        className: `limit ${severity}`,
        name: phrase`${label}`,
      })),
    ].filter((_, __, all) => !isSmall || all.length > 1),
    notes: [
      ...(isSmall
        ? []
        : notesOf(context, indicator, { isBand: band !== null, others: others.length, beyond })),
      ...hatchedNote(context, isSmall ? missing.filter(({ subject }) => subject !== '') : missing),
    ],
  };
}

function isOfOne({ series: [first, ...others] }: ReportIndicator): boolean {
  return others.every(({ subject }) => subject === first?.subject);
}

/** Where all lines are of one subject, what tells them apart. */
function shortName(context: Context, indicator: ReportIndicator, series: ChartSeries): Phrase {
  const { labels } = placeOf(context, series);
  return isOfOne(indicator) && labels !== '' ? name(labels) : context.words.place(placeOf(context, series));
}

/** What the eye cannot know of a chart. */
function notesOf(
  context: Context,
  indicator: ReportIndicator,
  { isBand, others, beyond }: { isBand: boolean; others: number; beyond: readonly LimitLine[] },
): string[] {
  const { words, format, report } = context;
  const said = words.chart;
  const { settleSeconds } = indicator;
  const hasStart = report.coverage.targets.some(
    ({ component, restarts }) => restarts.length > 0 && indicator.components.includes(component),
  );
  const grey = isBand
    ? indicator.envelope === null
      ? said.band(indicator.series.length)
      : said.bandWithoutCount
    : others > 0
      ? said.others(others)
      : '';
  return [
    grey,
    beyond.length > 0 ? said.limitsAbove(beyond.map((limit) => limitLabel(context, indicator, limit))) : '',
    settleSeconds > 0 && hasStart ? said.settling(format.duration(settleSeconds)) : '',
  ].filter((note) => note !== '');
}

/** Whose data is missing where the chart itself does not say it. */
function hatchedNote({ words }: Context, gaps: ReturnType<typeof missingStretches>): string[] {
  const labelled = labelledStretches(gaps);
  const hatched = new Set(gaps.map(({ subject }) => subject));
  for (const { subject } of labelled) hatched.delete(subject);
  return hatched.size === 0 ? [] : [words.chart.hatched([...hatched].filter((subject) => subject !== ''))];
}

function limitLabel({ words, format }: Context, { unit }: ReportIndicator, limit: LimitLine): string {
  return words.chart.limit(limit.severity, format.value(limit.value, unit));
}

/** The document lists the worst lines first. */
function chooseNamed({ series, readings }: ReportIndicator, findings: number) {
  const count = series.length <= FEW ? series.length : Math.max(LEAST_NAMED, Math.min(MOST_NAMED, findings));
  const worst = readings.slice(0, count).flatMap((reading) => series.find(belongsTo(reading)) ?? []);
  const named = [...new Set([...worst, ...series])].slice(0, count);
  return { named, others: series.filter((one) => !named.includes(one)) };
}

function belongsTo(reading: ReportIndicator['readings'][number]) {
  return (series: ChartSeries) =>
    series.subject === reading.subject &&
    Object.entries(reading.labels).every(([label, value]) => series.labels[label] === value);
}

function valuesOf({ series, envelope }: ReportIndicator): number[] {
  const all = envelope === null ? [] : [envelope.low, envelope.high];
  return [...all, ...series.map(({ values }) => values)]
    .flat()
    .filter((value): value is number => value !== null);
}

function axisOf(
  context: Context,
  indicator: ReportIndicator,
  ticks: number,
): { axis: ValueAxis; drawn: LimitLine[]; beyond: LimitLine[] } {
  const { format, words } = context;
  const { unit } = indicator;
  const [lowest = 0, highest = 0] = extent(valuesOf(indicator));
  const limits = limitLines(indicator.thresholds);
  const near = limits.filter(({ value, isBelow }) => !isBelow && value * NEAR <= highest);
  const top = Math.max(highest, ...near.map(({ value }) => value * 1.04));
  // Flow counts are in the thousands and what matters is their change; everything else is read from zero.
  const base = unit === 'flows' ? lowest : Math.min(0, lowest);
  const noun = (amount: string, value: number) => words.noun(amount, value, unit);
  const axis = valueAxis(base, top, unit, format, noun, ticks);
  const range = axis.high - axis.low;
  return {
    axis,
    drawn: limits.filter(({ value }) => value <= axis.high && value >= axis.low + range * 0.05),
    beyond: limits.filter(({ value, isBelow }) => !isBelow && value > axis.high),
  };
}

function describe(context: Context, indicator: ReportIndicator): string {
  const { format, words, report } = context;
  const [lowest = 0, highest = 0] = extent(valuesOf(indicator));
  return words.chart.description({
    subjects: Math.max(indicator.series.length, indicator.readings.length),
    highest: format.value(highest, indicator.unit),
    lowest: format.value(lowest, indicator.unit),
    from: format.dateTime(report.period.start),
    to: format.dateTime(report.period.end),
  });
}

function envelopeOf(series: readonly ChartSeries[]): { low: Values; median: Values; high: Values } {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  const columns = Array.from({ length: count }, (_, index) =>
    series.flatMap(({ values }) => values[index] ?? []).sort((a, b) => a - b),
  );
  return {
    low: columns.map((column) => column[0] ?? null),
    median: columns.map((column) => column[Math.floor(column.length / 2)] ?? null),
    high: columns.map((column) => column.at(-1) ?? null),
  };
}

/** A sparkline is some hundred pixels wide. */
const SPARK_POINTS = 120;

export function sparklineView(context: Context, indicator: ReportIndicator): Markup | null {
  const [worst] = indicator.series;
  const [reading] = indicator.readings;
  if (worst === undefined || reading === undefined) return null;
  const line = indicator.series.find(belongsTo(reading)) ?? worst;
  const band = indicator.envelope ?? (indicator.series.length > 1 ? envelopeOf(indicator.series) : null);
  const { axis, drawn } = axisOf(context, indicator, SIZES.calm.ticks);
  return markup(
    sparkline({
      title: context.words.overview.courseDescription(titleOf(context, indicator.id)),
      low: axis.low,
      high: axis.high,
      worst: thin(line.values, Math.max),
      band: band && { low: thin(band.low, Math.min), high: thin(band.high, Math.max) },
      limits: drawn,
    }),
  );
}

/** Several steps as one, by their extreme, so that no peak is lost. */
function thin(values: Values, choose: (...values: number[]) => number): Values {
  const size = Math.ceil(values.length / SPARK_POINTS);
  if (size <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const own = values.slice(index * size, (index + 1) * size).filter((value) => value !== null);
    return own.length === 0 ? null : choose(...own);
  });
}
