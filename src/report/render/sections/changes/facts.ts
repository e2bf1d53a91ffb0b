import type { SubjectLabel } from '../../kit/words/facts.ts';

/** A change of one subject, or of several at about the same time. Values are those of the largest, formatted. */
export type ChangeFacts = {
  title: string;
  places: readonly SubjectLabel[];
  largest: SubjectLabel;
  before: string;
  after: string;
  /** The change relative to what was before, with its sign; a range for several subjects. May be empty. */
  share: string;
  isRise: boolean;
  isRestart: boolean;
};

/** `perDay`, `low` and `high` have signs. */
export type TrendFacts = ChangeFacts & { perDay: string; low: string; high: string };
