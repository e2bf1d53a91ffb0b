import { allTargets, countReadings } from '../../../model/all-rows.ts';
import type { ChartSeries, ReportIndicator } from '../../../model/report.ts';
import { labelledGaps, lineChart } from '../../kit/charts/line-chart.ts';
import { type Context, periodSeconds, titleOf } from '../../kit/context.ts';
import { breachesOf } from '../../kit/episodes.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { name, type Phrase, phrase, plain } from '../../kit/phrase.ts';
import { lineLabel, placeOf } from '../../kit/place.ts';
import { precisionOf } from '../../kit/precision.ts';
import { type ThresholdLine, thresholdLines } from '../../kit/thresholds.ts';
import { findingsAbout } from '../incidents/finding-groups.ts';
import { axisOf, belongsTo, envelopeOf, extremesOf } from './chart-data.ts';
import { type DataGap, dataGaps } from './missing-data.ts';
import { INDICATOR_WORDS } from './words.ts';

export type ChartView = {
  svg: Markup;
  /** For narrow screens, where the ends of the lines have no room for names. */
  legend: { className: string; name: Phrase }[];
  notes: string[];
};

/** `small`: half as wide, without names at the ends of its lines. */
export type ChartSize = 'full' | 'small';

/** Height of the plot in pixels, and its ticks. */
const SIZES = {
  withFindings: { height: 168, ticks: 4 },
  withoutFindings: { height: 96, ticks: 3 },
  small: { height: 64, ticks: 2 },
} as const;

/** Up to this many lines are all named. With more, one line per finding is named, between the other two limits. */
const FEW_LINES = 3;
const MIN_NAMED = 1;
const MAX_NAMED = 4;

/** More unnamed lines than this are drawn as a band, because nobody can follow them. */
const MAX_OTHERS = { full: 12, small: 3 } as const;

export function chartView(context: Context, indicator: ReportIndicator, size: ChartSize): ChartView {
  const { words: shared, report, language } = context;
  const findings = findingsAbout(report, indicator.id);
  const { named, others } = chooseNamed(indicator, findings.length);
  const isSmall = size === 'small';
  const { height, ticks } = isSmall
    ? SIZES.small
    : findings.length > 0
      ? SIZES.withFindings
      : SIZES.withoutFindings;
  const { axis, drawn, above } = axisOf(context, indicator, ticks);
  const nameOf = (series: ChartSeries) => shared.place(placeOf(context, series));
  const isOnlyLine = indicator.series.length === 1;
  const band = indicator.envelope ?? (others.length > MAX_OTHERS[size] ? envelopeOf(indicator.series) : null);
  const gaps = dataGaps(context, indicator, named).map((gap) => (isSmall ? { ...gap, label: '' } : gap));
  const svg = lineChart({
    title: titleOf(context, indicator.id),
    description: descriptionOf(context, indicator),
    height,
    axis,
    unit: indicator.unit,
    precision: precisionOf(indicator.unit),
    ticks: periodTicks(context),
    steps: periodSeconds(context) / report.period.chartStepSeconds,
    named: named.map((series) => ({
      // The title of the chart already names an only line.
      label: isOnlyLine || isSmall ? '' : lineLabel(context, series, hasOneSubject(indicator)),
      name: plain(nameOf(series)),
      values: series.values,
    })),
    others:
      band === null ? others.map((series) => ({ name: plain(nameOf(series)), values: series.values })) : [],
    band,
    thresholds: drawn.map((threshold) => ({
      ...threshold,
      label: isSmall ? '' : thresholdLabel(context, indicator, threshold),
    })),
    breaches: breachesOf(context, findings),
    gaps,
  });
  const lines = isOnlyLine ? [] : named;
  if (isSmall)
    return {
      svg: markup(svg),
      // A small chart with one line needs no legend.
      legend: lines.length > 1 ? lineLegend(lines, (series) => shortName(context, indicator, series)) : [],
      notes: [
        ...settlingNotes(context, indicator),
        ...hatchedNotes(
          language,
          gaps.filter(({ subject }) => subject !== ''),
        ),
      ],
    };
  const thresholds = drawn.map((threshold) => ({
    className: `threshold ${threshold.severity}`,
    name: phrase`${thresholdLabel(context, indicator, threshold)}`,
  }));
  const notes = notesOf(context, indicator, { grey: band === null ? others.length : null, above });
  return {
    svg: markup(svg),
    legend: [...lineLegend(lines, nameOf), ...thresholds],
    notes: [...notes, ...hatchedNotes(language, gaps)],
  };
}

