import * as z from 'zod';
import { comparedWith, condition, episode, gap } from './report-rows.ts';
import { component, instant, JUDGED_STATUSES, labels, severity, unit } from './report-values.ts';

/**
 * Columns: what a large cluster has thousands of. The first rows of such a list are objects; the others are here, in
 * groups. The rows of a group share its plain fields, and row i has item i of each of its columns.
 */

const subject = z.array(z.number().int().nonnegative()).describe('column: indices of report.subjects');
const numbers = z.array(z.number().nullable());
const rounded = z.array(z.number()).describe('column');

export const readingColumns = z
  .strictObject({
    component: component.nullable(),
    status: z.enum(JUDGED_STATUSES),
    labels,
    subject,
    value: numbers.describe('column, rounded to 5 significant digits'),
    last: numbers.describe('column, rounded to 5 significant digits'),
    median: numbers.describe('column, rounded to 5 significant digits'),
    before: numbers
      .nullable()
      .describe('column, rounded to 5 significant digits; null: unknown for the whole group'),
    weekBefore: numbers
      .nullable()
      .describe('column, rounded to 5 significant digits; null: unknown for the whole group'),
  })
  .describe('readings in columns; they do not say when the value was reached');

export const missingColumns = z.strictObject({ component, subject });

export const findingColumns = z
  .strictObject({
    indicator: z.string(),
    component: component.nullable(),
    severity,
    unit,
    condition,
    labels,
    ongoing: z.boolean(),
    compared: comparedWith,
    weekBefore: z.boolean().nullable(),
    index: z
      .array(z.number().int().nonnegative())
      .describe('column: the place in the list of all findings, which incidents refer to'),
    subject,
    value: rounded,
    threshold: rounded,
    usual: numbers.describe('column'),
    durationSeconds: rounded,
    episodes: z
      .array(z.array(episode).min(1))
      .describe('column; a finding starts with its first episode and ends with its last one'),
  })
  .describe('findings in columns');

export const resolvedColumns = z
  .strictObject({
    indicator: z.string(),
    component: component.nullable(),
    severity,
    unit,
    labels,
    subject,
    value: rounded,
    start: z.array(instant).describe('column'),
    end: z.array(instant).describe('column'),
  })
  .describe('resolved findings in columns');

export const targetColumns = z
  .strictObject({
    component,
    firstSeen: instant.nullable(),
    lastSeen: instant.nullable(),
    subject,
    node: z.array(z.string()).nullable().describe('column; null: equal to the subjects'),
    instances: z.array(z.array(z.string())).describe('column'),
    pods: z.array(z.array(z.string())).describe('column'),
    seenRatio: numbers.describe('column'),
    gaps: z.array(z.array(gap)).describe('column'),
    restarts: z.array(z.array(instant)).describe('column'),
  })
  .describe('targets in columns, without their presence');
