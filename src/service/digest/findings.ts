import type { ShownStep } from '../../report/render/kit/command.ts';
import { type Phrase, plain } from '../../report/render/kit/phrase.ts';
import type { IncidentView } from '../../report/render/sections/incidents/incident-view.ts';
import {
  type CalledCluster,
  called,
  type DigestContext,
  type DigestLink,
  type DigestStatus,
  linkOf,
  reportLink,
  type StandingCluster,
  statusOf,
} from './context.ts';
import { shortNames } from './mail-safe.ts';
import { type DetailedCluster, freshnessOf, whenOf } from './rows.ts';

/** `space`: what follows it; `isWhole`: short enough not to be broken at its hyphens, also on a phone. */
export type ShellWord = { text: string; space: string; isWhole: boolean };

/** `words`: of the shell; empty where a note stands instead. */
export type DigestCommand = { place: Phrase | null; words: ShellWord[]; note: string };

export type TopFinding = {
  status: DigestStatus;
  cluster: CalledCluster;
  headline: Phrase;
  /** "new", or empty. */
  fresh: string;
  when: string;
  step: { text: Phrase; commands: DigestCommand[] } | null;
  link: DigestLink | null;
};

/** So many are read in the morning; the reports have the others. */
const FINDINGS = 6;

const WHOLE = 36;

type Candidate = { standing: StandingCluster; entry: IncidentView; order: number };

/** Of all clusters, worst first: before a cluster's second finding comes every other one's first that is as bad. */
export function topFindings(
  context: DigestContext,
  detailed: readonly (DetailedCluster & { standing: StandingCluster })[],
): { entries: TopFinding[]; more: number } {
  const candidates = detailed
    .flatMap(({ standing, entries }) =>
      entries.map((entry, order): Candidate => ({ standing, entry, order })),
    )
    // Stable: the clusters stand worst first.
    .sort((a, b) => rank(b) - rank(a) || a.order - b.order);
  const steps = new Set<string>();
  return {
    entries: candidates.slice(0, FINDINGS).map((candidate) => {
      const { firstStep } = candidate.entry;
      const text = firstStep ? plain(firstStep.text) : '';
      const isRepeated = steps.has(text);
      steps.add(text);
      return findingOf(context, candidate, isRepeated);
    }),
    more: Math.max(0, candidates.length - FINDINGS),
  };
}

function rank({ entry: { status, isOngoing } }: Candidate): number {
  return (status.kind === 'critical' ? 2 : 0) + (isOngoing ? 1 : 0);
}

function findingOf(context: DigestContext, { standing, entry }: Candidate, isRepeated: boolean): TopFinding {
  const { cluster } = standing;
  const address = cluster.state === 'reported' ? reportLink(cluster) : null;
  const hasAnchor = cluster.state === 'reported' && address === cluster.links.html;
  const link =
    address === null ? null : linkOf(context.words.steps, hasAnchor ? `${address}#${entry.anchor}` : address);
  return {
    status: statusOf(entry.status.kind === 'critical' ? 'critical' : 'warning', entry.status.word),
    cluster: called(cluster),
    headline: shortNames(entry.headline),
    fresh: freshnessOf(entry),
    when: whenOf(context, entry),
    step: entry.firstStep === null ? null : stepOf(context, entry.firstStep, isRepeated),
    link: link?.href ? link : null,
  };
}

function stepOf(
  { words }: DigestContext,
  { text, commands }: ShownStep,
  isRepeated: boolean,
): TopFinding['step'] {
  return {
    text: isRepeated && commands.length > 0 ? [{ text: words.sameStep, name: false, code: false }] : text,
    commands: commands.map(({ place, lines, note }) => ({
      place: place === null || place.length === 0 ? null : shortNames(place),
      words: lines.flat().map(shellWord),
      note,
    })),
  };
}

function shellWord(word: string): ShellWord {
  const text = word.trimEnd();
  return { text, space: word.slice(text.length), isWhole: /\S-/.test(text) && text.length <= WHOLE };
}
