import type { CauseRule } from '../../model/cause.ts';
import { PROMETHEUS_SUBJECT } from '../../model/report.ts';
import { severityRank } from '../severity.ts';
import { compareStarts, isMoment, type Occurrence, type OccurrenceEpisode, placeOf } from './occurrence.ts';

/** What a point stands for: a step, and the seconds that its query looks back. */
export type Resolution = { stepSeconds: number; lookBackSeconds: number };

/** One occurrence has probably caused another. */
export type Link = {
  rule: CauseRule;
  cause: Occurrence;
  effect: Occurrence;
  /** Indices of the effect's episodes that begin when the rule expects. */
  matchedEpisodes: readonly number[];
  /** Those of them that the cause explains: over in time, and no worse than the rule allows. */
  explainedEpisodes: readonly number[];
};

/** A cause must account for this share of an effect's episodes; one in ten is a coincidence. Our choice. */
const LEAST_SHARE = 1 / 2;

/** Returns the links between all occurrences. If a rule fits a pair in both directions, the cause began first. */
export function findLinks(
  all: readonly Occurrence[],
  rules: readonly CauseRule[],
  resolution: Resolution,
): Link[] {
  const byStart = all.toSorted(compareStarts);
  const byIndicator = Map.groupBy(byStart, ({ finding }) => finding.indicator);
  const byPlace = Map.groupBy(byStart, (one) => placeKey(one.finding.indicator, placeOf(one)));
  const candidates = rules.flatMap((rule) =>
    rule.causes
      .flatMap((id) => byIndicator.get(id) ?? [])
      .filter((cause) => isCauseOf(rule, cause))
      .flatMap((cause) => {
        const effects = rule.effects.flatMap((id) =>
          rule.scope === 'anywhere'
            ? (byIndicator.get(id) ?? [])
            : (byPlace.get(placeKey(id, placeOf(cause))) ?? []),
        );
        return effects.flatMap((effect) => linkOf(rule, cause, effect, resolution) ?? []);
      }),
  );
  return withoutCoincidences(withoutContradictions(candidates, rules));
}

function placeKey(indicator: string, place: string): string {
  return JSON.stringify([indicator, place]);
}

function isCauseOf({ of, severity, atMost }: CauseRule, { finding }: Occurrence): boolean {
  if (severity !== undefined && finding.severity !== severity) return false;
  if (atMost !== undefined && finding.value > atMost) return false;
  if (of === 'prometheus') return finding.component === null && finding.subject === PROMETHEUS_SUBJECT;
  return of === undefined || finding.component === of;
}

function linkOf(rule: CauseRule, cause: Occurrence, effect: Occurrence, resolution: Resolution): Link | null {
  if (cause === effect || (rule.effectIsAbove && effect.finding.condition === 'below')) return null;
  const { stepSeconds } = resolution;
  // An effect begins at some time in its first step, and a cause may last into the step after its last one.
  const before = rule.beforeSeconds + stepSeconds;
  const after = rule.afterSeconds + (isMoment(cause) ? 0 : stepSeconds);
  const matchedEpisodes: number[] = [];
  const explainedEpisodes: number[] = [];
  for (const [index, episode] of effect.episodes.entries()) {
    const causing = cause.episodes.filter(({ start, end }) => {
      const from = rule.anchor === 'end' ? end : start;
      const to = rule.anchor === 'start' ? start : end;
      return episode.start >= from - before && episode.start <= to + after;
    });
    if (causing.length === 0) continue;
    matchedEpisodes.push(index);
    if (causing.some((one) => isExplained(rule, [cause, one], [effect, episode], resolution)))
      explainedEpisodes.push(index);
  }
  return matchedEpisodes.length === 0 ? null : { rule, cause, effect, matchedEpisodes, explainedEpisodes };
}

/** Whether the episode of an effect is no more than what the episode of such a cause usually brings. */
function isExplained(
  { explainsSeconds, explainsWorse }: CauseRule,
  [cause, causeEpisode]: readonly [Occurrence, OccurrenceEpisode],
  [effect, episode]: readonly [Occurrence, OccurrenceEpisode],
  { stepSeconds, lookBackSeconds }: Resolution,
): boolean {
  if (explainsSeconds === undefined) return false;
  const isOngoing = effect.finding.ongoing && episode === effect.episodes.at(-1);
  const isCauseOngoing = cause.finding.ongoing && causeEpisode === cause.episodes.at(-1);
  // An ongoing effect is not over, unless its cause is ongoing as well.
  if (isOngoing && !isCauseOngoing) return false;
  const isWorse = severityRank(effect.finding.severity) > severityRank(cause.finding.severity);
  if (isWorse && (isOngoing || !explainsWorse)) return false;
  // Steps longer than the allowed time do not show whether the effects of a moment were over in time.
  if (causeEpisode.end - causeEpisode.start < stepSeconds && stepSeconds > explainsSeconds) return false;
  return episode.end <= causeEpisode.end + explainsSeconds + Math.max(stepSeconds, lookBackSeconds);
}

/** Keeps the links to effects with enough matching episodes. */
function withoutCoincidences(links: readonly Link[]): Link[] {
  return [...Map.groupBy(links, ({ effect }) => effect)].flatMap(([{ episodes }, own]) => {
    const matched = new Set(own.flatMap(({ matchedEpisodes }) => matchedEpisodes));
    return matched.size >= episodes.length * LEAST_SHARE ? own : [];
  });
}

/** Keeps one link between two occurrences, by the first matching rule, so that neither is the cause of the other. */
function withoutContradictions(links: readonly Link[], rules: readonly CauseRule[]): Link[] {
  const precedence = new Map(rules.map((rule, index) => [rule, index]));
  const inOrder = links.toSorted((a, b) => (precedence.get(a.rule) ?? 0) - (precedence.get(b.rule) ?? 0));
  const pairs = new Map<string, Link>();
  for (const link of inOrder) {
    const [a, b] = [link.cause.index, link.effect.index];
    const pair = `${Math.min(a, b)} ${Math.max(a, b)}`;
    if (!pairs.has(pair)) pairs.set(pair, link);
  }
  return [...pairs.values()];
}

/**
 * Returns the occurrences that others explain in full: each of their episodes is what one of their causes usually
 * brings. In a circle of causes, the occurrence that began first is not explained, and it explains the others.
 */
export function findExplained(links: readonly Link[]): Set<Occurrence> {
  const explaining = links.filter(({ explainedEpisodes }) => explainedEpisodes.length > 0);
  const incoming = Map.groupBy(explaining, ({ effect }) => effect);
  const isCovered = (effect: Occurrence, own: readonly Link[]) =>
    new Set(own.flatMap(({ explainedEpisodes }) => explainedEpisodes)).size === effect.episodes.length;
  const open = new Map([...incoming].filter(([effect, own]) => isCovered(effect, own)));
  const explained = new Set<Occurrence>();
  while (open.size > 0) {
    // Causes that may be explained themselves do not count yet.
    const next = [...open].filter(([effect, own]) =>
      isCovered(
        effect,
        own.filter(({ cause }) => !open.has(cause)),
      ),
    );
    if (next.length === 0) {
      const [first] = [...open.keys()].sort(compareStarts);
      if (first) open.delete(first);
    }
    for (const [effect] of next) {
      open.delete(effect);
      explained.add(effect);
    }
  }
  return explained;
}
