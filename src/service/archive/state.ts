import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { VERDICTS } from '../../report/model/report.ts';
import { instant } from '../../report/model/report-values.ts';
import { requestFields } from '../jobs/job.ts';

/** The state document of a stored report: one per report, changed only by compare-and-swap. */

export const REPORT_STATES = ['queued', 'running', 'ready', 'failed'] as const;

const storedFile = z.strictObject({
  name: z.string(),
  key: z.string(),
  contentType: z.string(),
  bytes: z.number().int(),
});

/** Ignores keys of later versions, so that their reports can be opened after a downgrade. */
export const stateSchema = z.object({
  schemaVersion: z.literal('1'),
  ...requestFields,
  state: z.enum(REPORT_STATES),
  attempt: z.number().int().describe('number of attempts begun; also the name of the last attempt’s folder'),
  attemptsBefore: z.number().int().describe('of these, the attempts of an earlier request that failed'),
  claim: z
    .object({ token: z.string(), until: instant, isRetried: z.boolean().default(true) })
    .nullable()
    .describe(
      'running: the worker that makes it, until when no other may unless it renews that, and whether a queue delivers the job again if it dies',
    ),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  reason: z.string().nullable().describe('why it failed, or why the previous attempt failed'),
  files: z.array(storedFile),
  missing: z
    .array(z.strictObject({ format: z.enum(OUTPUT_FORMATS), reason: z.string() }))
    .describe('requested formats that could not be made'),
  result: z
    .object({
      verdict: z.enum(VERDICTS),
      score: z.number().int(),
      complete: z.boolean(),
      nothingSeen: z.literal(true).optional().describe('no Antrea targets were found'),
      critical: z.number().int().describe('critical incidents'),
      warning: z.number().int(),
      silenced: z
        .object({ critical: z.number().int(), warning: z.number().int() })
        .optional()
        .describe('findings that do not count; absent: none'),
    })
    .nullable()
    .describe('ready: what the report says'),
});

export type ReportState = z.infer<typeof stateSchema>;
export type StoredFile = z.infer<typeof storedFile>;

/**
 * Attempts per request. Three bridge a restart of Prometheus or of a node without hiding a real fault. They are counted
 * here and not by the queue, which also counts deliveries that found another worker at work.
 */
export const MOST_ATTEMPTS = 3;

/**
 * How often the queue delivers a job: `maxReceiveCount` in deploy/aws/queues.yml. This matters only for failures that
 * cannot be written into the state: an S3 outage of an hour costs no report.
 */
export const MOST_DELIVERIES = 10;

/** Returns how many attempts the current request has used, including the running one. */
export const attemptsOf = ({ attempt, attemptsBefore }: ReportState): number => attempt - attemptsBefore;

/** The state as it really is: a worker that was killed or ran out of memory could not write that it failed. */
export function effectiveState(known: ReportState, now: Date): Pick<ReportState, 'state' | 'reason'> {
  const { state, reason } = known;
  if (state !== 'running' || !isExpired(known, now)) return { state, reason };
  const attempts = attemptsOf(known);
  const noResult = `attempt ${attempts} of ${MOST_ATTEMPTS} ended without a result: killed, or out of memory or time`;
  return {
    state: attempts < MOST_ATTEMPTS && known.claim?.isRetried ? 'queued' : 'failed',
    reason: reason === null ? noResult : `${noResult}; the attempt before: ${reason}`,
  };
}

/** A claim is for a minute (jobs/hold-claim.ts); earlier versions wrote a quarter of an hour. The rest is for clocks that differ. */
const LONGEST_CLAIM_MILLISECONDS = 3_600_000;

/** Whether other workers may make the report. A claim far into the future was written with a wrong clock. */
export function isExpired({ claim }: ReportState, now: Date): boolean {
  if (claim === null) return true;
  const left = Date.parse(claim.until) - now.getTime();
  return left <= 0 || left > LONGEST_CLAIM_MILLISECONDS;
}
