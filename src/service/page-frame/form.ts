import type { Language } from '../../report/model/indicator.ts';

/** The form that requests a report. */

/** The periods to choose from: the last whole day, week or month of the cluster, or the last 24 hours. */
export const FORM_PERIODS = ['day', 'week', 'month', '24h'] as const;
export type FormPeriod = (typeof FORM_PERIODS)[number];

export type FormField = 'cluster' | 'period' | 'language';

/** What is wrong with what was sent: one field, or a reason that concerns all. */
export type FormError = { field: FormField } | { field: null; reason: string | null };

export type PageForm = {
  /** URL that it is sent to. */
  action: string;
  /** More than one: to choose from. `key` is sent, since browsers change line breaks in names. */
  clusters: readonly { key: string; name: string }[];
  /** False for a cluster that is a capture, which has only one period. */
  hasPeriods: boolean;
  /** What is chosen at first; '' is the cluster's language. */
  chosen: { cluster: string; period: FormPeriod; language: Language | '' };
  error: FormError | null;
};
