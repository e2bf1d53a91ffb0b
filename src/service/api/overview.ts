import pLimit from 'p-limit';
import type * as z from 'zod';
import { clustersOf } from '../../config/clusters.ts';
import { dueReports } from '../jobs/due-reports.ts';
import { otherLanguages } from '../page-frame/frame.ts';
import { clusterPath, pageAddress } from './addresses.ts';
import { presenterOf, readCluster } from './clusters.ts';
import type { ApiContext } from './context.ts';
import { type ApiRequest, type ApiResponse, json, page } from './http.ts';
import { languageOf, wantsHtml } from './negotiate.ts';
import { type FormState, pageForm } from './page-form.ts';
import type { startRepresentation } from './representation.ts';

/** Where the service begins: all clusters, as a page for people; where they are, as JSON for programs. */

/** Bounds the open sockets; S3 itself answers thousands of requests at once. */
const CLUSTERS_AT_ONCE = 16;

export async function showStart(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  if (wantsHtml(request)) return showClusters(request, context);
  const { basePath } = request;
  const start: z.infer<typeof startRepresentation> = {
    clusters: clustersOf(context.config).map(({ name, key }) => ({
      name,
      url: `${basePath}${clusterPath(key)}`,
    })),
    reports: `${basePath}/reports`,
  };
  return json(200, start);
}

/** Shows the state of all clusters. @param form what was refused when it was sent */
export async function showClusters(
  request: ApiRequest,
  context: ApiContext,
  form?: FormState,
): Promise<ApiResponse> {
  const { config, now } = context;
  const clusters = clustersOf(config);
  const present = presenterOf(request, clusters, config);
  const dueOf = dueReports(context.schedules, now());
  const [read, { renderReportsPage }] = await Promise.all([
    pLimit(CLUSTERS_AT_ONCE).map(clusters, (cluster) =>
      readCluster(cluster, { request, context, present, dueOf }),
    ),
    // Loaded on demand: programs ask more often than people, and JSON needs no templates.
    import('../reports-page/render.ts'),
  ]);
  const language = languageOf(request);
  const shown = {
    now: now().getTime() / 1000,
    cluster: null,
    clusters: read,
    reports: null,
    first: null,
    next: null,
    hasNoCluster: clusters.length === 0,
    form: pageForm(request, config, clusters, form),
    comparison: null,
    links: {
      clusters: null,
      reports: pageAddress(request, '/reports'),
      cluster: null,
      person: context.person,
      languages: otherLanguages(language).map((other) => ({
        language: other,
        link: pageAddress(request, '/', { lang: other }),
      })),
    },
  };
  return page(200, renderReportsPage(shown, { language }));
}
