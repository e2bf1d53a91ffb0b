import { extent, max } from 'd3-array';
import { daysUntilFull, runsOut } from '../../../model/capacity.ts';
import type { CapacityReading } from '../../../model/report-analysis.ts';
import { usedBar } from '../../kit/charts/small.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { type Group, groupsOf } from '../../kit/groups.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { type Phrase, plain } from '../../kit/phrase.ts';
import { placeOf, shortPlace } from '../../kit/place.ts';
import { isOfSameLine } from '../changes/view.ts';
import { CAPACITY_WORDS, type CapacityWords, type UsedFacts } from './words.ts';

export type CapacityRow = {
  anchor: string;
  title: string;
  place: Phrase;
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
  columns: Pick<CapacityWords, 'indicator' | 'where' | 'used' | 'growth' | 'full'>;
  rows: CapacityRow[];
  /** What is not shown, and how growth was looked for. */
  note: string;
  /** Instead of rows, where nothing is near its limit. */
  calm: Phrase;
};

const ROWS = 8;

/** So soon that somebody must do something now. */
const SOON_DAYS = 14;

/** Less than this, and not on its way up, is no reason to look. */
const NEAR = 0.5;

/** What runs out first, and when; null where nothing has a known limit. */
export function capacityView(context: Context): CapacityView | null {
  const { report, language, format, words } = context;
  const said = CAPACITY_WORDS[language];
  const [fullest] = report.capacity.toSorted((a, b) => b.usedRatio - a.usedRatio);
  if (fullest === undefined) return null;
  const worth = report.capacity.filter(
    ({ usedRatio, fullInDays }) => usedRatio >= NEAR || fullInDays !== null,
  );
  const shown = worth.slice(0, ROWS);
  const others = report.capacity.filter((one) => !shown.includes(one));
  const [low = 0, high = 0] = extent(shown, ({ historyDays }) => Math.round(historyDays));
  const { indicator, where, used, growth, full } = said;
  return {
    heading: said.heading,
    columns: { indicator, where, used, growth, full },
    rows: shown.map((one) => rowOf(context, one)),
    note: [
      ...(others.length === 0
        ? []
        : [said.more(others.length, format.percent(max(others, ({ usedRatio }) => usedRatio) ?? 0))]),
      said.note([low, high]),
    ].join(words.sentenceSpace),
    calm: said.calm({
      ...usedFacts(context, fullest),
      title: titleOf(context, fullest.indicator),
      place: shortPlace(context, fullest),
      share: format.percent(fullest.usedRatio),
    }),
  };
}

function rowOf(context: Context, one: CapacityReading): CapacityRow {
  const { words, format, language } = context;
  const said = CAPACITY_WORDS[language];
  const title = titleOf(context, one.indicator);
  const share = format.percent(one.usedRatio);
  const facts = usedFacts(context, one);
  return {
    anchor: anchorOf(context, one.indicator),
    title,
    place: shortPlace(context, one),
    share,
    bar: markup(
      usedBar(
        one.usedRatio,
        said.barDescription(`${title}${words.comma}${plain(words.place(placeOf(context, one)))}`, share),
      ),
    ),
    amounts: said.amounts(facts),
    limitTitle: facts.limitTitle,
    growth: growthOf(context, one),
    isGrowing: one.trend !== null,
    full: fullOf(said, one),
    isSoon: daysUntilFull(one) < SOON_DAYS,
  };
}

/** `days`: until the first of them is full. */
export type RunningOut = { text: Phrase; days: number; isSoon: boolean };

/** What runs out in a sentence each, the soonest first, without what stands in what needs attention already. */
export function runningOut(context: Context): RunningOut[] {
  const { findings, capacity } = context.report;
  const untold = capacity
    .filter((one) => runsOut(one) && !findings.some((finding) => isOfSameLine(finding, one)))
    .sort((a, b) => daysUntilFull(a) - daysUntilFull(b) || b.usedRatio - a.usedRatio);
  return groupsOf(untold, ({ indicator, component, usedRatio }) => [
    indicator,
    component,
    usedRatio >= 1,
  ]).map((group) => runningOutOf(context, group));
}

function runningOutOf(context: Context, group: Group<CapacityReading>): RunningOut {
  const said = CAPACITY_WORDS[context.language];
  const [first] = group;
  return {
    text: said.runsOut({
      ...usedFacts(context, first),
      title: titleOf(context, first.indicator),
      places: group.map((one) => placeOf(context, one)),
      first: placeOf(context, first),
      full: first.usedRatio >= 1 ? '' : fullOf(said, first),
    }),
    days: daysUntilFull(first),
    isSoon: daysUntilFull(first) < SOON_DAYS,
  };
}

function usedFacts({ format, indicators, language }: Context, one: CapacityReading): UsedFacts {
  const limits = indicators.get(one.indicator)?.capacity?.limits ?? [];
  return {
    value: format.value(one.value, one.unit),
    limit: format.value(one.limit.value, one.unit),
    limitTitle: limits.find(({ id }) => id === one.limit.id)?.title[language] ?? '',
  };
}

function growthOf({ format, language }: Context, { trend, unit }: CapacityReading): string {
  const said = CAPACITY_WORDS[language];
  if (trend === null) return said.growsNot;
  // An interval on one side of 0 is said without its sign, which stands before the number.
  const [low = 0, high = 0] = [trend.low, trend.high].map(Math.abs).sort((a, b) => a - b);
  const magnitude = format.magnitude(Math.abs(trend.value), unit);
  // An estimate has no more than two digits to say.
  const rounded = (amount: number) => Number((amount / magnitude.divisor).toPrecision(2));
  const isOneSided = trend.low * trend.high > 0;
  return said.grows({
    sign: trend.value < 0 ? '−' : '+',
    value: format.inMagnitude(rounded(Math.abs(trend.value)), magnitude),
    low: isOneSided ? format.number(rounded(low)) : '',
    high: isOneSided ? format.number(rounded(high)) : '',
  });
}

function fullOf(said: CapacityWords, { usedRatio, fullInDays }: CapacityReading): string {
  if (usedRatio >= 1) return said.isFull;
  if (fullInDays === null) return '';
  const { value, low, high } = fullInDays;
  return said.fullIn({
    days: value < 1 ? value : Math.round(value),
    low: Math.round(low),
    high: high === null ? null : Math.round(high),
  });
}
