import { settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import { fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import { clusterKey } from '../../report/model/cluster-key.ts';
import { effectiveState, type ReportState } from '../archive/state.ts';
import { otherLanguages } from '../page-frame/frame.ts';
import { clusterPath, pageAddress, pathOfReport, reportPath } from './addresses.ts';
import { linksOf, sinceOf } from './clusters.ts';
import type { ApiContext } from './context.ts';
import { RETRY_AFTER } from './create.ts';
import { alwaysFits, answerFile } from './file.ts';
import { idOf, notFound, stateOf } from './find-report.ts';
import { type ApiRequest, type ApiResponse, json, page, redirect } from './http.ts';
import { languageOf, wantsHtml } from './negotiate.ts';
import { ProblemError } from './problem.ts';
import { representReport } from './representation.ts';

/** One report: its state, for programs as JSON and for people as a page, and its files. */

export async function showReport(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const { store, now } = context;
  const id = await idOf(request, context);
  const { cluster = '' } = request.parameters;
  if (request.parameters['id'] === 'latest') return redirect(pageAddress(request, reportPath(cluster, id)));
  const known = await stateOf(id, store);
  if (wantsHtml(request)) return showState(request, context, known);
  const report = representReport(known, request.basePath, now());
  const isUnderWay = report.state === 'queued' || report.state === 'running';
  return json(200, report, isUnderWay ? { 'retry-after': String(RETRY_AFTER) } : {});
}

const HTML = fileName('html');

/** Leads to the HTML of a report that has one; otherwise shows the state of the report. */
async function showState(
  request: ApiRequest,
  { config, now, filesBy, person }: ApiContext,
  known: ReportState,
): Promise<ApiResponse> {
  const { state, reason } = effectiveState(known, now());
  const html = known.files.find(({ name }) => name === HTML);
  // A redirect to another host after a form would be against the policy of the form's page, so such a file is a link.
  if (state === 'ready' && html && (filesBy === 'content' || alwaysFits(html)))
    return redirect(`${request.basePath}${pathOfReport(known)}/${HTML}`);
  const { renderReportStatePage } = await import('../report-state-page/render.ts');
  const language = languageOf(request);
  const path = pathOfReport(known);
  const key = clusterKey(known.cluster);
  const formats = OUTPUT_FORMATS.filter((format) =>
    known.files.some(({ name }) => name === fileName(format)),
  );
  const shown = {
    cluster: known.cluster,
    period: { start: Date.parse(known.period.start) / 1000, end: Date.parse(known.period.end) / 1000 },
    timeZone: timeZoneOf(known.cluster, config),
    language: known.language,
    state,
    reason,
    since: sinceOf(known, state),
    files: linksOf({ cluster: key, id: known.id, formats }, request.basePath),
    missing: known.missing,
    again: state === 'failed' ? { action: pageAddress(request, '/reports'), id: known.id } : null,
    links: {
      clusters: pageAddress(request, '/'),
      reports: pageAddress(request, '/reports'),
      cluster: { name: known.cluster, link: pageAddress(request, clusterPath(key)) },
      person,
      languages: otherLanguages(language).map((other) => ({
        language: other,
        link: pageAddress(request, path, { lang: other }),
      })),
    },
  };
  return page(200, renderReportStatePage(shown, { language }));
}

/** Returns the time zone of a cluster; UTC when it is no longer configured. */
function timeZoneOf(cluster: string, config: Config): string {
  const isConfigured = config.file.clusters?.some(({ name }) => name === cluster) ?? false;
  return isConfigured ? settingsOf(config, cluster).report.timeZone : 'UTC';
}

export async function openFile(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const { store, now } = context;
  const known = await stateOf(await idOf(request, context), store);
  const { file: wanted, id } = request.parameters;
  const { state, reason } = effectiveState(known, now());
  if (state === 'queued' || state === 'running')
    throw new ProblemError('not-ready', `the report is ${state}`, { retryAfterSeconds: RETRY_AFTER });
  if (state === 'failed') throw notFound(`the report could not be made: ${reason}`);
  const file = known.files.find(({ name }) => name === wanted);
  if (!file) {
    const missing = known.missing.find(({ format }) => fileName(format) === wanted);
    throw notFound(
      missing ? `this file could not be made: ${missing.reason}` : 'this report has no such file',
    );
  }
  const response = await answerFile(request, context, { id: known.id, file });
  if (response === null) throw notFound('this file is not stored any more');
  // Another report is the latest one tomorrow.
  return id === 'latest'
    ? { ...response, headers: { ...response.headers, 'cache-control': 'no-store' } }
    : response;
}
