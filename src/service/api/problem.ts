import type { ApiResponse } from './http.ts';

/**
 * What went wrong, as RFC 9457 has it. `type` is for programs, `detail` for people.
 * https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 422, title: 'The request cannot be understood' },
  'unknown-cluster': { status: 422, title: 'There is no such cluster' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'not-ready': { status: 409, title: 'The report is not ready' },
  'temporarily-unavailable': { status: 503, title: 'The service cannot do this at the moment' },
  'internal-error': { status: 500, title: 'The service failed' },
} as const;
export type ProblemType = keyof typeof PROBLEMS;

/** What is wrong with one place in the body (a JSON Pointer, RFC 6901) or with one parameter of the address. */
export type Violation = { detail: string } & ({ pointer: string } | { parameter: string });

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: Violation[];
};

/** Ends the handling of a request. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly type: ProblemType;
  readonly violations: readonly Violation[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    type: ProblemType,
    detail: string,
    options: { violations?: readonly Violation[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.type = type;
    this.violations = options.violations ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Names without an address: nobody has to keep a page at one for as long as programs know them. */
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
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
    },
    body: JSON.stringify(problem),
  };
}
