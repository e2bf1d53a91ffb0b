import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { PERIOD_UNITS } from '../../report/model/period.ts';
import { channelName } from './channels.ts';
import { keyRule } from './key-rule.ts';
import { mailAddress } from './mail.ts';

/** Keys of both schedules and digests. */
const timing = {
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
      error: 'must be at most 40 lower-case letters, digits and hyphens',
    })
    .describe('name in logs, on the command line, and in the description of the schedule in AWS'),
  period: z
    .enum(PERIOD_UNITS)
    .describe(
      'what a report covers: the last full day, week (from Monday) or month in the time zone of its cluster',
    ),
  at: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, {
      error: (issue) => `"${issue.input}" is not a time such as 07:30`,
    })
    .optional()
    .describe(
      'time of the day, on every day, every Monday or the first of the month; when absent, 06:00 for a schedule and 07:00 for a digest',
    ),
  cron: z
    .string()
    .regex(/^\S+(?: \S+){5}$/, {
      error: 'must have the six fields of EventBridge Scheduler: minutes hours day month weekday year',
    })
    .optional()
    .describe('cron expression of EventBridge Scheduler instead of "at", such as "30 7 ? * MON-FRI *"'),
  timeZone: z
    .string()
    .optional()
    .describe(
      'time zone of "at" and "cron"; when absent, that of the clusters if all have the same, else the common one',
    ),
  clusters: z.array(z.string()).min(1).optional().describe('names of the clusters; all when absent'),
};

const isTimedOnce = ({ at, cron }: { at?: string | undefined; cron?: string | undefined }): boolean =>
  at === undefined || cron === undefined;
const TIMED_TWICE = keyRule('give either this or at, not both', ['cron']);

export const schedule = z
  .strictObject({
    ...timing,
    language: z.enum(LANGUAGES).optional().describe('overrides the language of the cluster'),
    formats: z
      .array(z.enum(OUTPUT_FORMATS))
      .min(1)
      .optional()
      .describe('overrides the formats of the cluster'),
  })
  .refine(isTimedOnce, TIMED_TWICE);
export type ScheduleConfig = z.infer<typeof schedule>;

/** The keys that schedules and digests have in common. */
export type TimingConfig = Pick<ScheduleConfig, 'name' | 'period' | 'at' | 'cron' | 'timeZone' | 'clusters'>;

export const digest = z
  .strictObject({
    ...timing,
    to: z
      .array(mailAddress)
      .min(1)
      .max(1000)
      .optional()
      .describe('e-mail addresses of the recipients; they do not see each other'),
    channels: z
      .array(channelName)
      .min(1)
      .max(20)
      .optional()
      .describe('names of the chat channels that get the digest, too or instead'),
    language: z.enum(LANGUAGES).optional().describe('language of the message; the common one when absent'),
    attachPdf: z
      .boolean()
      .optional()
      .describe('whether to attach the PDFs, those of the worst clusters first'),
    attachMegabytes: z
      .number()
      .positive()
      .max(25)
      .optional()
      .describe('maximum size of the attachments in MB; 6 when absent, which most mail servers accept'),
    replyTo: mailAddress.optional().describe('overrides mail.replyTo'),
    note: z.string().max(2000).optional().describe('a short text to add to the message, plain text'),
  })
  .refine(isTimedOnce, TIMED_TWICE)
  .refine(
    ({ to, channels }) => to !== undefined || channels !== undefined,
    keyRule('needs at least one of to and channels'),
  );
