import type { Language } from '../../model/indicator.ts';
import type { Report } from '../../model/report.ts';
import { periodName } from '../../render/kit/period-name.ts';
import { allVisible, join, name, type Phrase, phrase } from '../../render/kit/phrase.ts';
import { type Difference, KINDS, type Kind } from '../difference.ts';
import { needsAttention } from '../outcome.ts';
import type { KindCounts, Line, Which } from './facts.ts';
import { findingLines } from './finding-lines.ts';
import { coverageLines, judgementLines, readingLines, statusLines, versionLines } from './other-lines.ts';
import { createDifferenceContext, type DifferenceContext, transition } from './sides.ts';

export type DifferenceView = {
  /** The clusters and the periods. */
  title: Phrase;
  verdict: Line;
  /** How many findings there are of each kind. */
  findings: string;
  /** What limits the comparison. */
  notes: readonly string[];
  sections: readonly { heading: Phrase; lines: readonly Line[]; more: string }[];
  unchanged: string;
};

/** Lines that a section shows; the report shows as many changes. */
const LINES = 12;

/** Returns the difference of two reports in the words of the reports. */
export function differenceView(
  difference: Difference,
  reports: Record<Which, Report>,
  language: Language,
): DifferenceView {
  const context = createDifferenceContext(
    allVisible(difference),
    { first: allVisible(reports.first), second: allVisible(reports.second) },
    language,
  );
  const counts = countKinds(difference);
  const sections = [...findingSections(context), ...otherSections(context)];
  return {
    title: titleOf(context),
    verdict: verdictOf(context),
    findings: context.words.findings(counts, difference.sameCluster),
    notes: notesOf(context),
    sections,
    unchanged: context.words.unchanged(
      { ...difference.unchanged, findings: counts.unchanged },
      sections.length > 0,
    ),
  };
}

function titleOf({ difference: { reports, sameCluster }, contexts }: DifferenceContext): Phrase {
  const { first, second } = reports;
  const { words, format } = contexts.second;
  const clusters = sameCluster
    ? name(second.cluster)
    : join([name(first.cluster), name(second.cluster)], ' → ');
  const periods = transition(periodText(contexts.first), periodText(contexts.second));
  return phrase`${clusters} · ${periods}${words.comma}${format.zoneName(second.period.end)}`;
}

function periodText(context: DifferenceContext['contexts'][Which]): string {
  const { start, end } = context.report.period;
  return periodName(context) ?? context.format.dateRange(start, end);
}

function verdictOf({ difference: { reports }, contexts, words }: DifferenceContext): Line {
  const { first, second } = reports;
  const { words: shared } = contexts.second;
  const score = ({ score: value }: typeof first) => (value === null ? '–' : String(value));
  return {
    mark: second.verdict,
    text: phrase`${transition(shared.verdicts[first.verdict], shared.verdicts[second.verdict])}`,
    facts: [
      `${shared.score} ${transition(score(first), score(second))}${shared.outOfHundred}`,
      `${words.incidents} ${transition(String(first.incidents), String(second.incidents))}`,
    ],
  };
}

/** Counts the findings that need attention in one of the reports. */
function countKinds({ findings }: Difference): KindCounts {
  const counted = findings.filter(needsAttention);
  return Object.fromEntries(
    KINDS.map((kind) => [kind, counted.filter((change) => change.kind === kind).length]),
  ) as Record<Kind, number>;
}

function notesOf({ difference, contexts, words }: DifferenceContext): string[] {
  const { reports, order, sameCluster, sameLength } = difference;
  const which = (['first', 'second'] as const).filter((one) => !reports[one].complete);
  const empty = (['first', 'second'] as const).filter((one) => reports[one].score === null);
  const length = (one: Which) => {
    const { start, end } = reports[one].period;
    return contexts[one].format.duration((Date.parse(end) - Date.parse(start)) / 1000);
  };
  return [
    sameCluster ? '' : words.otherCluster,
    order === 'later' || (order === 'same' && !sameCluster) ? '' : words.order[order],
    sameLength ? '' : words.otherLength(length('first'), length('second')),
    ...empty.map((one) => words.nothingSeen(one)),
    which.length > empty.length ? words.incomplete(which.filter((one) => !empty.includes(one))) : '',
  ].filter((note) => note !== '');
}

function findingSections(context: DifferenceContext): DifferenceView['sections'] {
  const { difference, words } = context;
  const { sameCluster, reports, findings } = difference;
  return KINDS.filter((kind) => kind !== 'unchanged').flatMap((kind) => {
    const all = findings.filter((change) => change.kind === kind);
    const alarms = all.filter(needsAttention);
    if (alarms.length === 0) return [];
    const lines = findingLines(context, alarms);
    const hidden = Math.max(0, lines.length - LINES);
    const explained = all.length - alarms.length;
    const { words: shared } = context.contexts.second;
    return [
      {
        heading: sameCluster
          ? phrase`${words.headings[kind]}`
          : words.clusterHeadings[kind](reports.first.cluster, reports.second.cluster),
        lines: lines.slice(0, LINES),
        more: [hidden > 0 ? shared.more(hidden) : '', explained > 0 ? words.explained(explained) : '']
          .filter((text) => text !== '')
          .join(shared.comma),
      },
    ];
  });
}

function otherSections(context: DifferenceContext): DifferenceView['sections'] {
  const { sections } = context.words;
  const { more } = context.contexts.second.words;
  return [
    [sections.indicators, statusLines(context)] as const,
    [sections.coverage, coverageLines(context)] as const,
    [sections.readings, readingLines(context)] as const,
    [sections.versions, versionLines(context)] as const,
    [sections.judgement, judgementLines(context)] as const,
  ].flatMap(([heading, lines]) =>
    lines.length === 0
      ? []
      : [
          {
            heading: phrase`${heading}`,
            lines: lines.slice(0, LINES),
            more: lines.length > LINES ? more(lines.length - LINES) : '',
          },
        ],
  );
}
