import * as z from 'zod';
import { component, instant, JUDGED_STATUSES, labels, severity, unit } from './report-values.ts';

/** Rows of `report.json`: what a report has for each subject. `report-columns.ts` has the form that many rows take. */

export const reading = z.strictObject({
  subject: z.string().describe('the node, the controller, or the cluster'),
  component: component.nullable().describe('null: the cluster, or something that is not part of Antrea'),
  status: z.enum(JUDGED_STATUSES),
  value: z
    .number()
    .nullable()
    .describe('null: nothing happened, or all points are shortly after a process start'),
  at: instant.nullable().describe('when the value was reached; null for totals, and unknown in columns'),
  last: z.number().nullable().describe('the last value of the period'),
  median: z.number().nullable().describe('the median of the period'),
  before: z.number().nullable().describe('the value in the period before; null: unknown'),
  weekBefore: z.number().nullable().describe('the value in the same period a week before; null: unknown'),
  labels: labels.describe('the series of the subject that the value comes from, for instance its ip_family'),
});

export const episode = z.strictObject({ start: instant, end: instant, value: z.number() });

export const condition = z
  .enum(['above', 'at-least', 'below'])
  .describe('the side of the bound on which the value is');

export const comparedWith = z
  .enum(['new', 'worse', 'unchanged', 'better'])
  .nullable()
  .describe('with the period before; null: unknown, or it was not judged in that period');

export const finding = z.strictObject({
  indicator: z.string().describe('the id of an indicator or of a coverage check'),
  subject: z.string(),
  component: component.nullable().describe('null: the cluster, or Prometheus itself'),
  severity,
  value: z.number().describe('the worst value, in the unit'),
  unit,
  threshold: z.number().describe('the bound that was crossed, in the unit'),
  condition,
  usual: z.number().nullable().describe('the usual level of the subject, if the threshold compares with it'),
  labels,
  start: instant,
  end: instant,
  durationSeconds: z.number().describe('how long it lasted, without pauses between episodes'),
  ongoing: z.boolean().describe('true: it still held at the end of the period'),
  episodes: z.array(episode).min(1).describe('in the order of time'),
  compared: comparedWith,
  weekBefore: z
    .boolean()
    .nullable()
    .describe('whether the same was found in the same period a week before; null: unknown'),
});

export const resolved = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  severity,
  value: z.number(),
  unit,
  labels,
  start: instant,
  end: instant,
});

export const gap = z.strictObject({
  start: instant,
  end: instant,
  kind: z.enum(['down', 'absent']).describe('down: scraped without success; absent: not scraped at all'),
});

export const target = z.strictObject({
  subject: z.string(),
  component,
  node: z.string(),
  instances: z.array(z.string()).describe('the values of its instance label, oldest first'),
  pods: z.array(z.string()).describe('the names of its Pods, the newest last; empty: unknown'),
  seenRatio: z
    .number()
    .nullable()
    .describe('share of the expected scrapes, from its first one to the end, that succeeded'),
  firstSeen: instant.nullable(),
  lastSeen: instant.nullable(),
  gaps: z.array(gap),
  restarts: z.array(instant).describe('when its processes started within the period'),
  presence: z
    .array(z.number().nullable())
    .describe('share of the expected scrapes that succeeded, one value per chart step'),
});

export type Reading = z.infer<typeof reading>;
export type Episode = z.infer<typeof episode>;
export type Finding = z.infer<typeof finding>;
export type ResolvedFinding = z.infer<typeof resolved>;
export type Target = z.infer<typeof target>;
