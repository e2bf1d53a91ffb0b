import { extent, max } from 'd3-array';
import { allFindings } from '../../../model/all-rows.ts';
import { daysUntilFull, runsOut } from '../../../model/capacity.ts';
import type { CapacityReading } from '../../../model/report-analysis.ts';
import { usedBar } from '../../kit/charts/bars.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { type Group, groupBy } from '../../kit/group.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { type Phrase, plain } from '../../kit/phrase.ts';
import { placeOf, placesOf, shortPlace } from '../../kit/place.ts';
import { isSameSeries } from '../changes/view.ts';
import type { UsedFacts } from './facts.ts';
import { CAPACITY_WORDS, type CapacityWords } from './words.ts';

export type CapacityRow = {
  anchor: string;
  title: string;
  place: Phrase;
  nodes: string;
  share: string;
  bar: Markup;
  amounts: string;
  limitTitle: string;
  growth: string;
  isGrowing: boolean;
  full: string;
  isSoon: boolean;
};

export type CapacityView = {
  heading: string;
  columns: CapacityWords['columns'];
  rows: CapacityRow[];
  /** What the table leaves out, and what growth means. */
  note: string;
  /** Replaces the table where no limit is near. */
  emptyText: Phrase;
};

const ROWS = 8;

/** A limit that is reached within this time needs action now. */
const SOON_DAYS = 14;

/** Limits used by a smaller share are not shown, unless they will be reached. */
const NEAR_RATIO = 0.75;

/** Returns the limits that are nearly reached or will be, soonest first; null where no limit is known. */
export function capacityView(context: Context): CapacityView | null {
  const { report, language, format } = context;
  const words = CAPACITY_WORDS[language];
  const [fullest] = report.capacity.toSorted((a, b) => b.usedRatio - a.usedRatio);
  if (fullest === undefined) return null;
  const shown = report.capacity
    .filter(({ usedRatio, fullInDays }) => usedRatio >= NEAR_RATIO || fullInDays !== null)
    .slice(0, ROWS);
  return {
    heading: words.heading,
    columns: words.columns,
    rows: shown.map((reading) => rowOf(context, reading)),
    note: noteOf(context, shown),
    emptyText: words.emptyText({
      ...usedFacts(context, fullest),
      title: titleOf(context, fullest.indicator),
      place: shortPlace(context, fullest),
      share: format.percent(fullest.usedRatio),
    }),
  };
}

function noteOf({ report, language, format, words: shared }: Context, shown: CapacityReading[]): string {
  const words = CAPACITY_WORDS[language];
  const others = report.capacity.filter((reading) => !shown.includes(reading));
  const highestRatio = max(others, ({ usedRatio }) => usedRatio) ?? 0;
  const [low = 0, high = 0] = extent(shown, ({ historyDays }) => Math.round(historyDays));
  return [
    ...(others.length === 0 ? [] : [words.more(others.length, format.percent(highestRatio))]),
    words.note([low, high]),
  ].join(shared.sentenceSpace);
}

function rowOf(context: Context, reading: CapacityReading): CapacityRow {
  const { words: shared, format, language } = context;
  const words = CAPACITY_WORDS[language];
  const title = titleOf(context, reading.indicator);
  const share = format.percent(reading.usedRatio);
  const used = usedFacts(context, reading);
  const place = plain(shared.place(placeOf(context, reading)));
  return {
    anchor: anchorOf(context, reading.indicator),
    title,
    place: shortPlace(context, reading),
    nodes: nodeSet(context, [reading]),
    share,
    bar: markup(usedBar(reading.usedRatio, words.barTitle(`${title}${shared.comma}${place}`, share))),
    amounts: words.amounts(used),
    limitTitle: used.limitTitle,
    growth: growthText(context, reading),
    isGrowing: reading.trend !== null,
    full: fullText(words, reading),
    isSoon: daysUntilFull(reading) < SOON_DAYS,
  };
}

/** Limits of one indicator that run out. `days`: until the first of them is reached. */
export type RunningOut = { text: Phrase; days: number; isSoon: boolean };

/** Returns a sentence for each indicator with limits that run out and without findings, soonest first. */
export function runningOut(context: Context): RunningOut[] {
  const { capacity } = context.report;
  const findings = allFindings(context.report);
  const readings = capacity
    .filter((reading) => runsOut(reading) && !findings.some((finding) => isSameSeries(finding, reading)))
    .sort((a, b) => daysUntilFull(a) - daysUntilFull(b) || b.usedRatio - a.usedRatio);
  return groupBy(readings, ({ indicator, component, usedRatio }) => [
    indicator,
    component,
    usedRatio >= 1,
  ]).map((group) => runningOutOf(context, group));
}

function runningOutOf(context: Context, group: Group<CapacityReading>): RunningOut {
  const words = CAPACITY_WORDS[context.language];
  const [first] = group;
  return {
    text: words.runsOut({
      ...usedFacts(context, first),
      title: titleOf(context, first.indicator),
      places: placesOf(context, group),
      first: placeOf(context, first),
      full: first.usedRatio >= 1 ? '' : fullText(words, first),
    }),
    days: daysUntilFull(first),
    isSoon: daysUntilFull(first) < SOON_DAYS,
  };
}

function usedFacts({ format, indicators, language }: Context, reading: CapacityReading): UsedFacts {
  const { indicator, value, limit, unit } = reading;
  const limits = indicators.get(indicator)?.capacity?.limits ?? [];
  return {
    value: format.value(value, unit),
    limit: unit === 'ratio' ? '' : format.value(limit.value, unit),
    limitTitle: limits.find(({ id }) => id === limit.id)?.title[language] ?? '',
  };
}

function growthText({ format, language }: Context, { trend, unit }: CapacityReading): string {
  const words = CAPACITY_WORDS[language];
  if (trend === null) return words.noGrowth;
  // The sign is before the number, so an interval on one side of 0 needs none.
  const [low = 0, high = 0] = [trend.low, trend.high].map(Math.abs).sort((a, b) => a - b);
  const magnitude = format.magnitude(Math.abs(trend.value), unit);
  // An estimate has no more than two significant digits.
  const rounded = (amount: number) => Number((amount / magnitude.divisor).toPrecision(2));
  const isOneSided = trend.low * trend.high > 0;
  return words.growth({
    sign: trend.value < 0 ? '−' : '+',
    value: format.inMagnitude(rounded(Math.abs(trend.value)), magnitude),
    low: isOneSided ? format.number(rounded(low)) : '',
    high: isOneSided ? format.number(rounded(high)) : '',
  });
}

function fullText(words: CapacityWords, { usedRatio, fullInDays }: CapacityReading): string {
  if (usedRatio >= 1) return words.isFull;
  if (fullInDays === null) return '';
  const { value, low, high } = fullInDays;
  return words.fullIn({
    days: value < 1 ? value : Math.round(value),
    low: Math.round(low),
    high: high === null ? null : Math.round(high),
  });
}
