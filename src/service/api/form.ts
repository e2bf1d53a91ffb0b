import { type Cluster, clustersOf } from '../../config/clusters.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { readState } from '../archive/claims.ts';
import type { ReportState } from '../archive/state.ts';
import { readStoredId } from '../archive/stored-id.ts';
import type { Job } from '../jobs/job.ts';
import { FORM_PERIODS, type FormPeriod } from '../page-frame/form.ts';
import { pageAddress, pathOfReport } from './addresses.ts';
import type { ApiContext } from './context.ts';
import { notFound } from './find-report.ts';
import { type ApiRequest, type ApiResponse, redirect } from './http.ts';
import { showReports } from './list.ts';
import { showClusters } from './overview.ts';
import { type FormState, isRecorded } from './page-form.ts';
import { ProblemError, problemHeaders } from './problem.ts';
import { checkBodySize, jobOfRequest, type ReportRequestBody } from './report-request.ts';

/**
 * Requests by a form of a page. A form has the fields of the page, or only `again`: the id of a report that failed.
 * What cannot be requested is shown on the page with the form.
 */

const PERIODS: Readonly<Record<FormPeriod, Pick<ReportRequestBody, 'period' | 'range'>>> = {
  day: { period: 'day' },
  week: { period: 'week' },
  month: { period: 'month' },
  '24h': { range: '24h' },
};

type RequestJob = (job: Job) => Promise<ReportState>;

export async function createFromForm(
  request: ApiRequest,
  context: ApiContext,
  requestJob: RequestJob,
): Promise<ApiResponse> {
  checkBodySize(request.body);
  const fields = new URLSearchParams(request.body);
  const again = fields.get('again');
  const read = again === null ? readFields(fields, context) : await readAgain(again, context);
  if ('error' in read) return showForm(request, context, { ...read, status: 422 });
  const { wanted, cluster } = read;
  try {
    const state = await requestJob(await jobOfRequest(wanted, context.config, context.now()));
    return redirect(pageAddress(request, pathOfReport(state)), 303);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const isTemporary = error.type === 'temporarily-unavailable';
    if (isTemporary) context.onError(error);
    return showForm(request, context, {
      cluster,
      chosen: chosenIn(fields),
      error: { field: null, reason: isTemporary ? null : error.message },
      status: isTemporary ? 503 : 422,
      headers: problemHeaders(error),
    });
  }
}

type Chosen = FormState['chosen'];
type Refused = FormState & { cluster: Cluster | null };
type Read = { wanted: ReportRequestBody; cluster: Cluster };

function readFields(fields: URLSearchParams, { config }: ApiContext): Read | Refused {
  const text = fields.get('cluster');
  const cluster = clustersOf(config).find(({ key, name }) => key === text || name === text) ?? null;
  const chosen = chosenIn(fields);
  if (cluster === null) return { cluster, chosen, error: { field: 'cluster' } };
  if (chosen.period === undefined) return { cluster, chosen, error: { field: 'period' } };
  if (chosen.language === undefined) return { cluster, chosen, error: { field: 'language' } };
  return {
    cluster,
    wanted: {
      cluster: cluster.name,
      ...(isRecorded(cluster, config) ? {} : PERIODS[chosen.period]),
      ...(chosen.language === '' ? {} : { language: chosen.language }),
    },
  };
}

/** Returns what was chosen, as far as the fields have it to choose from. */
function chosenIn(fields: URLSearchParams): Chosen {
  const period = FORM_PERIODS.find((one) => one === fields.get('period'));
  const text = fields.get('language') ?? '';
  const language = text === '' ? '' : LANGUAGES.find((one) => one === text);
  return { ...(period && { period }), ...(language !== undefined && { language }) };
}

/** Reads what an earlier request was about. The settings of the cluster are those of now. */
async function readAgain(id: string, { config, store }: ApiContext): Promise<Read | Refused> {
  const known = readStoredId(id) === null ? null : await readState(store, id);
  if (known === null) throw notFound();
  const { cluster: name, period, language, formats, pageSize } = known.state;
  const cluster = clustersOf(config).find((one) => one.name === name) ?? null;
  if (cluster === null) return { cluster, chosen: {}, error: { field: 'cluster' } };
  const { start, end } = period;
  const times = isRecorded(cluster, config) ? {} : { start, end };
  return { cluster, wanted: { cluster: name, ...times, language, formats, pageSize } };
}

/** Shows the page that has the form: that of the cluster, or that of all. */
async function showForm(
  request: ApiRequest,
  context: ApiContext,
  { status, headers = {}, ...form }: Refused & { status: number; headers?: Record<string, string> },
): Promise<ApiResponse> {
  // The query is that of another route.
  const { lang } = request.query;
  const page = { ...request, query: { lang } };
  const shown =
    form.cluster === null
      ? await showClusters(page, context, form)
      : await showReports(page, context, { cluster: form.cluster, form });
  return { ...shown, status, headers: { ...shown.headers, ...headers } };
}
