import * as z from 'zod';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { VERDICTS } from '../../report/model/report.ts';
import { instant } from '../../report/model/report-values.ts';
import { toInstant } from '../../report/model/time.ts';
import type { ListedReport } from '../archive/listing.ts';
import { effectiveState, REPORT_STATES, type ReportState } from '../archive/state.ts';
import { requestFields, storedId } from '../jobs/job.ts';
import { pathOfReport, reportPath } from './addresses.ts';

/** Reports in the responses of the API. `docs/openapi.json` is generated from these schemas. */

const address = z.string().describe('a path, without scheme and host');
const verdict = z.enum(VERDICTS);
const score = z.number().int().min(0).max(100);
const counts = z.strictObject({ critical: z.number().int(), warning: z.number().int() });
const incidents = counts;
const silenced = counts.optional().describe('findings that do not count; absent: none');

export const reportRepresentation = z.strictObject({
  ...requestFields,
  state: z.enum(REPORT_STATES),
  reason: z.string().nullable().describe('failed: why; queued: why the last attempt failed'),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  verdict: verdict.nullable(),
  score: score.nullable(),
  complete: z.boolean().nullable().describe('false: some data is missing or could not be judged'),
  incidents: incidents.nullable(),
  silenced,
  files: z.array(
    z.strictObject({
      name: z.string(),
      contentType: z.string(),
      bytes: z.number().int(),
      url: address.describe('the file, or a redirect to a link to it that is valid for five minutes'),
    }),
  ),
  missing: z
    .array(z.strictObject({ format: z.enum(OUTPUT_FORMATS), reason: z.string() }))
    .describe('requested formats that could not be made'),
  url: address,
});

export const startRepresentation = z.strictObject({
  clusters: z
    .array(z.strictObject({ name: z.string(), url: address.describe('its reports') }))
    .describe('the clusters of the configuration'),
  reports: address.describe('the reports of all clusters'),
});

const listed = z.strictObject({
  id: storedId,
  cluster: z.string().describe('the cluster’s name, or its key when it is no longer configured'),
  language: z.enum(LANGUAGES),
  period: z.strictObject({ start: instant, end: instant }),
  verdict,
  score,
  complete: z.boolean(),
  incidents,
  silenced,
  formats: z.array(z.enum(OUTPUT_FORMATS)).describe('the formats that are stored'),
  url: address,
});

export const listRepresentation = z.strictObject({
  reports: z.array(listed).describe('ordered by the end of the period, latest first'),
  next: address.nullable().describe('the next page'),
});

export function representReport(
  state: ReportState,
  basePath: string,
  now: Date,
): z.infer<typeof reportRepresentation> {
  const { id, cluster, period, language, formats, pageSize, trigger, requestedAt, result } = state;
  const url = `${basePath}${pathOfReport({ cluster, id })}`;
  return {
    id,
    cluster,
    period,
    language,
    formats,
    pageSize,
    trigger,
    requestedAt,
    ...statusOf(state, now),
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    verdict: result?.verdict ?? null,
    score: result?.score ?? null,
    complete: result?.complete ?? null,
    incidents: result ? { critical: result.critical, warning: result.warning } : null,
    ...(result?.silenced && { silenced: result.silenced }),
    files: state.files.map(({ name, contentType, bytes }) => ({
      name,
      contentType,
      bytes,
      url: `${url}/${name}`,
    })),
    missing: state.missing,
    url,
  };
}

function statusOf(known: ReportState, now: Date): Pick<ReportState, 'state' | 'reason'> {
  const { state, reason } = effectiveState(known, now);
  return { state, reason };
}

export function representListed(
  report: ListedReport,
  name: string,
  basePath: string,
): z.infer<typeof listed> {
  const { id, cluster, period, verdict, score, complete, critical, warning, language, formats } = report;
  return {
    id,
    cluster: name,
    language,
    period: { start: toInstant(period.start), end: toInstant(period.end) },
    verdict,
    score,
    complete,
    incidents: { critical, warning },
    ...(report.silenced && { silenced: report.silenced }),
    formats,
    url: `${basePath}${reportPath(cluster, id)}`,
  };
}
