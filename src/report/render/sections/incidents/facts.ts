import type { Severity, Unit } from '../../../model/indicator.ts';
import type { SubjectLabel } from '../../kit/words/facts.ts';

/**
 * The kinds of findings that have different sentences. `counted`: the normal count is 0. `state`: it is there or not, so that
 * the value says no more than the title.
 */
export type FindingKind = 'restarts' | 'not-scraped' | 'missing-agents' | 'counted' | 'state' | 'level';

/** One finding, or several of the same indicator, for a sentence. Values are formatted. */
export type FindingFacts = {
  kind: FindingKind;
  title: string;
  /** Custom titles appear exactly as the user wrote them. */
  isCustom: boolean;
  places: readonly SubjectLabel[];
  value: string;
  /** The value with what it counts: "8 failed bundles". */
  counted: string;
  unit: Unit;
  /** The value as a number. */
  amount: number;
  isBelow: boolean;
  threshold: string;
  /**
   * For a threshold that is a share of the usual level of the subject. `usual` is that level; null for several subjects,
   * which have several.
   */
  relative: { share: string; usual: string | null } | null;
};

/** The threshold of what is counted. */
export type ThresholdFacts = { amount: number; severity: Severity };

/**
 * A finding after the first ones of an incident.
 * `isCaused`: another finding of the incident caused it; `isLater`: visibly after the first ones. `isSamePlace`: it has
 * the same subjects as the first ones.
 */
export type FollowingFacts = FindingFacts & { isCaused: boolean; isLater: boolean; isSamePlace: boolean };

/** Whether agents count as missing because of what happened to them first: they were not scraped, or restarted. */
export function isCountOfSame(first: FindingFacts, { kind, isCaused }: FollowingFacts): boolean {
  const isOfAgents =
    (first.kind === 'not-scraped' || first.kind === 'restarts') &&
    first.places.every((place) => place.kind === 'node');
  return kind === 'missing-agents' && isCaused && isOfAgents;
}

/** What caused a finding. */
export type CauseFacts = Pick<FindingFacts, 'kind' | 'title' | 'isCustom'>;
