import type { Difference } from '../../report/compare/difference.ts';
import { fileName } from '../../report/formats.ts';
import { parseStoredReportWithVersion, type StoredReport } from '../../report/model/stored-report.ts';
import { UserError } from '../../report/model/user-error.ts';
import { readState } from '../archive/claims.ts';
import { hasSameLength, type ListedReport, listedOf, listedReports } from '../archive/listing.ts';
import type { Store } from '../archive/store.ts';
import { readStoredId } from '../archive/stored-id.ts';
import type { ComparisonFault } from '../comparison-page/faults.ts';
import { otherLanguages } from '../page-frame/frame.ts';
import { clusterPath, pageAddress, reportPath } from './addresses.ts';
import type { ApiContext } from './context.ts';
import { type ApiRequest, type ApiResponse, json, page, redirect } from './http.ts';
import { languageOf, wantsHtml } from './negotiate.ts';
import { ProblemError, problemResponse } from './problem.ts';
import { problemPage } from './problem-page.ts';

/** The comparison of two reports of a cluster: as a page for people, for programs as the JSON of `antrea-health diff`. */

/** Reports to look through for the one before: of other lengths there may be many between two of the same. */
const LOOKED_AT = 200;

/**
 * The query has the ids of the reports. Without the first, it is the report before the second one, to which the
 * response leads, so that its address names both.
 */
export async function compare(request: ApiRequest, context: ApiContext): Promise<ApiResponse> {
  const { person } = context;
  const { cluster = '' } = request.parameters;
  const { first, second = '' } = request.query;
  const ids = first === undefined ? [second] : [first, second];
  const faults = ids.flatMap((id) => faultOfId(id, cluster) ?? []);
  if (faults[0] !== undefined) return refuse(request, faults[0], person);
  if (first === undefined) {
    const before = await reportBefore(context.store, second);
    if (typeof before === 'string') return refuse(request, before, person);
    return redirect(pageAddress(request, `${clusterPath(cluster)}/compare`, { first: before.id, second }));
  }
  const [a, b] = await Promise.all([first, second].map((id) => readDocument(context, id)));
  if (a === undefined || typeof a === 'string') return refuse(request, a ?? 'no-report', person);
  if (b === undefined || typeof b === 'string') return refuse(request, b ?? 'no-report', person);
  const { compareReports } = await import('../../report/compare/compare-reports.ts');
  const difference = compareReports(a, b);
  if (!wantsHtml(request)) return json(200, difference);
  return showComparison(request, { difference, reports: [a, b], person });
}

function faultOfId(id: string, cluster: string): ComparisonFault | null {
  const parts = readStoredId(id);
  if (parts === null) return 'no-report';
  return parts.cluster === cluster ? null : 'other-cluster';
}

/** Returns the latest report of the same length whose period ends before; in the same language where there is one. */
async function reportBefore(store: Store, id: string): Promise<ListedReport | ComparisonFault> {
  const known = await readState(store, id);
  if (known === null) return 'no-report';
  if (known.state.state !== 'ready') return 'not-ready';
  const report = listedOf(known.state);
  if (report === null) return 'damaged';
  const { end } = report.period;
  const { reports } = await listedReports(store, report.cluster, { limit: LOOKED_AT, until: end - 1 });
  const [latest, ...others] = reports.filter((one) => hasSameLength(one, report));
  if (latest === undefined) return 'none-before';
  const ofSamePeriod = [latest, ...others].filter((one) => one.period.end === latest.period.end);
  return ofSamePeriod.find(({ language }) => language === report.language) ?? latest;
}

async function readDocument(
  { store, onError }: Pick<ApiContext, 'store' | 'onError'>,
  id: string,
): Promise<StoredReport | ComparisonFault> {
  const known = await readState(store, id);
  if (known === null) return 'no-report';
  if (known.state.state !== 'ready') return 'not-ready';
  const file = known.state.files.find(({ name }) => name === fileName('json'));
  const object = file && (await store.get(file.key));
  if (!object) return 'damaged';
  try {
    return parseStoredReportWithVersion(new TextDecoder().decode(object.bytes));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    onError(new UserError(`${id}: report.json ${error.message}`, { cause: error }));
    return 'damaged';
  }
}

async function refuse(
  request: ApiRequest,
  fault: ComparisonFault,
  person: ApiContext['person'],
): Promise<ApiResponse> {
  const { COMPARISON_FAULT_WORDS } = await import('../comparison-page/faults.ts');
  const problem = new ProblemError('not-comparable', COMPARISON_FAULT_WORDS.en[fault]);
  if (!wantsHtml(request)) return problemResponse(problem);
  const sentence = COMPARISON_FAULT_WORDS[languageOf(request)][fault];
  return problemPage(request, problem, { person, sentence });
}

async function showComparison(
  request: ApiRequest,
  {
    difference,
    reports: [a, b],
    person,
  }: {
    difference: Difference;
    reports: readonly [StoredReport, StoredReport];
    person: ApiContext['person'];
  },
): Promise<ApiResponse> {
  const { renderComparisonPage } = await import('../comparison-page/render.ts');
  const { cluster = '' } = request.parameters;
  const { first = '', second = '' } = request.query;
  const language = languageOf(request);
  const path = `${clusterPath(cluster)}/compare`;
  const shown = {
    difference,
    reports: { first: a.report, second: b.report },
    urls: {
      first: pageAddress(request, reportPath(cluster, first)),
      second: pageAddress(request, reportPath(cluster, second)),
      swapped: pageAddress(request, path, { first: second, second: first }),
    },
    links: {
      clusters: pageAddress(request, '/'),
      reports: pageAddress(request, '/reports'),
      cluster: { name: b.report.cluster, link: pageAddress(request, clusterPath(cluster)) },
      person,
      languages: otherLanguages(language).map((other) => ({
        language: other,
        link: pageAddress(request, path, { lang: other, first, second }),
      })),
    },
  };
  return page(200, renderComparisonPage(shown, { language }));
}
