import pLimit from 'p-limit';
import { type Cluster, clustersOf, settingsOf } from '../../config/clusters.ts';
import type { Config } from '../../config/file.ts';
import { fileName, type OutputFormat } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { isCursor, type ListedReport, listedReports, type Page, scoreHistoryOf } from '../archive/listing.ts';
import type { PageReport } from '../reports-page/page.ts';
import type { ApiContext } from './context.ts';
import { type ApiRequest, type ApiResponse, json } from './http.ts';
import { languageOf } from './language.ts';
import { ProblemError } from './problem.ts';
import { reportPath, representListed } from './representation.ts';

/** The list of finished reports: as a page for people, as JSON for programs. */

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 200;

/** Reports to read for a score history of 30: these may be in two languages, and others lie between them. */
const HISTORY_REPORTS = 100;

/** Bounds the open sockets; S3 itself answers thousands of requests at once. */
const REQUESTS_AT_ONCE = 16;

type ListQuery = { limit: number; after: string | null; cluster: Cluster | null };

export async function listReports(
  request: ApiRequest,
  { config, store, person }: Pick<ApiContext, 'config' | 'store' | 'person'>,
): Promise<ApiResponse> {
  const clusters = clustersOf(config);
  const query = readQuery(request, clusters);
  const page = await listedReports(store, query.cluster?.key ?? null, query);
  if (!wantsHtml(request)) {
    const nameOf = (key: string) => clusters.find((one) => one.key === key)?.name ?? key;
    const reports = page.reports.map((report) =>
      representListed(report, nameOf(report.cluster), request.basePath),
    );
    return json(200, { reports, next: page.next === null ? null : addressOf(request, { after: page.next }) });
  }
  const limit = pLimit(REQUESTS_AT_ONCE);
  const isFirst = query.after === null;
  const shown = !isFirst ? [] : query.cluster ? [query.cluster] : clusters;
  const histories = await limit.map(shown, async (cluster) => ({
    cluster,
    history: scoreHistoryOf((await listedReports(store, cluster.key, { limit: HISTORY_REPORTS })).reports),
  }));
  return renderPage(request, { query, page, histories, clusters, config, person });
}

function readQuery({ query }: ApiRequest, clusters: readonly Cluster[]): ListQuery {
  const refuse = (name: string, detail: string) =>
    new ProblemError('invalid-request', `${name}: ${detail}`, {
      violations: [{ parameter: name, detail }],
    });
  const { limit = String(DEFAULT_LIMIT), after, cluster } = query;
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > LARGEST_LIMIT)
    throw refuse('limit', `is not a number from 1 to ${LARGEST_LIMIT}`);
  if (after !== undefined && !isCursor(after)) throw refuse('after', 'is not a cursor of this list');
  const found = clusters.find(({ name, key }) => name === cluster || key === cluster);
  if (cluster !== undefined && !found) throw refuse('cluster', 'is not a configured cluster');
  return { limit: Number(limit), after: after ?? null, cluster: found ?? null };
}

/** Returns the address of this list with some query parameters changed. */
function addressOf({ query, basePath }: ApiRequest, changes: Record<string, string | undefined>): string {
  const wanted = { ...query, ...changes };
  const kept = ['cluster', 'limit', 'lang', 'after'].flatMap((name) => {
    const value = wanted[name];
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  const text = new URLSearchParams(kept).toString();
  return `${basePath}/reports${text ? `?${text}` : ''}`;
}

/** Browsers prefer text/html; programs that accept anything get JSON. */
function wantsHtml({ headers }: ApiRequest): boolean {
  const accept = (headers['accept'] ?? '').toLowerCase();
  const html = accept.indexOf('text/html');
  const program = accept.indexOf('application/json');
  return html !== -1 && (program === -1 || html < program);
}

async function renderPage(
  request: ApiRequest,
  shown: {
    query: ListQuery;
    page: Page;
    histories: { cluster: Cluster; history: ListedReport[] }[];
    clusters: readonly Cluster[];
    config: Config;
    person: ApiContext['person'];
  },
): Promise<ApiResponse> {
  const { query, page, histories, clusters, config, person = null } = shown;
  // Loaded on demand: programs ask more often than people, and JSON needs no templates.
  const { renderReportsPage } = await import('../reports-page/render.ts');
  const language = languageOf(request);
  const present = presenterOf(request, clusters, config);
  const isFirst = query.after === null;
  const { html, headers } = renderReportsPage(
    {
      cluster: query.cluster?.name ?? null,
      clusters: histories.map(({ cluster, history }) => ({
        name: cluster.name,
        link: addressOf(request, { cluster: cluster.key, after: undefined }),
        latest: history.map(present),
      })),
      reports: page.reports.map(present),
      all: query.cluster ? addressOf(request, { cluster: undefined, after: undefined }) : null,
      first: isFirst ? null : addressOf(request, { after: undefined }),
      next: page.next === null ? null : addressOf(request, { after: page.next }),
      person,
      languages: LANGUAGES.filter((other) => other !== language).map((other) => ({
        language: other,
        link: addressOf(request, { lang: other }),
      })),
    },
    { language },
  );
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'accept, accept-language, accept-encoding',
      ...headers,
    },
    body: html,
  };
}

/** Returns what gives a listed report its cluster's name and time zone, and links to its files. */
function presenterOf(
  { basePath }: ApiRequest,
  clusters: readonly Cluster[],
  config: Config,
): (report: ListedReport) => PageReport {
  const zones = new Map<string, string>();
  const zoneOf = (name: string) => {
    const known = zones.get(name) ?? settingsOf(config, name).report.timeZone;
    zones.set(name, known);
    return known;
  };
  return (report) => {
    const cluster = clusters.find(({ key }) => key === report.cluster);
    return {
      ...report,
      cluster: cluster?.name ?? report.cluster,
      timeZone: cluster ? zoneOf(cluster.name) : 'UTC',
      links: linksOf(report, basePath),
    };
  };
}

function linksOf(
  { cluster, id, formats }: ListedReport,
  basePath: string,
): Partial<Record<OutputFormat, string>> {
  const path = `${basePath}${reportPath(cluster, id)}`;
  return Object.fromEntries(formats.map((format) => [format, `${path}/${fileName(format)}`]));
}
