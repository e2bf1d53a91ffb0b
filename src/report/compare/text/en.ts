import { at, count, list, listSome, plural } from '../../render/kit/languages/english.ts';
import { name, type Phrase, phrase } from '../../render/kit/phrase.ts';
import type { SomeNames, SubjectLabel } from '../../render/kit/words/facts.ts';
import type { Kind, Reason } from '../difference.ts';
import type { KindCounts, UnchangedCounts, Which } from './facts.ts';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['new', 'new'],
  ['worse', 'worse'],
  ['better', 'better'],
  ['resolved', 'resolved'],
  ['unchanged', 'unchanged'],
  ['not-judged', 'not judged in both reports'],
];

const REASONS: Readonly<Record<Reason, string>> = {
  'indicator-absent': 'not an indicator',
  'no-data': 'no data',
  'not-enabled': 'not enabled',
  'not-exposed': 'not exposed',
  'not-captured': 'not captured',
  failed: 'query failed',
  'no-thresholds': 'no thresholds',
  'coverage-unknown': 'scrape coverage unknown',
  'subject-absent': 'no such node',
  'scraped-too-little': 'scraped less than half of the time',
  'no-reading': 'no reading',
};

export const en = {
  headings: {
    new: 'New',
    worse: 'Worse',
    'not-judged': 'Not judged in both reports',
    better: 'Better',
    resolved: 'Resolved',
    unchanged: 'Unchanged',
  } satisfies Record<Kind, string>,
  /** For reports of two clusters, where nothing is new or resolved. */
  clusterHeadings: {
    new: (_, second) => phrase`Only in ${name(second)}`,
    worse: (_, second) => phrase`Worse in ${name(second)}`,
    'not-judged': () => phrase`Not judged in both clusters`,
    better: (_, second) => phrase`Better in ${name(second)}`,
    resolved: (first) => phrase`Only in ${name(first)}`,
    unchanged: () => phrase`The same in both clusters`,
  } satisfies Record<Kind, (first: string, second: string) => Phrase>,
  sections: {
    indicators: 'Status of indicators',
    coverage: 'Coverage',
    readings: 'Readings that differ clearly, without a finding',
    versions: 'Versions',
    judgement: 'Judged differently',
  },

  incidents: 'Incidents',
  findings: (counts: KindCounts, isSameCluster: boolean) => {
    const words = isSameCluster
      ? KINDS
      : KINDS.map(([kind, word]) => [kind, CLUSTER_KINDS[kind] ?? word] as const);
    const parts = words.flatMap(([kind, word]) =>
      counts[kind] > 0 ? [`${count(counts[kind])} ${word}`] : [],
    );
    return parts.length === 0 ? 'No findings in either report.' : `Findings: ${parts.join(', ')}.`;
  },

  otherCluster: 'The reports are of two clusters. Nodes with the same name are compared with each other.',
  order: {
    earlier: 'The second report is of an earlier period than the first.',
    overlapping: 'The periods overlap.',
    same: 'Both reports are of the same period.',
  },
  otherLength: (first: string, second: string) =>
    `The periods have different lengths (${first} and ${second}), so counts and durations are not compared.`,
  incomplete: (which: readonly Which[]) =>
    which.length > 1 ? 'Both reports are incomplete.' : `The ${which[0]} report is incomplete.`,
  nothingSeen: (which: Which) => `The ${which} report found no Antrea metrics.`,

  /** What a line is about, without a value. */
  subject: (title: string, places: readonly SubjectLabel[]): Phrase => phrase`${title} ${at(places)}`,
  /** Of several subjects. */
  worst: (first: string, second: string, isBelow: boolean) =>
    `${isBelow ? 'as low as' : 'up to'} ${first} → ${second}`,
  lasted: (first: string, second: string) => `for ${first} → ${second}`,
  over: 'no longer ongoing',
  otherThresholds: 'judged by other thresholds',
  reason: (reason: Reason, which: Which) => `${REASONS[reason]} in the ${which} report`,
  explained: (findings: number) => `and ${plural(findings, 'explained finding', 'explained findings')}`,

  absent: 'Not in the report',
  titles: (titles: SomeNames) => listSome(titles, 'indicator', 'indicators'),
  nodesAdded: 'Nodes added',
  nodesRemoved: 'Nodes removed',
  nodes: (nodes: SomeNames) => listSome(nodes),
  gaps: 'Gaps',
  gapsOf: (gaps: number, duration: string) => (gaps === 0 ? 'none' : `${count(gaps)} (longest ${duration})`),
  unknown: 'unknown',
  none: 'none',

  kinds: { median: 'median', total: 'total' },
  /** The median of all subjects. */
  typical: (title: string) => `${title}, all nodes`,
  moved: (subject: Phrase, isRise: boolean): Phrase => phrase`${subject} ${isRise ? 'rose' : 'fell'}`,
  /** Of another cluster. */
  isOther: (subject: Phrase, isHigher: boolean): Phrase =>
    phrase`${subject}: ${isHigher ? 'higher' : 'lower'}`,
  change: (values: string, share: string) => `${values} (${share})`,
  largest: (place: SubjectLabel): Phrase => phrase`; largest difference ${at([place])}`,

  generator: 'Made by antrea-health-report',
  schema: 'Schema of report.json',
  step: 'Step',
  rateWindow: 'Rate window',

  unchanged: ({ findings, indicators, readings, nodes }: UnchangedCounts, hasChanges: boolean) => {
    const parts = [
      findings > 0 ? plural(findings, 'finding', 'findings') : '',
      indicators > 0 ? `the status of ${plural(indicators, 'indicator', 'indicators')}` : '',
      readings > 0 ? plural(readings, 'reading', 'readings') : '',
      nodes > 0 ? plural(nodes, 'node', 'nodes') : '',
    ].filter((part) => part !== '');
    const start = hasChanges ? 'Nothing else changed' : 'Nothing changed';
    return parts.length === 0 ? `${start}.` : `${start} (${list(parts)}).`;
  },
};

const CLUSTER_KINDS: Readonly<Partial<Record<Kind, string>>> = {
  new: 'only in the second cluster',
  resolved: 'only in the first cluster',
  unchanged: 'the same',
  'not-judged': 'not judged in both',
};
