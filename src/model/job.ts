import * as z from 'zod';
import { LANGUAGES } from './indicator.ts';
import { FORMATS, PAGE_SIZES } from './rendition.ts';

/**
 * The id of a stored report: what it is about (cluster, end of the period in UTC, a hash of period and settings), and
 * the rendition where that is not all formats on A4.
 */
export const STORED_ID =
  /^[a-z0-9-]{1,60}-\d{8}t\d{6}z-[0-9a-f]{8}-(?:en|zh-cn)(?:-(?:html|pdf|json))?(?:-letter)?$/;

export const storedId = z
  .string()
  .max(120)
  .regex(STORED_ID)
  .describe('follows from cluster, period, settings, language and formats');

export const instant = z.iso.datetime({ offset: false }).describe('ISO 8601, UTC');

/** What a job and the state of its report say alike. */
export const requestFields = {
  id: storedId,
  cluster: z.string().min(1).max(200),
  period: z.strictObject({ start: instant, end: instant }),
  language: z.enum(LANGUAGES),
  formats: z.array(z.enum(FORMATS)).min(1),
  pageSize: z.enum(PAGE_SIZES),
  trigger: z.string().describe('the schedule’s name, or on-demand'),
  requestedAt: instant,
};

/** A report to be made: what travels on the queue. It says what is wanted, never where it comes from or goes to. */
export const jobSchema = z.strictObject({ version: z.literal(1), ...requestFields });

export type Job = z.infer<typeof jobSchema>;
