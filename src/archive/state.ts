import * as z from 'zod';
import { instant, requestFields } from '../model/job.ts';
import { FORMATS } from '../model/rendition.ts';
import { VERDICTS } from '../model/report.ts';

/** The state document of a stored report. There is one per report, and every change of it is a compare-and-swap. */

export const REPORT_STATES = ['queued', 'running', 'ready', 'failed'] as const;

const storedFile = z.strictObject({
  name: z.string(),
  key: z.string(),
  contentType: z.string(),
  bytes: z.number().int(),
});

export const stateSchema = z.strictObject({
  schemaVersion: z.literal('1'),
  ...requestFields,
  state: z.enum(REPORT_STATES),
  attempt: z.number().int().describe('how many attempts were begun; also the name of the last one’s folder'),
  attemptsBefore: z.number().int().describe('of these, how many belong to an earlier request that failed'),
  claim: z
    .strictObject({ token: z.string(), until: instant })
    .nullable()
    .describe('running: who makes it, and until when nobody else may'),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  reason: z.string().nullable().describe('why it failed, or why the last attempt did'),
  files: z.array(storedFile),
  missing: z
    .array(z.strictObject({ format: z.enum(FORMATS), reason: z.string() }))
    .describe('formats that were asked for and could not be made'),
  result: z
    .strictObject({
      verdict: z.enum(VERDICTS),
      score: z.number().int(),
      complete: z.boolean(),
      critical: z.number().int().describe('critical findings'),
      warning: z.number().int(),
    })
    .nullable()
    .describe('ready: what the report says'),
});

export type ReportState = z.infer<typeof stateSchema>;
export type StoredFile = z.infer<typeof storedFile>;
export type ReportResult = NonNullable<ReportState['result']>;

/**
 * How often a job is tried: `maxReceiveCount` of the queue in serverless.yml, which a test compares. Three bridge a
 * restart of Prometheus or of a node without hiding what is really broken.
 */
export const MOST_ATTEMPTS = 3;

/** A report whose workers all ended without a word, killed or out of memory, has failed although nobody wrote it. */
export function effectiveState(state: ReportState, now: Date): Pick<ReportState, 'state' | 'reason'> {
  if (state.state !== 'running' || !isExpired(state, now)) return state;
  const tries = state.attempt - state.attemptsBefore;
  if (tries < MOST_ATTEMPTS)
    return { state: 'queued', reason: `attempt ${tries} ended without a word; the next one is on its way` };
  return {
    state: 'failed',
    reason: `${tries} attempts ended without a word: killed, or out of memory or time`,
  };
}

export function isExpired({ claim }: ReportState, now: Date): boolean {
  return claim === null || Date.parse(claim.until) <= now.getTime();
}
