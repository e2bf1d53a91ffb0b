import { type Cluster, clustersOf } from '../../config/clusters.ts';
import { isCursor, listedReports } from '../archive/listing.ts';
import { dueReports } from '../jobs/due-reports.ts';
import { otherLanguages } from '../page-frame/frame.ts';
import { clusterPath, pageAddress } from './addresses.ts';
import { presenterOf, readCluster } from './clusters.ts';
import type { ApiContext } from './context.ts';
import { notFound } from './find-report.ts';
import { type ApiRequest, type ApiResponse, json, page } from './http.ts';
import { languageOf, wantsHtml } from './negotiate.ts';
import { type FormState, pageForm } from './page-form.ts';
import { ProblemError } from './problem.ts';
import { representListed } from './representation.ts';

/** The list of finished reports, of all clusters or of one: as a page for people, as JSON for programs. */

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 200;

type ListQuery = { limit: number; after: string | null };

/** The list of all clusters, or of the one that the query names. */
export async function listReports(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const wanted = request.query['cluster'];
  const cluster = clustersOf(context.config).find(({ name, key }) => name === wanted || key === wanted);
  if (wanted !== undefined && !cluster) throw refuse('cluster', 'is not a configured cluster');
  return answerList(request, context, cluster ?? null);
}

/** The list of the cluster that the path names. */
export async function listReportsOfCluster(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const cluster = clustersOf(context.config).find(({ key }) => key === request.parameters['cluster']);
  if (!cluster) throw notFound('there is no such cluster');
  return answerList(request, context, cluster);
}

async function answerList(
  request: ApiRequest,
  context: ApiContext,
  cluster: Cluster | null,
): Promise<ApiResponse> {
  if (wantsHtml(request)) return showReports(request, context, { cluster });
  const clusters = clustersOf(context.config);
  const list = await listedReports(context.store, cluster?.key ?? null, readQuery(request));
  const nameOf = (key: string) => clusters.find((one) => one.key === key)?.name ?? key;
  const reports = list.reports.map((report) =>
    representListed(report, nameOf(report.cluster), request.basePath),
  );
  const isNamedByPath = request.parameters['cluster'] !== undefined;
  const path = cluster !== null && isNamedByPath ? clusterPath(cluster.key) : '/reports';
  const { cluster: name, limit } = request.query;
  const next =
    list.next === null
      ? null
      : pageAddress(request, path, { ...(isNamedByPath ? {} : { cluster: name }), limit, after: list.next });
  return json(200, { reports, next });
}

const refuse = (name: string, detail: string) =>
  new ProblemError('invalid-request', `${name}: ${detail}`, { violations: [{ parameter: name, detail }] });

function readQuery({ query }: ApiRequest): ListQuery {
  const { limit = String(DEFAULT_LIMIT), after } = query;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > LARGEST_LIMIT)
    throw refuse('limit', `is not a number from 1 to ${LARGEST_LIMIT}`);
  if (after !== undefined && !isCursor(after)) throw refuse('after', 'is not a cursor of this list');
  return { limit: Number(limit), after: after ?? null };
}

/** Shows the list of a cluster, or of all (null). @param form what was refused when it was sent */
export async function showReports(
  request: ApiRequest,
  context: ApiContext,
  { cluster, form }: { cluster: Cluster | null; form?: FormState },
): Promise<ApiResponse> {
  const { config, store, now } = context;
  const clusters = clustersOf(config);
  const query = readQuery(request);
  const isFirst = query.after === null;
  const present = presenterOf(request, clusters, config);
  const dueOf = dueReports(context.schedules, now());
  const [list, summary] = await Promise.all([
    listedReports(store, cluster?.key ?? null, query),
    cluster !== null && isFirst ? readCluster(cluster, { request, context, present, dueOf }) : null,
  ]);
  // Loaded on demand: programs ask more often than people, and JSON needs no templates.
  const { renderReportsPage } = await import('../reports-page/render.ts');
  const language = languageOf(request);
  const path = cluster === null ? '/reports' : clusterPath(cluster.key);
  const { limit, after, lang = null } = request.query;
  const shown = {
    now: now().getTime() / 1000,
    cluster: cluster?.name ?? null,
    clusters: summary === null ? [] : [summary],
    reports: list.reports.map(present),
    first: isFirst ? null : pageAddress(request, path, { limit }),
    next: list.next === null ? null : pageAddress(request, path, { limit, after: list.next }),
    hasNoCluster: clusters.length === 0,
    form: cluster === null ? null : pageForm(request, config, [cluster], form),
    comparison: cluster === null ? null : { action: `${request.basePath}${path}/compare`, language: lang },
    links: {
      clusters: pageAddress(request, '/'),
      reports: cluster === null ? null : pageAddress(request, '/reports'),
      cluster: null,
      person: context.person,
      languages: otherLanguages(language).map((other) => ({
        language: other,
        link: pageAddress(request, path, { lang: other, limit, after }),
      })),
    },
  };
  return page(200, renderReportsPage(shown, { language }));
}
