import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { SignInSettings } from '../../config/sign-in.ts';
import type { Caller } from '../api/caller.ts';
import { type ApiResponse, redirect, type SiteRequest } from '../api/http.ts';
import { clearCookie, cookieName, readCookies, setCookie } from './cookies.ts';
import { signInPage } from './page.ts';
import { type Provider, SignInError, type SignInProblem } from './provider.ts';
import { returnPath, startPath } from './return-path.ts';
import { openSeal, type Seal } from './seal.ts';
import { clustersOfSession, groupsFingerprint, readSession, sessionOf } from './session.ts';
import { isFromOtherSite, isFromOwnPage } from './sites.ts';
import { openUsedAttempts } from './used-attempts.ts';

/** How people sign in and out: addresses and cookies. Their browser is sent to the issuer and back. */
export type SignIn = {
  /** Returns the person whose session a request has. */
  identify(request: Pick<SiteRequest, 'headers'>): Promise<Caller>;
  /** Sends a browser to the login of the issuer; it returns to the address of the request. */
  begin(request: SiteRequest): Promise<ApiResponse>;
  /** Answers the addresses of signing in and out; null for all others. */
  answer(request: SiteRequest): Promise<ApiResponse | null>;
};

export type SignInOptions = {
  settings: SignInSettings;
  provider: Provider;
  /** Returns the secrets from which the keys of the cookies are derived. */
  readSecrets: () => Promise<readonly string[]>;
  now: () => Date;
  onError: (error: unknown) => void;
};

export const CALLBACK_PATH = '/sign-in/callback';
const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';

/** For typing a password, a second factor, and reading the terms. */
const ATTEMPT_SECONDS = 600;

/** Browsers limit what they send (API Gateway: 10,240 bytes of headers). Tabs that were restored all begin at once. */
const MOST_ATTEMPTS = 4;

const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  path: z.string(),
});

type Context = SignInOptions & {
  sessions: Seal;
  attempts: Seal;
  used: ReturnType<typeof openUsedAttempts>;
  rules: { isSecure: boolean };
  sessionName: string;
  /** That of the service. */
  origin: string;
};

export function openSignIn(options: SignInOptions): SignIn {
  const { settings, readSecrets, now } = options;
  const { issuer, clientId, groups, sessionSeconds } = settings;
  const rules = { isSecure: settings.address.startsWith('https:') };
  const seal = (name: string, seconds: number, ...more: string[]) =>
    openSeal({ readSecrets, purpose: [name, issuer, clientId, ...more], seconds, now });
  const context: Context = {
    ...options,
    rules,
    sessions: seal('session', sessionSeconds, groupsFingerprint(groups)),
    attempts: seal('attempt', ATTEMPT_SECONDS),
    used: openUsedAttempts(ATTEMPT_SECONDS),
    sessionName: cookieName('session', rules),
    origin: new URL(settings.address).origin,
  };
  return {
    identify: (request) => identify(request, context),
    begin: (request) => guarded(request, context, () => begin(request, addressOf(request), context)),
    answer: async (request) => {
      const route = `${request.method} ${request.path}`;
      const answer = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
      return answer ? guarded(request, context, () => answer(request, context)) : null;
    },
  };
}

const ROUTES: Readonly<Record<string, (request: SiteRequest, context: Context) => Promise<ApiResponse>>> = {
  [`GET ${SIGN_IN_PATH}`]: (request, context) => begin(request, request.query['to'], context),
  [`GET ${CALLBACK_PATH}`]: finish,
  [`GET ${SIGN_OUT_PATH}`]: showSignOut,
  [`POST ${SIGN_OUT_PATH}`]: async (request, context) => {
    const { headers } = request;
    // Older browsers do not say where a form is; they send the cookie of a session with ours only.
    const isOurs =
      headers['sec-fetch-site'] === undefined
        ? !('refused' in (await identify(request, context)))
        : !isFromOtherSite(headers, context.origin);
    return isOurs ? signOut(context) : showSignOut(request, context);
  },
};

/** Shows a person what is wrong, and logs what its operator can change. */
async function guarded(
  request: SiteRequest,
  context: Context,
  work: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    if (error.problem === 'unavailable' || error.problem === 'refused') context.onError(error);
    return problemPage(request, context, { problem: error.problem, path: undefined });
  }
}

function problemPage(
  request: SiteRequest,
  { settings }: Context,
  { problem, path }: { problem: SignInProblem; path: string | undefined },
): Promise<ApiResponse> {
  const to = new URLSearchParams({ to: path ?? startPath(settings.basePath) });
  return signInPage(request, {
    kind: problem,
    link: `${settings.address}${SIGN_IN_PATH}?${to}`,
  });
}

