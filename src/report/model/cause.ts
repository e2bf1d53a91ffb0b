import type { LocalizedText } from './indicator.ts';

/**
 * Which findings usually cause which others: one record for each experience, in `catalog/causes/`. A rule considers
 * times and places only, so it means "probably". If two rules apply to the same two findings, the first in the list
 * decides: a restart and a gap in the scrapes may each cause the other, but not in the same pair.
 */
export type CauseRule = {
  id: string;
  /** Ids of the indicators and coverage checks that may find the cause. */
  causes: readonly string[];
  /** Restricts causes to one component, or to gaps of all targets at once (`prometheus`). */
  of?: 'agent' | 'controller' | 'prometheus';
  /** The cause must be critical, because its warnings mean something else or are too slight to cause anything. */
  severity?: 'critical';
  /** The value of the cause must be at most this, in its unit: a certificate with days left causes nothing. */
  atMost?: number;
  /** Ids of the indicators and coverage checks that may find the effect. */
  effects: readonly string[];
  /** The effect must be above its threshold or usual level, because values below it have other causes. */
  effectIsAbove?: true;
  /** `same-subject`: both on one node, or both of the controller. `anywhere`: the effect may have any subject. */
  scope: 'same-subject' | 'anywhere';
  /**
   * The part of the cause to which the times below relate. `whole`: the effect begins at any time while the cause
   * lasts. `start`, `end`: the effect begins with the start or end of the cause. A cause that lasts all day does not
   * cause everything that happens on that day.
   */
  anchor: 'whole' | 'start' | 'end';
  /** An effect begins at most this long before the anchor … */
  beforeSeconds: number;
  /** … and at most this long after it. The code allows a step more: times are not known more precisely. */
  afterSeconds: number;
  /**
   * An effect that is over by this long after the end of its cause, and no worse than it, is normal and needs no
   * attention itself. Absent: the effect is shown with its cause, but needs attention.
   */
  explainsSeconds?: number;
  /**
   * Effects that are worse than their cause are explained too, once they are over. A restart is a warning, but the
   * minutes after it exceed thresholds for a process at work.
   */
  explainsWorse?: true;
  /** One sentence that is true on any node: why the cause has this effect. */
  reason: LocalizedText;
};
