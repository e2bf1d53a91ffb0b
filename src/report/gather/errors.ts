import { UserError } from '../model/user-error.ts';

/** Why a query has no answer. */
export type QueryErrorKind =
  /** There is no connection: it was refused or reset, or the host is unknown. */
  | 'connection'
  /** The server's certificate was rejected. */
  | 'certificate'
  /** HTTP 401 or 403. */
  | 'unauthorized'
  /** The query exceeded the client's timeout or Prometheus's own. A shorter range may be answered in time. */
  | 'timeout'
  /** The time for the whole report ran out. */
  | 'deadline'
  /** A limit on samples, bytes, points or the range was exceeded. A shorter range may be answered. */
  | 'too-large'
  /** A limit on the number of series was exceeded. Only a query for fewer targets or metrics may be answered. */
  | 'too-many-series'
  /** The answer exceeded the report's own limits. Smaller queries would, too. */
  | 'out-of-bounds'
  /** HTTP 429, after all retries. */
  | 'overloaded'
  /** HTTP 5xx, after all retries. */
  | 'server'
  /** Prometheus refused the query or could not execute it. */
  | 'rejected'
  /** Something answered, but not with the JSON of the Prometheus API. */
  | 'not-prometheus'
  /** The capture has no answer to this query. */
  | 'not-captured'
  /** The caller's signal was aborted. */
  | 'aborted';

/** A query without an answer. */
export class QueryError extends UserError {
  override readonly name = 'QueryError';
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string, options?: ErrorOptions) {
    super(message, { ...options, retry: true });
    this.kind = kind;
  }
}

type ClusterValues = { label: string; values: readonly string[] };

/** No report can be made. */
export class GatherError extends UserError {
  override readonly name = 'GatherError';
  /** If the server has several clusters: the label that separates them, and its values. */
  readonly clusters: ClusterValues | null;

  constructor(message: string, options?: ErrorOptions & { isUsage?: boolean; clusters?: ClusterValues }) {
    super(message, { ...options, retry: !options?.isUsage });
    this.clusters = options?.clusters ?? null;
  }
}

/** Failures of the connection, which do not depend on the query. */
const CONNECTION_FAILURES: readonly QueryErrorKind[] = ['connection', 'certificate', 'unauthorized'];

/** After one of these, other queries would most likely fail in the same way, each after a long wait. */
const FATAL_QUERY_ERRORS: readonly QueryErrorKind[] = [
  ...CONNECTION_FAILURES,
  'timeout',
  'deadline',
  'not-prometheus',
  'not-captured',
  'aborted',
];

/** Whether the server cannot be reached or refuses the credentials, so that no other query can succeed. */
export function isServerLost({ kind }: QueryError): boolean {
  return CONNECTION_FAILURES.includes(kind);
}

/** Whether an error concerns one query only, so that others may still succeed. */
export function isSingleQueryFailure(error: unknown): error is QueryError {
  return error instanceof QueryError && !FATAL_QUERY_ERRORS.includes(error.kind);
}

/** Whether a smaller query may have an answer: one about fewer points, targets or metrics. */
export function isRefusedForSize(error: unknown): error is QueryError {
  return error instanceof QueryError && (error.kind === 'too-large' || error.kind === 'too-many-series');
}

export function isTimeout(error: unknown): error is QueryError {
  return error instanceof QueryError && error.kind === 'timeout';
}
