import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { clusterKey } from '../../report/model/cluster-key.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { PAGE_SIZES } from '../../report/model/rendition.ts';
import { instant } from '../../report/model/report-values.ts';
import { readStoredId, storedIdOf } from '../archive/stored-id.ts';

export const storedId = z
  .string()
  .refine((id) => readStoredId(id) !== null, { error: 'is not the id of a stored report' })
  .describe('determined by cluster, period, settings, language and formats');

/** The fields that a job and the state of its report share. */
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

/** A report to make, as a message of the queue. It names neither Prometheus nor the store: those are configuration. */
export const jobSchema = z.strictObject({ version: z.literal(1), ...requestFields });

export type Job = z.infer<typeof jobSchema>;

/**
 * Whether the id of a job names the cluster, the end of the period, the language, the formats and the page size of the
 * job. The id decides where a report is stored, and the cluster which data it shows. The hash in the id cannot be checked,
 * because it also depends on the configuration at the time of the request.
 */
export function isConsistent({ id, cluster, period, ...rendition }: Job): boolean {
  const parts = readStoredId(id);
  return (
    parts !== null &&
    parts.cluster === clusterKey(cluster) &&
    parts.end === Date.parse(period.end) / 1000 &&
    storedIdOf(parts.report, rendition) === id
  );
}
