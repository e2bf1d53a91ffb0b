import type { LocalizedText } from './indicator.ts';

/**
 * What usually causes what: one record for each piece of experience, in `catalog/causes/`. A rule holds between two
 * findings; it is about times and places only, so it says "likely", never "certainly". Where two rules speak of the same
 * two findings, the first in the list wins: a restart and a gap in the scrapes may each be the other's cause, but
 * not of the same pair.
 */
export type CauseRule = {
  id: string;
  /** The ids of indicators or coverage checks any of which may be the cause. */
  causes: readonly string[];
  /** Whose findings are meant, where it matters; `prometheus`: those of all targets at once. */
  of?: 'agent' | 'controller' | 'prometheus';
  /** The cause must be critical: what its warnings say is something else, or too little to cause anything. */
  severity?: 'critical';
  effects: readonly string[];
  /** `same-subject`: both of one node, or both of the controller. `anywhere`: the effect may be of any subject. */
  scope: 'same-subject' | 'anywhere';
  /**
   * What of the cause the times below are measured from. `whole`: the effect begins at any time while the cause lasts.
   * `start`, `end`: the effect begins with the cause's start or end; for what goes on all day and cannot be the cause
   * of all that happens in that day.
   */
  anchor: 'whole' | 'start' | 'end';
  /** An effect begins at most so long before the anchor … */
  beforeSeconds: number;
  /** … and at most so long after it. What points cannot tell, since each stands for a step, is added by code. */
  afterSeconds: number;
  /**
   * Until so long after the cause's end such an effect is normal: when it is over by then, and no worse than its cause,
   * it is no alarm of its own. Absent: the effect is told together with its cause and stays an alarm.
   */
  explainsSeconds?: number;
  /**
   * Effects that are worse than their cause are explained too, once they are over: a restart is a warning, while the
   * minutes after it break thresholds that are made for a process at work.
   */
  explainsWorse?: true;
  /** One sentence that is true on any node: why the one brings the other. */
  reason: LocalizedText;
};
