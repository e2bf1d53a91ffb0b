import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { VERDICTS } from '../../report/model/report.ts';
import { instant, requestFields } from '../jobs/job.ts';

/** The state document of a stored report. There is one per report, and every change of it is a compare-and-swap. */

export const REPORT_STATES = ['queued', 'running', 'ready', 'failed'] as const;

const storedFile = z.strictObject({
  name: z.string(),
  key: z.string(),
  contentType: z.string(),
  bytes: z.number().int(),
});

/** Keys of a later version are passed over: after a step back to this one, its reports can still be opened. */
export const stateSchema = z.object({
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
  reason: z.string().nullable().describe('why it failed, or why the attempt before this one did'),
  files: z.array(storedFile),
  missing: z
    .array(z.strictObject({ format: z.enum(OUTPUT_FORMATS), reason: z.string() }))
    .describe('formats that were asked for and could not be made'),
  result: z
    .object({
      verdict: z.enum(VERDICTS),
      score: z.number().int(),
      complete: z.boolean(),
      nothingSeen: z.literal(true).optional().describe('no target of Antrea was found'),
      critical: z.number().int().describe('critical incidents'),
      warning: z.number().int(),
    })
    .nullable()
    .describe('ready: what the report says'),
});

export type ReportState = z.infer<typeof stateSchema>;
export type StoredFile = z.infer<typeof storedFile>;
export type ReportResult = NonNullable<ReportState['result']>;

/**
 * How many attempts a request gets. Three bridge a restart of Prometheus or of a node without hiding what is really
 * broken. They are counted here and not by the queue, which counts deliveries that only found somebody else at work.
 */
export const MOST_ATTEMPTS = 3;

/**
 * How often the queue delivers a job: `maxReceiveCount` in deploy/aws/queues.yml. Only for failures that cannot be written
 * into the state, so that an outage of S3 of an hour costs no report.
 */
export const MOST_DELIVERIES = 10;

/** The attempts that the present request has used up, the one under way included. */
export const attemptsOf = ({ attempt, attemptsBefore }: ReportState): number => attempt - attemptsBefore;

/** A report whose workers ended without a word, killed or out of memory, has failed although nobody wrote it. */
export function effectiveState(known: ReportState, now: Date): Pick<ReportState, 'state' | 'reason'> {
  const { state, reason } = known;
  if (state !== 'running' || !isExpired(known, now)) return { state, reason };
  const tries = attemptsOf(known);
  const silence = `attempt ${tries} of ${MOST_ATTEMPTS} ended without a word: killed, or out of memory or time`;
  return {
    state: tries < MOST_ATTEMPTS ? 'queued' : 'failed',
    reason: reason === null ? silence : `${silence}; the one before: ${reason}`,
  };
}

export function isExpired({ claim }: ReportState, now: Date): boolean {
  return claim === null || Date.parse(claim.until) <= now.getTime();
}
