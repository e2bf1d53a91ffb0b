import type { Component, LocalizedText } from './indicator.ts';
import type { ReleaseRange } from './releases.ts';

/** A defect of Antrea that is known and fixed: one record in a file of `catalog/defects/`. */
export type KnownDefect = {
  id: string;
  /** The pull request of antrea-io/antrea that fixes it. */
  pullRequest: number;
  component: Component;
  /**
   * The releases that have it, in order and without overlaps, from the code of each release tag. The end of each range is
   * the first fixed release of its line.
   */
  affected: readonly [KnownRange, ...KnownRange[]];
  /** Ids of the indicators and coverage checks in whose findings it shows. */
  indicators: readonly string[];
  /** It shows at or after a restart, whatever the reason of that is. Otherwise an upgrade that explains it is enough. */
  followsRestart?: true;
  /** What goes wrong, as a short sentence without an end. */
  title: LocalizedText;
  /** When it happens, and what one sees. */
  explanation: LocalizedText;
  /** What helps until the upgrade. */
  workaround: LocalizedText;
};

type KnownRange = ReleaseRange & { before: string };
