import type { ApiResponse } from './http.ts';

/**
 * The problems that the API reports, as RFC 9457 defines them. Programs read `type`, people read `detail`.
 * https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 422, title: 'The request is invalid' },
  'unknown-cluster': { status: 422, title: 'There is no such cluster' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON or a form' },
  unauthenticated: { status: 401, title: 'The caller is not known' },
  'cross-site': { status: 403, title: 'The request comes from the page of another site' },
  'not-found': { status: 404, title: 'Not found' },
  'not-ready': { status: 409, title: 'The report is not ready' },
  'not-comparable': { status: 422, title: 'The reports cannot be compared' },
  'temporarily-unavailable': { status: 503, title: 'The service cannot do this at the moment' },
  'internal-error': { status: 500, title: 'The service failed' },
} as const;
export type ProblemType = keyof typeof PROBLEMS;

/** A fault at one place in the body (a JSON Pointer, RFC 6901) or in one query parameter. */
export type Violation = { detail: string } & ({ pointer: string } | { parameter: string });

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: Violation[];
};

/** Ends the handling of a request with a problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly type: ProblemType;
  readonly violations: readonly Violation[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    type: ProblemType,
    detail: string,
    options: {
      violations?: readonly Violation[];
      retryAfterSeconds?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.type = type;
    this.violations = options.violations ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A URN, since a URL would need a page for as long as programs use it. */
export const problemUrn = (type: ProblemType): string => `urn:antrea-health-report:problem:${type}`;

export function problemResponse(error: ProblemError): ApiResponse {
  const { status, title } = PROBLEMS[error.type];
  const problem: Problem = {
    type: problemUrn(error.type),
    title,
    status,
    detail: error.message,
    ...(error.violations.length > 0 ? { errors: [...error.violations] } : {}),
  };
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...problemHeaders(error),
    },
    body: JSON.stringify(problem),
  };
}

/** The response to a caller who is not known. Programs know from the header that a token is missing (RFC 6750). */
export function unauthenticated(reason: string): ApiResponse {
  const response = problemResponse(new ProblemError('unauthenticated', reason));
  return { ...response, headers: { ...response.headers, 'www-authenticate': 'Bearer' } };
}

/** The headers of a response to a problem, whatever its body is. */
export function problemHeaders({ retryAfterSeconds }: ProblemError): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
