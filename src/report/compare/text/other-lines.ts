import { antreaText } from '../../render/kit/antrea-version.ts';
import { type Context, titleOf } from '../../render/kit/context.ts';
import { type Group, groupBy } from '../../render/kit/group.ts';
import { type Phrase, phrase } from '../../render/kit/phrase.ts';
import { placesOf } from '../../render/kit/place.ts';
import { thresholdSymbols, thresholdsSentence } from '../../render/kit/thresholds.ts';
import type { ShownStatus, SomeNames } from '../../render/kit/words/facts.ts';
import { ratioText } from '../../render/sections/changes/view.ts';
import { MASTHEAD_WORDS } from '../../render/sections/masthead/words.ts';
import type { Difference, ReadingChange } from '../difference.ts';
import type { Line, Which } from './facts.ts';
import { type DifferenceContext, transition } from './sides.ts';

/** Names that a line lists. */
const NAMED = 5;

const line = (text: Phrase | string, facts: readonly string[] = []): Line => ({
  mark: null,
  text: typeof text === 'string' ? phrase`${text}` : text,
  facts,
});

function someOf(names: readonly string[]): SomeNames {
  // The number of one more name is as long as the name.
  const shown = names.length <= NAMED + 1 ? names : names.slice(0, NAMED);
  return { names: shown, more: names.length - shown.length };
}

/** Statuses that follow from findings, which have lines already. */
const FROM_FINDINGS: readonly (ShownStatus | null)[] = [
  'healthy',
  'warning',
  'critical',
  'explained',
  'silenced',
  'information',
];

/** Returns indicators whose status is different for another reason than a finding. */
export function statusLines({ difference, contexts, words }: DifferenceContext): Line[] {
  const { statuses, colon } = contexts.second.words;
  const word = (status: ShownStatus | null) => (status === null ? words.absent : statuses[status]);
  const listed = difference.indicators.filter(
    ({ first, second }) => !(FROM_FINDINGS.includes(first) && FROM_FINDINGS.includes(second)),
  );
  return groupBy(listed, ({ first, second }) => [first, second]).map((group) => {
    const [{ first, second }] = group;
    const context = second === null ? contexts.first : contexts.second;
    const titles = group.map(({ indicator }) => titleOf(context, indicator));
    return line(`${transition(word(first), word(second))}${colon}${words.titles(someOf(titles))}`);
  });
}

/** Returns which agents were seen, nodes that were added or removed, and gaps. */
export function coverageLines({ difference, contexts, words }: DifferenceContext): Line[] {
  const { reports, nodes, sameCluster } = difference;
  const { colon } = contexts.second.words;
  const counts = (which: Which) => {
    const { coverage } = reports[which];
    const { words: shared, language } = contexts[which];
    return coverage.known ? shared.coverageCounts(coverage) : MASTHEAD_WORDS[language].coverageUnknown;
  };
  const gaps = (which: Which) => {
    const { coverage } = reports[which];
    return coverage.known
      ? words.gapsOf(coverage.gaps, contexts[which].format.duration(coverage.longestGapSeconds))
      : words.unknown;
  };
  const lines = [
    [counts('first'), counts('second'), ''],
    [gaps('first'), gaps('second'), `${words.gaps}${colon}`],
  ].flatMap(([first = '', second = '', label = '']) =>
    first === second ? [] : [line(`${label}${transition(first, second)}`)],
  );
  const named = (label: string, names: readonly string[]) =>
    names.length === 0 || !sameCluster ? [] : [line(`${label}${colon}${words.nodes(someOf(names))}`)];
  return [...lines, ...named(words.nodesAdded, nodes.added), ...named(words.nodesRemoved, nodes.removed)];
}

/** Returns readings that changed, those of one indicator and direction together. */
export function readingLines(context: DifferenceContext): Line[] {
  const groups = groupBy(
    context.difference.readings,
    ({ indicator, component, labels, kind, first, second, subject }) => [
      indicator,
      component,
      labels,
      kind,
      second > first,
      subject === null,
    ],
  );
  return groups.map((group) => readingLine(context, group));
}

function readingLine({ contexts, difference, words }: DifferenceContext, group: Group<ReadingChange>): Line {
  const context = contexts.second;
  const [largest, ...others] = group;
  const { first, second, unit, kind, subject, indicator } = largest;
  const title = titleOf(context, indicator);
  const located = group.flatMap((change) =>
    change.subject === null ? [] : [{ ...change, subject: change.subject }],
  );
  const places = placesOf(context, located);
  const [place] = placesOf(context, located.slice(0, 1));
  const subjects = subject === null ? phrase`${words.typical(title)}` : words.subject(title, places);
  const moved = (difference.sameCluster ? words.moved : words.isOther)(subjects, second > first);
  const text = others.length > 0 && place ? phrase`${moved}${words.largest(place)}` : subjects;
  const values = transition(
    context.format.value(first, unit),
    context.format.valueBeside(second, first, unit),
  );
  const share = first > 0 && second >= 0 ? ratioText(context, second / first) : '';
  const change = share === '' ? values : words.change(values, share);
  return line(phrase`${text}${context.words.colon}${change}`, [words.kinds[kind]]);
}

/** Returns versions that are different: of Antrea, of this program, and of the document. */
export function versionLines({ difference: { reports }, contexts, words }: DifferenceContext): Line[] {
  const { colon } = contexts.second.words;
  const antrea = (context: Context) => antreaText(context) ?? words.unknown;
  return [
    ['Antrea', antrea(contexts.first), antrea(contexts.second)],
    [words.generator, reports.first.generator.version, reports.second.generator.version],
    [words.schema, reports.first.schemaVersion, reports.second.schemaVersion],
  ].flatMap(([label = '', first = '', second = '']) =>
    first === second ? [] : [line(`${label}${colon}${transition(first, second)}`)],
  );
}

/** Returns thresholds that are different, and how else the judgement differs. */
export function judgementLines({ difference, contexts, words }: DifferenceContext): Line[] {
  const context = contexts.second;
  const { format, words: shared } = context;
  const durations = (label: string, key: 'stepSeconds' | 'rateWindowSeconds') => {
    const [first, second] = [difference.reports.first, difference.reports.second].map(({ period }) =>
      format.duration(period[key]),
    );
    return first === second ? [] : [line(`${label}${shared.colon}${first} → ${second}`)];
  };
  return [
    ...difference.thresholds.map((one) =>
      line(`${titleOf(context, one.indicator)}${shared.colon}${thresholdText(context, one, words.none)}`),
    ),
    ...durations(words.step, 'stepSeconds'),
    ...durations(words.rateWindow, 'rateWindowSeconds'),
  ];
}

/** Returns the symbols of the thresholds, or whole sentences where the symbols are the same. */
function thresholdText(context: Context, change: Difference['thresholds'][number], none: string): string {
  const { unit } = change;
  const [first, second] = [change.first, change.second].map((thresholds) => ({ thresholds, unit }));
  if (!first || !second) return '';
  const symbols = [first, second].map((one) => thresholdSymbols(context, one) ?? none);
  if (symbols[0] !== symbols[1]) return symbols.join(' → ');
  return [first, second].map((one) => thresholdsSentence(context, one) ?? none).join(' → ');
}
