import { COVERAGE_CHECKS } from '../../catalog/coverage/index.ts';
import { INDICATORS } from '../../catalog/indicators/index.ts';
import { METRICS } from '../../catalog/metrics/index.ts';
import type { Indicator, IndicatorWords, Language, LocalizedText } from '../../model/indicator.ts';
import type { Metric } from '../../model/metric.ts';
import type { Report } from '../../model/report.ts';
import { createFormatter, type Formatter } from './formatter.ts';
import { name, plain } from './phrase.ts';
import { WORDS } from './words/index.ts';
import type { Words } from './words/words.ts';

/** What every part of the view is made from: the document, and the words and formats of one language. */
export type Context = {
  report: Report;
  language: Language;
  words: Words;
  format: Formatter;
  indicators: ReadonlyMap<string, Indicator>;
  /** Indicators and coverage checks: whatever a finding can be of. A user's own texts may be empty. */
  catalog: ReadonlyMap<string, IndicatorWords>;
  metrics: readonly Metric[];
  /** A node's name without the domain that all share, where that still tells them apart. */
  hostName(node: string): string;
};

const INDICATORS_BY_ID = new Map(INDICATORS.map((indicator) => [indicator.id, indicator]));
const WORDS_BY_ID = new Map<string, IndicatorWords>(
  [...INDICATORS, ...COVERAGE_CHECKS].map((record) => [record.id, record]),
);

export function createContext(report: Report, language: Language): Context {
  return {
    report,
    language,
    words: WORDS[language],
    format: createFormatter(language, report.period),
    indicators: INDICATORS_BY_ID,
    catalog: withOwn(report),
    metrics: METRICS,
    hostName: hostNames(report),
  };
}

/** A user's own indicators bring their words with the report. */
function withOwn({ indicators }: Report): Context['catalog'] {
  const own = indicators.flatMap(({ id, own }): [string, IndicatorWords][] =>
    own === null ? [] : [[id, { ...own, title: isolated(own.title) }]],
  );
  return own.length === 0 ? WORDS_BY_ID : new Map([...WORDS_BY_ID, ...own]);
}

/** Titles stand within sentences, which a user's must not turn around. */
function isolated(text: LocalizedText): LocalizedText {
  return { en: plain(name(text.en)), 'zh-CN': plain(name(text['zh-CN'])) };
}

/** The heading of an indicator. A stored report may have one that this version no longer knows: then its id. */
export function titleOf({ catalog, language }: Context, id: string): string {
  return catalog.get(id)?.title[language] ?? plain(name(id));
}

/** The ids that the page's own parts have. */
const PARTS = [
  'attention',
  'changes',
  'days',
  'capacity',
  'indicators',
  'absent',
  'coverage',
  'metrics',
  'nothing-seen',
  'hatch',
];

/** Where an indicator or a check is explained. Ids come from the document, so only well-formed ones become anchors. */
export function anchorOf({ report }: Context, id: string): string {
  const index = report.indicators.findIndex((indicator) => indicator.id === id);
  if (index < 0) return 'coverage';
  return /^[a-z][a-z0-9-]{0,80}$/.test(id) && !PARTS.includes(id) ? id : `indicator-${index + 1}`;
}

/** Seconds from the period's start. */
export function periodSeconds({ report: { period } }: Context): number {
  return (Date.parse(period.end) - Date.parse(period.start)) / 1000;
}

/** Where in the period a time lies: 0 its start, 1 its end; times outside lie at its edges. */
export function shareOfPeriod(context: Context, instant: string): number {
  const { start } = context.report.period;
  const seconds = (Date.parse(instant) - Date.parse(start)) / 1000;
  return Math.min(1, Math.max(0, seconds / periodSeconds(context)));
}

/** Cloud nodes are named ip-10-0-1-23.region.compute.internal: what follows the first dot tells nobody anything. */
function hostNames(report: Report): Context['hostName'] {
  const nodes = new Set([
    ...report.coverage.targets.map(({ subject }) => subject),
    ...report.indicators.flatMap(({ readings }) => readings.map(({ subject }) => subject)),
    ...report.findings.map(({ subject }) => subject),
  ]);
  const head = (node: string) => node.split('.')[0] ?? node;
  const heads = new Set([...nodes].map(head));
  const canShorten = heads.size === nodes.size && [...heads].every((one) => /\D/.test(one));
  return canShorten ? head : (node) => node;
}