function lineLegend(
  lines: readonly ChartSeries[],
  nameOf: (series: ChartSeries) => Phrase,
): ChartView['legend'] {
  return lines.map((series, index) => ({ className: `line-${index + 1}`, name: nameOf(series) }));
}

function hasOneSubject({ series: [first, ...others] }: ReportIndicator): boolean {
  return others.every(({ subject }) => subject === first?.subject);
}

/** Returns the labels of a line where all lines have one subject, else its subject. */
function shortName(context: Context, indicator: ReportIndicator, series: ChartSeries): Phrase {
  const place = placeOf(context, series);
  return hasOneSubject(indicator) && place.labels !== '' ? name(place.labels) : context.words.place(place);
}

/**
 * Returns what a reader cannot see in the chart.
 * @param grey the number of grey lines; null for a band
 */
function notesOf(
  context: Context,
  indicator: ReportIndicator,
  { grey, above }: { grey: number | null; above: readonly ThresholdLine[] },
): string[] {
  const words = INDICATOR_WORDS[context.language].chart;
  const { envelope, series } = indicator;
  const greyNote =
    grey === null
      ? envelope === null
        ? words.band(series.length)
        : words.bandWithoutCount
      : grey > 0
        ? words.others(grey)
        : '';
  const thresholds = above.map((threshold) => thresholdLabel(context, indicator, threshold));
  return [
    greyNote,
    thresholds.length > 0 ? words.thresholdsAbove(thresholds) : '',
    ...settlingNotes(context, indicator),
  ].filter((note) => note !== '');
}

/** Returns a note on points after process starts that may be beyond a threshold without a finding. */
function settlingNotes({ format, report, language }: Context, indicator: ReportIndicator): string[] {
  const { settleSeconds, components, thresholds } = indicator;
  if (settleSeconds === 0) return [];
  const [lowest, highest] = extremesOf(indicator);
  const isBeyond = thresholdLines(thresholds).some(({ value, isBelow }) =>
    isBelow ? lowest < value : highest >= value,
  );
  const hasStart = allTargets(report).some(
    ({ component, restarts }) => restarts.length > 0 && components.includes(component),
  );
  return isBeyond && hasStart
    ? [INDICATOR_WORDS[language].chart.settling(format.duration(settleSeconds))]
    : [];
}

/** Returns a note on the subjects of gaps without a label. */
function hatchedNotes(language: Context['language'], gaps: readonly DataGap[]): string[] {
  const subjects = new Set(gaps.map(({ subject }) => subject));
  for (const { subject } of labelledGaps(gaps)) subjects.delete(subject);
  if (subjects.size === 0) return [];
  return [INDICATOR_WORDS[language].chart.hatched([...subjects].filter((subject) => subject !== ''))];
}

function thresholdLabel(
  { format, language }: Context,
  { unit }: ReportIndicator,
  { severity, value }: ThresholdLine,
): string {
  return INDICATOR_WORDS[language].chart.threshold(severity, format.value(value, unit));
}

/** Splits the lines into named and other ones. The document lists the worst lines first. */
function chooseNamed({ series, readings }: ReportIndicator, findings: number) {
  const count =
    series.length <= FEW_LINES ? series.length : Math.max(MIN_NAMED, Math.min(MAX_NAMED, findings));
  const worst = readings.slice(0, count).flatMap((reading) => series.find(belongsTo(reading)) ?? []);
  const named = [...new Set([...worst, ...series])].slice(0, count);
  return { named, others: series.filter((line) => !named.includes(line)) };
}

function descriptionOf({ format, report, language }: Context, indicator: ReportIndicator): string {
  const [lowest, highest] = extremesOf(indicator);
  return INDICATOR_WORDS[language].chart.description({
    lines: Math.max(indicator.series.length, countReadings(indicator)),
    highest: format.value(highest, indicator.unit),
    lowest: format.value(lowest, indicator.unit),
    from: format.dateTime(report.period.start),
    to: format.dateTime(report.period.end),
  });
}
