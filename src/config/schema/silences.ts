import * as z from 'zod';
import { oneLine } from '../../report/model/report-values.ts';

/** A time as text; which times there are in a time zone is checked with the time zone of the cluster. */
const time = z.string().max(40);

/** A known fault: its findings do not count until a time. */
export const silence = z.strictObject({
  indicator: z.string().describe('the id of an indicator, or scrape-coverage or process-restarts'),
  subject: oneLine(200)
    .optional()
    .describe('the nodes, in which * stands for any characters; all subjects when absent'),
  reason: oneLine(200).describe('why it is known; the report shows it'),
  owner: oneLine(80).optional().describe('who works on it; the report shows it'),
  from: time.optional().describe('when it begins; findings before it count'),
  until: time.describe('when it ends: findings that are there later count again'),
});

/** Planned work: its findings do not count. */
export const maintenance = z.strictObject({
  name: oneLine(200).describe('what the work is; the report shows it'),
  subject: oneLine(200)
    .optional()
    .describe('the nodes, in which * stands for any characters; all when absent'),
  from: time,
  until: time,
});

export type SilenceConfig = z.infer<typeof silence>;
export type MaintenanceConfig = z.infer<typeof maintenance>;