async function identify({ headers }: Pick<SiteRequest, 'headers'>, context: Context): Promise<Caller> {
  const cookie = readCookies(headers['cookie']).get(context.sessionName);
  if (cookie === undefined) return { refused: 'sign in' };
  const session = readSession(await context.sessions.open(cookie));
  if (session === null) return { refused: 'the session is over; sign in again' };
  const { sub: user, name: person } = session;
  return { user, person, clusters: clustersOfSession(session, context.settings.groups) };
}

/** The address of a request, from which its base path is left out by some proxies. */
function addressOf({ basePath, path, query }: SiteRequest): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  return `${basePath}${path}${text ? `?${text}` : ''}`;
}

/** Its cookie has a name that follows from the state, so that several tabs can sign in at the same time. */
const attemptCookie = (state: string, { rules }: Context): string =>
  cookieName(`sign-in-${createHash('sha256').update(state).digest('hex').slice(0, 16)}`, rules);

async function begin(
  { headers }: SiteRequest,
  wanted: string | undefined,
  context: Context,
): Promise<ApiResponse> {
  const { provider, attempts, settings, rules } = context;
  const { address, attempt } = await provider.begin();
  const sealed = await attempts.close({ ...attempt, path: returnPath(wanted, settings.basePath) });
  const others = [...readCookies(headers['cookie']).keys()].filter((name) =>
    name.startsWith(cookieName('sign-in-', rules)),
  );
  const forgotten = others.length < MOST_ATTEMPTS ? [] : others.map((name) => clearCookie(name, rules));
  return {
    ...redirect(address),
    cookies: [...forgotten, setCookie(attemptCookie(attempt.state, context), sealed, ATTEMPT_SECONDS, rules)],
  };
}

async function finish(request: SiteRequest, context: Context): Promise<ApiResponse> {
  const { headers, query } = request;
  const { provider, attempts, settings, used, rules, sessions, sessionName, now } = context;
  const { state = '' } = query;
  const name = attemptCookie(state, context);
  const cookie = readCookies(headers['cookie']).get(name);
  const attempt = attemptSchema.safeParse(cookie === undefined ? null : await attempts.open(cookie)).data;
  // The callback counts only in the browser that began, and once.
  if (attempt === undefined || attempt.state !== state || !used.add(state, now()))
    return problemPage(request, context, { problem: 'expired', path: undefined });
  const over = [clearCookie(name, rules)];
  const { path } = attempt;
  try {
    const session = sessionOf(await provider.finish(query, attempt), settings.groups);
    const sealed = await sessions.close(session);
    return {
      // The path was checked before, but the configuration may have changed since.
      ...redirect(returnPath(path, settings.basePath)),
      cookies: [...over, setCookie(sessionName, sealed, settings.sessionSeconds, rules)],
    };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    if (error.problem === 'unavailable' || error.problem === 'refused') context.onError(error);
    return { ...(await problemPage(request, context, { problem: error.problem, path })), cookies: over };
  }
}

/**
 * A link of our pages signs out at once. Anybody else, such as the page of another site, gets to a page that asks, as does
 * the issuer, which sends the browser here after it has signed out there.
 */
async function showSignOut(request: SiteRequest, context: Context): Promise<ApiResponse> {
  const { settings } = context;
  const isSignedIn = !('refused' in (await identify(request, context)));
  if (isSignedIn && request.method === 'GET' && isFromOwnPage(request.headers)) return signOut(context);
  if (!isSignedIn)
    return signInPage(request, { kind: 'signed-out', link: `${settings.address}${SIGN_IN_PATH}` });
  return signInPage(request, {
    kind: 'confirm',
    link: `${settings.basePath}${SIGN_OUT_PATH}`,
    // Browsers also check where a form is redirected to.
    targets: [new URL((await issuerSignOut(context)) ?? settings.address).origin],
  });
}

/** The issuer keeps a session, too; without ending it, the next visit would sign in again without asking. */
async function signOut(context: Context): Promise<ApiResponse> {
  const { settings, rules, sessionName } = context;
  const address = (await issuerSignOut(context)) ?? `${settings.basePath}${SIGN_OUT_PATH}`;
  return { ...redirect(address), status: 303, cookies: [clearCookie(sessionName, rules)] };
}

/** Signing out here must not depend on the issuer. */
async function issuerSignOut({ provider, settings, onError }: Context): Promise<string | null> {
  try {
    return await provider.signOutAddress(`${settings.address}${SIGN_OUT_PATH}`);
  } catch (error) {
    onError(error);
    return null;
  }
}
