import { answer, failure } from '../api/api.ts';
import type { Caller } from '../api/caller.ts';
import type { ApiContext } from '../api/context.ts';
import type { ApiResponse, SiteRequest } from '../api/http.ts';
import { refuseOtherSite } from '../api/other-sites.ts';
import { unauthenticated } from '../api/problem.ts';
import { restrictContext } from '../api/visible.ts';
import { SIGN_OUT_PATH, type SignIn } from './sign-in.ts';
import { isFromOtherSite, isNavigation } from './sites.ts';

/** Who may use the pages and the API where people sign in. */
export type Gate = {
  signIn: SignIn;
  /** Reads the token of a program; null when programs have no access. */
  readToken: ((authorization: string) => Promise<Caller>) | null;
  /** That of the service. */
  origin: string;
};

/** Answers a request after finding out who sent it, with what this caller may see. */
export async function answerAtGate(
  request: SiteRequest,
  context: ApiContext,
  gate: Gate,
): Promise<ApiResponse> {
  try {
    const own = await gate.signIn.answer(request);
    if (own !== null) return own;
    const caller = await identify(request, gate);
    if ('refused' in caller) return await refuse(request, caller.refused, gate);
    const { person } = caller;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    // Browsers add a cookie to requests of other sites' pages by themselves, but never a token.
    if (person !== undefined && !isReading && isFromOtherSite(request.headers, gate.origin))
      refuseOtherSite();
    const visible = restrictContext(context, caller.clusters ?? 'all');
    if (person === undefined) return await answer(request, visible);
    const signOut = `${request.basePath}${SIGN_OUT_PATH}`;
    return uncached(await answer(request, { ...visible, person: { name: person, signOut } }));
  } catch (error) {
    return failure(error, context.onError);
  }
}

/** After somebody signs out, the browser must not show to the next person what it has of this one. */
function uncached(response: ApiResponse): ApiResponse {
  return { ...response, headers: { ...response.headers, 'cache-control': 'no-store' } };
}

/** A token counts more than a cookie: a program that sends one must not get the rights of somebody else. */
async function identify(request: SiteRequest, { signIn, readToken }: Gate): Promise<Caller> {
  const { authorization } = request.headers;
  return readToken !== null && authorization !== undefined
    ? readToken(authorization)
    : signIn.identify(request);
}

async function refuse(request: SiteRequest, reason: string, { signIn }: Gate): Promise<ApiResponse> {
  const isProgram = request.headers['authorization'] !== undefined;
  return !isProgram && isNavigation(request) ? signIn.begin(request) : unauthenticated(reason);
}
