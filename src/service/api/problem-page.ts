import { pageAddress } from './addresses.ts';
import type { ApiContext } from './context.ts';
import { type ApiRequest, type ApiResponse, page } from './http.ts';
import { languageOf } from './negotiate.ts';
import { PROBLEMS, type ProblemError, problemHeaders } from './problem.ts';

/** Returns the page of a problem, for browsers. @param sentence says more than the type of the problem */
export async function problemPage(
  request: ApiRequest,
  error: ProblemError,
  { person, sentence }: { person: ApiContext['person']; sentence?: string },
): Promise<ApiResponse> {
  const { renderProblemPage } = await import('../problem-page/render.ts');
  const language = languageOf(request);
  const shown = {
    type: error.type,
    ...(sentence === undefined ? {} : { sentence }),
    detail: sentence === undefined ? error.message : null,
    links: {
      clusters: pageAddress(request, '/'),
      reports: pageAddress(request, '/reports'),
      cluster: null,
      person,
      // Its address may be that of a form, which cannot be followed.
      languages: [],
    },
  };
  return page(PROBLEMS[error.type].status, renderProblemPage(shown, { language }), problemHeaders(error));
}
