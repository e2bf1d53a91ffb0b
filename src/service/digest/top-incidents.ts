import type { ShownStep } from '../../report/render/kit/command.ts';
import { type Phrase, phrase, plain } from '../../report/render/kit/phrase.ts';
import type { IncidentView } from '../../report/render/sections/incidents/incident-view.ts';
import { type RankedCluster, type StatusMark, statusMark } from './cluster-status.ts';
import {
  type ClusterLabel,
  clusterLabel,
  createLink,
  type DigestContext,
  type DigestLink,
  reportUrl,
} from './context.ts';
import { shortNames } from './mail-safe.ts';
import { type DetailedCluster, newLabel, whenText } from './rows.ts';

/** `space`: the white space after the word; `isWhole`: the line must not break at the word's hyphens. */
export type ShellWord = { text: string; space: string; isWhole: boolean };

/** `words` are those of a shell command; empty if a note replaces the command. */
export type DigestCommand = { place: Phrase | null; words: ShellWord[]; note: string };

export type TopIncident = {
  status: StatusMark;
  cluster: ClusterLabel;
  headline: Phrase;
  /** "new", or empty. */
  newLabel: string;
  when: string;
  step: { text: Phrase; commands: DigestCommand[] } | null;
  /** A known defect of this version that shows in such findings; empty without one. */
  defect: Phrase;
  link: DigestLink | null;
};

/** About what an engineer reads in the morning; the reports have the others. */
const MOST_INCIDENTS = 6;

/** Longest shell word that is kept on one line, in characters: longer ones do not fit a phone's screen. */
const LONGEST_WHOLE_WORD = 36;

type Candidate = { ranked: RankedCluster; entry: IncidentView; order: number };

/**
 * Returns the worst incidents of all clusters and the number of the others. Among equally bad incidents, the first of
 * every cluster comes before the second of any.
 * @param detailed worst cluster first
 */
export function pickTopIncidents(
  context: DigestContext,
  detailed: readonly (DetailedCluster & { ranked: RankedCluster })[],
): { entries: TopIncident[]; more: number } {
  const candidates = detailed
    .flatMap(({ ranked, entries }) => entries.map((entry, order): Candidate => ({ ranked, entry, order })))
    // The sort is stable, so equal candidates keep the order of the clusters.
    .sort((a, b) => badness(b) - badness(a) || a.order - b.order);
  const steps = new Set<string>();
  return {
    entries: candidates.slice(0, MOST_INCIDENTS).map((candidate) => {
      const { firstStep } = candidate.entry;
      const text = firstStep ? plain(firstStep.text) : '';
      const isRepeated = steps.has(text);
      steps.add(text);
      return buildTopIncident(context, candidate, isRepeated);
    }),
    more: Math.max(0, candidates.length - MOST_INCIDENTS),
  };
}

function badness({ entry: { status, isOngoing } }: Candidate): number {
  return (status.kind === 'critical' ? 2 : 0) + (isOngoing ? 1 : 0);
}

function buildTopIncident(
  context: DigestContext,
  { ranked: { cluster }, entry }: Candidate,
  isRepeated: boolean,
): TopIncident {
  const url = cluster.state === 'reported' ? reportUrl(cluster) : null;
  const isHtml = cluster.state === 'reported' && url === cluster.links.html;
  const anchor = isHtml ? `#${entry.anchor}` : '';
  const link = url === null ? null : createLink(context.words.chartAndSteps, `${url}${anchor}`);
  return {
    status: statusMark(entry.status.kind === 'critical' ? 'critical' : 'warning', entry.status.word),
    cluster: clusterLabel(cluster),
    headline: shortNames(entry.headline),
    newLabel: newLabel(entry),
    when: whenText(context, entry),
    defect: defectText(context, entry),
    step: entry.firstStep === null ? null : buildStep(context, entry.firstStep, isRepeated),
    link: link?.href ? link : null,
  };
}

/** The report has further ones. */
function defectText({ words }: DigestContext, { defects: [first] }: IncidentView): Phrase {
  return first === undefined ? [] : phrase`${first.heading}${words.colon}${first.title}`;
}

function buildStep(
  { words }: DigestContext,
  { text, commands }: ShownStep,
  isRepeated: boolean,
): TopIncident['step'] {
  return {
    text: isRepeated && commands.length > 0 ? phrase`${words.sameStep}` : text,
    commands: commands.map(({ place, lines, note }) => ({
      place: place === null || place.length === 0 ? null : shortNames(place),
      words: lines.flat().map(shellWord),
      note,
    })),
  };
}

function shellWord(word: string): ShellWord {
  const text = word.trimEnd();
  const isWhole = /\S-/.test(text) && text.length <= LONGEST_WHOLE_WORD;
  return { text, space: word.slice(text.length), isWhole };
}
