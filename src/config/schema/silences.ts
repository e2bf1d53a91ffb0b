import * as z from 'zod';
import { oneLine } from '../../report/model/report-values.ts';
import { keyRule } from './key-rule.ts';

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

/** A time that comes again, such as "first Sun 01:00-05:00"; config/recurrence.ts reads it. */
const recurringTime = z.string().max(100);

/** More are several works. */
const MOST_TIMES = 10;

/** Planned work: its findings do not count. */
export const maintenance = z
  .strictObject({
    name: oneLine(200).describe('what the work is; the report shows it'),
    subject: oneLine(200)
      .optional()
      .describe('the nodes, in which * stands for any characters; all when absent'),
    every: z
      .union([recurringTime, z.array(recurringTime).min(1).max(MOST_TIMES)], {
        error: `must be a time such as Tue 22:00-02:00, or a list of up to ${MOST_TIMES} such times`,
      })
      .optional()
      .describe(
        'when it comes again, for example Tue 22:00-02:00, Mon-Fri 01:00-05:00, first Sun 01:00-05:00 or day 02:00-03:00; or a list of such times',
      ),
    timeZone: z
      .string()
      .optional()
      .describe('time zone of every, from and until; that of the cluster when absent'),
    from: time.optional().describe('when it begins; required without every'),
    until: time.optional().describe('when it ends; required without every'),
  })
  .refine(
    ({ every, from, until }) => every !== undefined || (from !== undefined && until !== undefined),
    keyRule('needs both from and until, or every'),
  );

export type SilenceConfig = z.infer<typeof silence>;
export type MaintenanceConfig = z.infer<typeof maintenance>;
