import { extent } from 'd3-array';
import { allReadings, countReadings } from '../../../model/all-rows.ts';
import type { ReportIndicator } from '../../../model/report.ts';
import { type ShownStep, shownSteps } from '../../kit/command.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { indicatorLinks, type OutsideLink } from '../../kit/links.ts';
import { type Meaning, meaningOf, wordsAbout } from '../../kit/meaning.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { type Phrase, phrase, withCode } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { thresholdsSentence } from '../../kit/thresholds.ts';
import { type Explained, explainedOf, statusOf } from '../incidents/explained.ts';
import { findingsAbout } from '../incidents/finding-groups.ts';
import { type ChartSize, type ChartView, chartView } from './chart.ts';
import {
  earlierSentence,
  isAllZero,
  isFlat,
  type ReadingsTable,
  readingsTable,
  shownReadings,
} from './readings.ts';
import { INDICATOR_WORDS } from './words.ts';

export type IndicatorView = {
  anchor: string;
  /** The nodes that it shows or has findings about, for the filter. */
  nodes: string;
  title: string;
  status: StatusView;
  /** The worst reading, or why there is none. */
  sentence: Phrase;
  /** What caused all of its findings, and has the steps for them. */
  explained: Explained | null;
  thresholds: string;
  /** Why its query failed. */
  reason: string;
  chart: ChartView | null;
  /** The whole explanation; and its first sentence and the rest, for an indicator that needs no attention. */
  explanation: Phrase;
  lead: Phrase;
  rest: Phrase;
  readings: ReadingsTable | null;
  /** The meaning next to the explanation or, where the readings are there, below it. */
  meaningBeside: Meaning | null;
  meaningBelow: Meaning | null;
  /** False for a custom indicator that has nothing but readings. */
  hasText: boolean;
  hasPair: boolean;
  steps: { heading: string; items: ShownStep[] } | null;
  links: OutsideLink[];
  queryHeading: string;
  query: string;
};

export function indicatorView(context: Context, indicator: ReportIndicator, size: ChartSize): IndicatorView {
  const { report, words: shared, catalog, language } = context;
  const words = INDICATOR_WORDS[language];
  const record = catalog.get(indicator.id);
  const findings = findingsAbout(report, indicator.id);
  const hasFindings = findings.length > 0;
  const hasValues = indicator.series.length > 0;
  const hasChart = hasValues && !isAllZero(indicator) && !(size === 'small' && isFlat(indicator));
  const explanation = record?.explanation[language] ?? words.unknown;
  const [lead, rest] = splitFirstSentence(explanation);
  const readings = readingsTable(context, indicator);
  const meaning = hasFindings ? meaningOf(context, indicator.id, findings) : null;
  const hasText = lead !== '' || (readings !== null && meaning !== null);
  const steps = hasFindings ? (wordsAbout(context, indicator.id, findings)?.nextSteps ?? []) : [];
  return {
    anchor: anchorOf(context, indicator.id),
    nodes: nodeSet(context, [...findings, ...indicator.series, ...shownReadings(report, indicator)]),
    title: titleOf(context, indicator.id),
    status: statusView(context, statusOf(context, indicator)),
    explained: explainedOf(context, indicator.id),
    sentence: sentenceOf(context, indicator, size),
    thresholds: (hasValues && thresholdsSentence(context, indicator)) || '',
    reason: indicator.status === 'failed' ? shared.reason(indicator.reason) : '',
    chart: hasChart ? chartView(context, indicator, size) : null,
    explanation: withCode(explanation),
    lead: withCode(lead),
    rest: withCode(rest),
    readings,
    meaningBeside: readings === null ? meaning : null,
    meaningBelow: readings === null ? null : meaning,
    hasText,
    hasPair: hasText || meaning !== null || readings !== null,
    steps:
      steps.length === 0 ? null : { heading: shared.nextSteps, items: shownSteps(context, steps, findings) },
    links: indicatorLinks(context, indicator),
    queryHeading: words.query,
    query: indicator.query,
  };
}

/** Splits catalog text after its first sentence. Dots within back-quotes do not end a sentence. */
export function splitFirstSentence(text: string): [first: string, rest: string] {
  const [first] = /^(?:`[^`]*`|[^`])*?(?:[。！？]|[.!?](?=\s))/u.exec(text) ?? [text];
  return [first, text.slice(first.length).trimStart()];
}

/** Returns the worst reading in a sentence, or why there is none. */
export function sentenceOf(context: Context, indicator: ReportIndicator, size: ChartSize): Phrase {
  const { language, words: shared } = context;
  const words = INDICATOR_WORDS[language];
  const { status, idle, readings, own } = indicator;
  const [worst] = readings;
  if (status === 'failed') return phrase`${words.failed}`;
  if (status === 'not-captured') return phrase`${words.notCaptured}`;
  if (status === 'no-data') return phrase`${own === null ? words.noData : words.customNoData}`;
  if (idle || (!isAllZero(indicator) && (worst === undefined || worst.value === null)))
    return phrase`${own === null ? words.idle : words.customIdle}`;
  const additions = [
    earlierSentence(context, indicator),
    // Next to a small chart, the status already says that it is informational.
    indicator.judged || size === 'small' ? '' : words.information,
  ]
    .filter((sentence) => sentence !== '')
    .map((sentence) => `${shared.sentenceSpace}${sentence}`)
    .join('');
  return phrase`${readingSentence(context, indicator)}${additions}`;
}

function readingSentence(context: Context, indicator: ReportIndicator): Phrase {
  const { words: shared, format, language } = context;
  const words = INDICATOR_WORDS[language];
  const { readings, aggregation, unit } = indicator;
  const [worst] = readings;
  if (isAllZero(indicator) || worst === undefined || worst.value === null) return phrase`${words.none}`;
  if (aggregation === 'last') return levelSentence(context, indicator);
  const value = format.counted(worst.value, unit);
  const place = hasOneSubject(context, indicator) ? null : shared.place(placeOf(context, worst));
  return aggregation === 'total'
    ? words.highestTotal(value, place)
    : words.highest(value, place, worst.at === null ? null : format.time(worst.at));
}

/** A level has no good direction, so the sentence has the levels of all subjects at the end, and the worst one. */
function levelSentence(context: Context, indicator: ReportIndicator): Phrase {
  const { words: shared, format, report, language } = context;
  const { id, unit } = indicator;
  const words = INDICATOR_WORDS[language];
  const [low, high] = extent(allReadings(report, indicator).flatMap(({ last }) => last ?? []));
  const level =
    low === undefined || high === undefined
      ? ''
      : low === high
        ? words.valueAtEnd(format.counted(high, unit))
        : words.rangeAtEnd(format.value(low, unit), format.counted(high, unit));
  const [finding] = findingsAbout(report, id);
  if (finding === undefined) return phrase`${level}`;
  const range = format.range(finding.start, finding.end);
  const place = hasOneSubject(context, indicator) ? null : shared.place(placeOf(context, finding));
  const worst = words.worstLevel(place, format.counted(finding.value, unit), range);
  return phrase`${worst}${shared.sentenceSpace}${level}`;
}

/** Whether the only reading is of the controller or the cluster, which the title already names. */
function hasOneSubject(context: Context, indicator: ReportIndicator): boolean {
  const [reading] = indicator.readings;
  return reading !== undefined && countReadings(indicator) === 1 && placeOf(context, reading).kind !== 'node';
}
