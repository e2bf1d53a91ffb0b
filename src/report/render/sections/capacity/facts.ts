import type { SubjectLabel } from '../../kit/words/facts.ts';

/**
 * Formatted amounts. `limitTitle` ends "231 of 253 …"; empty for an unknown limit. `limit` is empty for a share, which
 * is one of the limit.
 */
export type UsedFacts = { value: string; limit: string; limitTitle: string };

/** `low` and `high` are empty for an interval on both sides of 0. */
export type GrowthFacts = { sign: '+' | '−'; value: string; low: string; high: string };

/** In days. `high` is null where the limit may never be reached. */
export type FullFacts = { days: number; low: number; high: number | null };

/** Amounts are those of `first`. `full` is when the limit will be reached; empty where it is already. */
export type RunsOutFacts = UsedFacts & {
  title: string;
  places: readonly SubjectLabel[];
  first: SubjectLabel;
  full: string;
};
