import * as z from 'zod';
import type { Severity } from './indicator.ts';
import type { Recurrence } from './recurrence.ts';
import { instant } from './report-values.ts';

/**
 * Findings that somebody knows of: a known fault that is being worked on, or planned work. They are shown, but change
 * neither verdict nor score.
 */

export const SILENCE_KINDS = ['silence', 'maintenance'] as const;

/** A silence as the settings have it, with times in Unix seconds. */
export type Silence = {
  kind: (typeof SILENCE_KINDS)[number];
  /** The id of an indicator or coverage check; null: all. */
  indicator: string | null;
  /** Names of subjects, in which `*` stands for any characters; null: all. */
  subject: string | null;
  /** Why, or what the work is. */
  reason: string;
  owner: string | null;
  start: number | null;
  /** null: maintenance that comes again without an end. */
  end: number | null;
  /** Maintenance that comes again, between start and end. */
  recurrence?: Recurrence;
};

/** Windows of maintenance that a report lists one by one. Our choice: three a day for a month. */
export const LISTED_WINDOWS = 100;

/** A silence as a report has it. */
export const reportSilence = z.strictObject({
  kind: z.enum(SILENCE_KINDS),
  indicator: z.string().nullable().describe('null: all'),
  subject: z.string().nullable().describe('* stands for any characters; null: all'),
  reason: z.string(),
  owner: z.string().nullable(),
  start: instant.nullable(),
  end: instant.nullable().describe('null: maintenance that comes again without an end'),
  recurrence: z
    .strictObject({
      every: z.array(z.string()).describe('as the configuration has it'),
      timeZone: z.string(),
      windows: z
        .array(z.strictObject({ start: instant, end: instant }))
        .max(LISTED_WINDOWS)
        .describe('those that overlap the period; the first ones of very many'),
    })
    .optional()
    .describe('maintenance that comes again, between start and end; absent: it does not'),
  expired: z.boolean().describe('true: it had ended when the period began'),
  findings: z.number().int().describe('how many findings it silenced'),
  critical: z.number().int().optional().describe('how many of these are critical; absent: see silenced'),
});
export type ReportSilence = z.infer<typeof reportSilence>;

/** How many findings of a report do not count. */
export type SilencedCounts = { critical: number; warning: number };

export function countSilenced({
  silences,
  silenced,
}: {
  silences: readonly Pick<ReportSilence, 'findings' | 'critical'>[];
  silenced: readonly { silence: number; finding: { severity: Severity } }[];
}): SilencedCounts {
  let [critical, all] = [0, 0];
  for (const [index, silence] of silences.entries()) {
    const listed = () =>
      silenced.filter(({ silence: place, finding }) => place === index && finding.severity === 'critical')
        .length;
    critical += silence.critical ?? listed();
    all += silence.findings;
  }
  return { critical, warning: all - critical };
}
