import { extent } from 'd3-array';
import { SECTIONS } from '../../../model/indicator.ts';
import type { ReportIndicator } from '../../../model/report.ts';
import { shownSteps } from '../../kit/command.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { limitsSentence } from '../../kit/limits.ts';
import { type Phrase, phrase, withCode } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import type { Step } from '../attention/entry.ts';
import { areExplained, type Explained, explainedOf, statusOf } from '../attention/explained.ts';
import { type ChartSize, type ChartView, chartView } from './chart.ts';
import { earlierSentence, isAllZero, isFlat, type ReadingsTable, readingsTable } from './readings.ts';
import { DETAILS_WORDS } from './words.ts';

export type Meaning = { heading: string; text: Phrase };

export type IndicatorView = {
  anchor: string;
  title: string;
  status: StatusView;
  /** The worst reading, or why there is none. */
  sentence: Phrase;
  /** What brought all of its findings, and so asks for the steps. */
  explained: Explained | null;
  limits: string;
  reason: string;
  chart: ChartView | null;
  /** The whole explanation, or its first sentence and the rest, for what needs no attention. */
  explanation: Phrase;
  lead: Phrase;
  rest: Phrase;
  readings: ReadingsTable | null;
  /** What it means, beside the explanation or, where the readings stand there, below it. */
  meaningBeside: Meaning | null;
  meaningBelow: Meaning | null;
  /** False where a user's own indicator has nothing to tell beside its readings. */
  isTold: boolean;
  hasPair: boolean;
  steps: { heading: string; items: Step[] } | null;
  queryHeading: string;
  query: string;
};

/** What has something to read is told in full; what is calm in a few lines, and the rest where one can open it. */
export type SectionView = {
  title: string;
  full: IndicatorView[];
  /** Side by side, each from top to bottom. */
  calm: IndicatorView[][];
  /** What small charts show: said above the first of them. */
  note: string;
  more: string;
};

export function sectionsView(context: Context): SectionView[] {
  const { report, words, language } = context;
  const said = DETAILS_WORDS[language];
  const sections = SECTIONS.map((section) => {
    const own = report.indicators.filter((one) => one.section === section && !isAbsent(one));
    const [calm = [], full = []] = [true, false].map((wanted) =>
      own.filter((indicator) => isCalm(context, indicator) === wanted),
    );
    return {
      title: words.sections[section],
      full: full.map((indicator) => indicatorView(context, indicator, 'full')),
      calm: inColumns(explainedFirst(calm.map((indicator) => indicatorView(context, indicator, 'small')))),
      note: '',
      more: said.more,
    };
  }).filter(({ full, calm }) => full.length + calm.length > 0);
  // What all charts are hatched for alike.
  const hatched = report.coverage.targets.some(({ gaps }) => gaps.length > 0) ? words.chart.hatched([]) : '';
  const note = [said.smallCharts, hatched].filter((one) => one !== '').join(words.sentenceSpace);
  const first = sections.findIndex(({ calm }) => calm.flat().some(({ chart }) => chart !== null));
  return sections.map((section, index) => (index === first ? { ...section, note } : section));
}

/** About how high one is with a chart and without. */
const HEIGHTS = { chart: 2.2, words: 1, explained: 0.5 };

/** In two columns of about the same height, the first not the lower one. Fixed, so that nothing jumps when opened. */
function inColumns(views: readonly IndicatorView[]): IndicatorView[][] {
  const height = (some: readonly IndicatorView[]) =>
    some.reduce(
      (sum, { chart, explained }) =>
        sum + (chart === null ? HEIGHTS.words : HEIGHTS.chart) + (explained === null ? 0 : HEIGHTS.explained),
      0,
    );
  const end = views.findIndex((_, index) => height(views.slice(0, index + 1)) * 2 >= height(views)) + 1;
  return [views.slice(0, end), views.slice(end)].filter((column) => column.length > 0);
}

/** There is nothing to say of it but why. */
export function isAbsent({ status }: ReportIndicator): boolean {
  return status === 'not-enabled' || status === 'not-exposed';
}

/** Nobody looks for what was beyond a threshold among what was well. */
function explainedFirst(views: readonly IndicatorView[]): IndicatorView[] {
  return views.toSorted((a, b) => Number(b.explained !== null) - Number(a.explained !== null));
}

/**
 * Also what something else explains: its steps are those of its cause. And what could not be judged: when all queries
 * fail, there is one thing to read, not one for each.
 */
function isCalm(context: Context, { id, missing }: ReportIndicator): boolean {
  const findings = context.report.findings.filter(({ indicator }) => indicator === id);
  return missing.length === 0 && (findings.length === 0 || areExplained(context, findings));
}

