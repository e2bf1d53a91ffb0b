import type { Component } from '../../../model/indicator.ts';

/**
 * The statuses that a report shows: those of the document; two kinds of healthy that say nothing about health (`idle`,
 * `information`); `explained` for findings that another finding caused; and `silenced` for those that the configuration
 * silences.
 */
export const SHOWN_STATUSES = [
  'critical',
  'warning',
  'explained',
  'silenced',
  'healthy',
  'idle',
  'information',
  'no-data',
  'not-enabled',
  'not-exposed',
  'not-captured',
  'failed',
] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

/** The subject of a finding or a reading. `labels` distinguishes several series of a subject: "IPv4", "add". */
export type SubjectLabel =
  | { kind: 'node'; node: string; component: Component; labels: string }
  | { kind: 'controller'; labels: string }
  | { kind: 'cluster'; labels: string }
  | { kind: 'everything'; component: Component | null; labels: string };

/** The period before that of the report, by its length. */
export type PeriodBefore = 'day' | 'week' | 'month' | 'period';

/** How many processes were scraped. `agentsDesired` is null where the DaemonSet's size is unknown. */
export type CoverageCounts = {
  agentsAtEnd: number;
  agentsDesired: number | null;
  agentsSeen: number;
  controllersAtEnd: number;
};

/** Up to this many subjects a sentence names; more are only counted. */
export const NAMED_IN_SENTENCES = 3;

/** Some names of a longer list, and how many more it has. */
export type SomeNames = { names: readonly string[]; more: number };

/** Whether a version has a known defect; `partial`: it has it, but Pods with another version ran too. */
export type DefectCertainty = 'certain' | 'partial' | 'possible';
