import * as z from 'zod';
import { STAGES } from '../report/model/stage.ts';
import type { WorkOutcome } from '../service/jobs/work.ts';

/** What the process of a job prints for `serve`, as one line of JSON. */
export const jobOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('made'),
    verdict: z.string().nullable(),
    seconds: z.partialRecord(z.enum(STAGES), z.number()),
    missing: z.array(z.string()),
  }),
  z.object({ outcome: z.literal('ready') }),
  z.object({ outcome: z.literal('busy'), until: z.string() }),
  z.object({ outcome: z.literal('failed'), error: z.string(), final: z.boolean() }),
]);

export type JobOutcome = z.infer<typeof jobOutcomeSchema>;

export function toJobOutcome(done: WorkOutcome): JobOutcome {
  switch (done.outcome) {
    case 'made': {
      const { state, seconds } = done;
      const missing = state.missing.map(({ format, reason }) => `${format}: ${reason}`);
      return { outcome: 'made', verdict: state.result?.verdict ?? null, seconds, missing };
    }
    case 'failed':
      return { outcome: 'failed', error: done.error.message, final: done.final };
    case 'ready':
    case 'busy':
      return done;
  }
}