function indicatorView(context: Context, indicator: ReportIndicator, size: ChartSize): IndicatorView {
  const { report, words, catalog, language } = context;
  const record = catalog.get(indicator.id);
  const findings = report.findings.filter((one) => one.indicator === indicator.id);
  const hasFindings = findings.length > 0;
  const hasValues = indicator.series.length > 0;
  const readings = readingsTable(context, indicator);
  const [lead, rest] = firstSentence(record?.explanation[language] ?? words.indicator.unknown);
  const meaning =
    !hasFindings || record === undefined || record.impact[language] === ''
      ? null
      : { heading: words.indicator.meaning, text: withCode(record.impact[language]) };
  const isTold = lead !== '' || (readings !== null && meaning !== null);
  const steps = hasFindings ? (record?.nextSteps ?? []) : [];
  return {
    anchor: anchorOf(context, indicator.id),
    title: titleOf(context, indicator.id),
    status: statusView(context, statusOf(context, indicator)),
    explained: explainedOf(context, indicator.id),
    sentence: sentenceOf(context, indicator, size),
    limits: (hasValues && limitsSentence(context, indicator)) || '',
    reason: indicator.status === 'failed' ? (indicator.reason ?? '') : '',
    chart:
      hasValues && !isAllZero(indicator) && !(size === 'small' && isFlat(indicator))
        ? chartView(context, indicator, size)
        : null,
    explanation: withCode(record?.explanation[language] ?? words.indicator.unknown),
    lead: withCode(lead),
    rest: withCode(rest),
    readings,
    meaningBeside: readings === null ? meaning : null,
    meaningBelow: readings === null ? null : meaning,
    isTold,
    hasPair: isTold || meaning !== null || readings !== null,
    steps:
      steps.length === 0
        ? null
        : {
            heading: words.indicator.nextSteps,
            items: shownSteps(context, steps, findings),
          },
    queryHeading: words.indicator.query,
    query: indicator.query,
  };
}

/** Catalog text at the end of its first sentence; what stands in back-quotes has dots of its own. */
export function firstSentence(text: string): [first: string, rest: string] {
  const [first] = /^(?:`[^`]*`|[^`])*?(?:[。！？]|[.!?](?=\s))/u.exec(text) ?? [text];
  return [first, text.slice(first.length).trimStart()];
}

function sentenceOf(context: Context, indicator: ReportIndicator, size: ChartSize): Phrase {
  const { words, format, language } = context;
  const said = words.indicator;
  const { ownNoData, ownIdle } = DETAILS_WORDS[language];
  const isOwn = indicator.own !== null;
  switch (indicator.status) {
    case 'failed':
      return phrase`${said.failed}`;
    case 'no-data':
      return phrase`${isOwn ? ownNoData : said.noData}`;
    case 'not-enabled':
      return phrase`${said.notEnabled}`;
    case 'not-exposed':
      return phrase`${said.notExposed}`;
    default:
  }
  const idle = isOwn ? ownIdle : said.idle;
  if (indicator.idle) return phrase`${idle}`;
  const [worst] = indicator.readings;
  // Beside a small chart the status says that it is for information.
  const earlier = earlierSentence(context, indicator);
  const information = [earlier, indicator.judged || size === 'small' ? '' : said.information]
    .filter((sentence) => sentence !== '')
    .map((sentence) => `${words.sentenceSpace}${sentence}`)
    .join('');
  if (isAllZero(indicator)) return phrase`${said.allZero}${information}`;
  if (worst === undefined || worst.value === null) return phrase`${idle}`;
  if (indicator.aggregation === 'last') return phrase`${levelSentence(context, indicator)}${information}`;
  const sentence = said.reading(
    indicator.aggregation,
    words.noun(format.value(worst.value, indicator.unit), worst.value, indicator.unit),
    isOnly(context, indicator.readings) ? null : words.place(placeOf(context, worst)),
    worst.at === null ? null : format.time(worst.at),
  );
  return phrase`${sentence}${information}`;
}

/** The controller or the cluster, of which there is one: the title says enough. */
function isOnly(context: Context, [reading, ...others]: ReportIndicator['readings']): boolean {
  return reading !== undefined && others.length === 0 && placeOf(context, reading).kind !== 'node';
}

/** A level has no good direction: where all stand at the end, and where the worst one was. */
function levelSentence(context: Context, { id, readings, unit }: ReportIndicator): Phrase {
  const { words, format, report } = context;
  const [low, high] = extent(readings.flatMap(({ last }) => last ?? []));
  const write = (value: number) => format.value(value, unit);
  const noun = (value: number) => words.noun(write(value), value, unit);
  const level =
    low === undefined || high === undefined
      ? ''
      : low === high
        ? words.indicator.readingOne(noun(high))
        : words.indicator.readingRange(write(low), noun(high));
  const finding = report.findings.find(({ indicator }) => indicator === id);
  if (finding === undefined) return phrase`${level}`;
  const range = format.range(finding.start, finding.end);
  const where = isOnly(context, readings) ? null : words.place(placeOf(context, finding));
  return phrase`${words.indicator.readingOfFinding(where, noun(finding.value), range)}${words.sentenceSpace}${level}`;
}
