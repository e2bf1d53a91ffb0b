import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { CALENDAR_UNITS } from '../../report/model/period.ts';
import { keyRule } from './key-rule.ts';
import { mailAddress } from './mail.ts';

/** When something happens by itself, and about what. */
const timing = {
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
      error: 'must be of small letters, digits and hyphens, at most 40',
    })
    .describe('its name in logs, and in AWS in the description of the schedule'),
  period: z.enum(CALENDAR_UNITS).describe('the last whole day, week (from Monday) or month of each cluster'),
  at: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, {
      error: (issue) => `"${issue.input}" is not a time such as 07:30`,
    })
    .optional()
    .describe(
      'every day, every Monday or on the first of the month at this time; 06:00 when absent, 07:00 for a digest',
    ),
  cron: z
    .string()
    .regex(/^\S+(?: \S+){5}$/, {
      error: 'is not of the six fields of EventBridge Scheduler: minutes hours day month weekday year',
    })
    .optional()
    .describe('instead of "at", for other days: "30 7 ? * MON-FRI *"'),
  timeZone: z
    .string()
    .optional()
    .describe('of "at" and "cron"; when absent that of its clusters, if they have one, else the common one'),
  clusters: z.array(z.string()).min(1).optional().describe('names; all of them when absent'),
};

/** Whether at most one of the two ways to say when is used. */
const isTimedOnce = ({ at, cron }: { at?: string | undefined; cron?: string | undefined }): boolean =>
  at === undefined || cron === undefined;
const TIMED_TWICE = keyRule('give either this or at, not both', ['cron']);

export const schedule = z
  .strictObject({
    ...timing,
    language: z.enum(LANGUAGES).optional().describe('instead of the cluster’s'),
    formats: z.array(z.enum(OUTPUT_FORMATS)).min(1).optional().describe('instead of the cluster’s'),
  })
  .refine(isTimedOnce, TIMED_TWICE);
export type ScheduleConfig = z.infer<typeof schedule>;

/** What of a schedule and a digest says when they are due. */
export type TimingConfig = Pick<ScheduleConfig, 'name' | 'period' | 'at' | 'cron' | 'timeZone' | 'clusters'>;

export const digest = z
  .strictObject({
    ...timing,
    to: z.array(mailAddress).min(1).max(1000).describe('who gets it'),
    language: z.enum(LANGUAGES).optional().describe('the common one when absent'),
    attachPdf: z.boolean().optional().describe('whether the PDFs come with it, the worst clusters’ first'),
    attachMegabytes: z
      .number()
      .positive()
      .max(25)
      .optional()
      .describe('how much of them at most; 6 when absent, which most mail servers take'),
    replyTo: mailAddress.optional().describe('instead of mail.replyTo'),
    note: z.string().max(2000).optional().describe('a line or two of your own, plain text'),
  })
  .refine(isTimedOnce, TIMED_TWICE);
export type DigestConfig = z.infer<typeof digest>;
