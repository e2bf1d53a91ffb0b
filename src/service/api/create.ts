import { ClaimLost, failReport, requestReport, type Versioned } from '../archive/claims.ts';
import type { ReportState } from '../archive/state.ts';
import type { Job } from '../jobs/job.ts';
import type { ApiContext } from './context.ts';
import { stateOf } from './find-report.ts';
import { createFromForm } from './form.ts';
import { type ApiRequest, type ApiResponse, json } from './http.ts';
import { isForm } from './negotiate.ts';
import { ProblemError } from './problem.ts';
import { readReportRequest } from './report-request.ts';
import { representReport } from './representation.ts';

/** When to ask again, in seconds. A report takes two to ten. */
export const RETRY_AFTER = 5;

/** Requests a report: for programs as JSON, for people by a form. */
export async function create(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  if (isForm(request)) return createFromForm(request, context, (job) => requestJob(job, context));
  const job = await readReportRequest(request, context.config, context.now());
  const report = representReport(await requestJob(job, context), request.basePath, context.now());
  if (report.state === 'ready') return json(200, report, { location: report.url });
  return json(202, report, { location: report.url, 'retry-after': String(RETRY_AFTER) });
}

async function requestJob(job: Job, { store, send, now }: ApiContext): Promise<ReportState> {
  const requested = await requestReport(store, job, now());
  return requested.send ? sendOrTakeBack(requested, { job, store, send, now }) : requested.state;
}

/** Sends the job; when that fails, the report must not wait for a job that was never sent. */
async function sendOrTakeBack(
  requested: Versioned,
  { job, store, send, now }: Pick<ApiContext, 'store' | 'send' | 'now'> & { job: Job },
): Promise<ReportState> {
  try {
    await send(job);
    return requested.state;
  } catch (error) {
    const reason = 'its job could not be sent to the queue';
    try {
      await failReport(store, requested, { reason, final: true, now: now() });
    } catch (unwritten) {
      // A worker already has the job: only the queue's response was lost.
      if (unwritten instanceof ClaimLost) return await stateOf(job.id, store);
    }
    throw new ProblemError('temporarily-unavailable', `${reason}; try again in a minute`, {
      retryAfterSeconds: 60,
      cause: error,
    });
  }
}
