import { extent } from 'd3-array';
import { SECTIONS } from '../../model/indicator.ts';
import type { Reading, ReportIndicator } from '../../model/report.ts';
import { type Phrase, phrase, withCode } from '../phrase.ts';
import type { Step } from './attention.ts';
import { type ChartView, chartView } from './chart.ts';
import { shownCommands } from './command.ts';
import { anchorOf, type Context, titleOf } from './context.ts';
import { limitsSentence } from './limits.ts';
import { placeOf, shortPlace } from './place.ts';
import { type StatusView, shownStatus, statusView } from './status.ts';

export type ReadingsTable = {
  caption: string;
  columns: string[];
  subject: string;
  rows: { place: Phrase; status: StatusView | null; cells: string[] }[];
  more: string;
};

export type Meaning = { heading: string; text: Phrase };

export type IndicatorView = {
  anchor: string;
  title: string;
  status: StatusView;
  /** The worst reading, or why there is none. */
  sentence: Phrase;
  limits: string;
  reason: string;
  chart: ChartView | null;
  explanation: Phrase;
  readings: ReadingsTable | null;
  /** What it means, beside the explanation or, where the readings stand there, below it. */
  meaningBeside: Meaning | null;
  meaningBelow: Meaning | null;
  steps: { heading: string; items: Step[] } | null;
  queriesHeading: string;
  queries: { label: string; text: string }[];
};

export type SectionView = { title: string; indicators: IndicatorView[] };

export function sectionsView(context: Context): SectionView[] {
  const { report, words } = context;
  return SECTIONS.map((section) => ({
    title: words.sections[section],
    indicators: report.indicators
      .filter((indicator) => indicator.section === section)
      .map((indicator) => indicatorView(context, indicator)),
  })).filter(({ indicators }) => indicators.length > 0);
}

function indicatorView(context: Context, indicator: ReportIndicator): IndicatorView {
  const { report, words, catalog, language } = context;
  const record = catalog.get(indicator.id);
  const status = shownStatus(indicator);
  const findings = report.findings.filter((one) => one.indicator === indicator.id);
  const hasFindings = findings.length > 0;
  const hasValues = indicator.series.length > 0;
  const readings = readingsTable(context, indicator);
  const meaning =
    !hasFindings || record === undefined
      ? null
      : { heading: words.indicator.meaning, text: withCode(record.impact[language]) };
  const steps = hasFindings ? (record?.nextSteps ?? []) : [];
  return {
    anchor: anchorOf(context, indicator.id),
    title: titleOf(context, indicator.id),
    status: statusView(context, status),
    sentence: sentenceOf(context, indicator),
    limits: (hasValues && limitsSentence(context, indicator)) || '',
    reason: indicator.status === 'failed' ? (indicator.reason ?? '') : '',
    chart: hasValues && !isAllZero(indicator) ? chartView(context, indicator) : null,
    explanation: withCode(record?.explanation[language] ?? words.indicator.unknown),
    readings,
    meaningBeside: readings === null ? meaning : null,
    meaningBelow: readings === null ? null : meaning,
    steps:
      steps.length === 0
        ? null
        : {
            heading: words.indicator.nextSteps,
            items: steps.map(({ text, command }) => ({
              text: withCode(text[language]),
              commands: shownCommands(context, command, findings),
            })),
          },
    queriesHeading: words.indicator.queries,
    queries:
      indicator.totalQuery === null
        ? [{ label: '', text: indicator.query }]
        : [
            { label: words.indicator.query, text: indicator.query },
            { label: words.indicator.totalQuery, text: indicator.totalQuery },
          ],
  };
}

/** Events of which there were none need neither a chart nor a table. */
function isAllZero({ aggregation, readings, series }: ReportIndicator): boolean {
  return (
    aggregation === 'total' &&
    readings.every(({ value }) => value === 0) &&
    series.every(({ values }) => values.every((value) => !value))
  );
}

function sentenceOf(context: Context, indicator: ReportIndicator): Phrase {
  const { words, format } = context;
  const said = words.indicator;
  switch (indicator.status) {
    case 'failed':
      return phrase`${said.failed}`;
    case 'no-data':
      return phrase`${said.noData}`;
    case 'not-enabled':
      return phrase`${said.notEnabled}`;
    case 'not-exposed':
      return phrase`${said.notExposed}`;
    default:
  }
  if (indicator.idle) return phrase`${said.idle}`;
  const [worst] = indicator.readings;
  const information = indicator.judged ? '' : `${words.sentenceSpace}${said.information}`;
  if (isAllZero(indicator)) return phrase`${said.allZero}${information}`;
  if (worst === undefined || worst.value === null) return phrase`${said.idle}`;
  if (indicator.aggregation === 'last') return phrase`${levelSentence(context, indicator)}${information}`;
  const isOnly = indicator.readings.length === 1 && placeOf(context, worst).kind === 'controller';
  const sentence = said.reading(
    indicator.aggregation,
    words.noun(format.value(worst.value, indicator.unit), worst.value, indicator.unit),
    isOnly ? null : words.place(placeOf(context, worst)),
    worst.at === null ? null : format.time(worst.at),
  );
  return phrase`${sentence}${information}`;
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
  const where = words.place(placeOf(context, finding));
  return phrase`${words.indicator.readingOfFinding(where, noun(finding.value), range)}${words.sentenceSpace}${level}`;
}

const ROWS = 5;

/** In Latin letters; two lines of the table. */
const NAME_WIDTH = 44;

function readingsTable(context: Context, indicator: ReportIndicator): ReadingsTable | null {
  const { words, format } = context;
  const said = words.indicator;
  const { readings, aggregation, unit } = indicator;
  if (readings.length === 0 || isAllZero(indicator)) return null;
  // One reading is already said in the sentence.
  if (readings.length === 1) return null;
  const value = (amount: number | null) => (amount === null ? '–' : format.value(amount, unit));
  const columns: { heading: string; cell: (reading: Reading) => string }[] = [
    {
      heading: said.readingsValue[aggregation],
      cell: (reading) => (reading.value === null ? said.noActivity : value(reading.value)),
    },
    ...(aggregation === 'maximum'
      ? [{ heading: said.time, cell: ({ at }: Reading) => (at === null ? '–' : format.time(at)) }]
      : []),
    ...(aggregation === 'total'
      ? []
      : [{ heading: said.median, cell: ({ median }: Reading) => value(median) }]),
  ];
  // Of events, those who had none are only counted.
  const worth = aggregation === 'total' ? readings.filter((reading) => reading.value !== 0) : readings;
  const shown = worth.slice(0, ROWS);
  const hidden = readings.slice(shown.length);
  const isCalm = indicator.judged && hidden.every(({ status }) => status === 'healthy');
  return {
    // A level, and what has no limits, have no worst.
    caption: aggregation === 'last' || !indicator.judged ? said.readings : said.worstReadings,
    subject: words.overview.where,
    columns: columns.map(({ heading }) => heading),
    rows: shown.map((reading) => ({
      place: shortPlace(context, reading, NAME_WIDTH),
      status: reading.status === 'healthy' ? null : statusView(context, reading.status),
      cells: columns.map(({ cell }) => cell(reading)),
    })),
    more: hidden.length === 0 ? '' : isCalm ? said.moreWithinLimits(hidden.length) : said.more(hidden.length),
  };
}
