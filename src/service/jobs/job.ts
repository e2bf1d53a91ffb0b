import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { PAGE_SIZES } from '../../report/model/rendition.ts';
import { readStoredId } from '../archive/stored-id.ts';

export const storedId = z
  .string()
  .refine((id) => readStoredId(id) !== null, { error: 'is not the id of a stored report' })
  .describe('follows from cluster, period, settings, language and formats');

export const instant = z.iso.datetime({ offset: false }).describe('ISO 8601, UTC');

/** Unix seconds as all documents have them: whole seconds. */
export function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** What a job and the state of its report say alike. */
export const requestFields = {
  id: storedId,
  cluster: z.string().min(1).max(200),
  period: z.strictObject({ start: instant, end: instant }),
  language: z.enum(LANGUAGES),
  formats: z.array(z.enum(OUTPUT_FORMATS)).min(1),
  pageSize: z.enum(PAGE_SIZES),
  trigger: z.string().describe('the schedule’s name, or on-demand'),
  requestedAt: instant,
};

/** A report to be made: what travels on the queue. It says what is wanted, never where it comes from or goes to. */
export const jobSchema = z.strictObject({ version: z.literal(1), ...requestFields });

export type Job = z.infer<typeof jobSchema>;
