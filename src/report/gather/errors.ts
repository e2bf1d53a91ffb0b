import { UserError } from '../model/user-error.ts';

/** Why a question to Prometheus has no answer. The kind decides what a caller does; the message is for people. */
export type QueryErrorKind =
  /** No connection: refused, reset, unknown host. */
  | 'connection'
  /** The server's certificate was not accepted. */
  | 'certificate'
  /** 401 or 403. */
  | 'unauthorized'
  /** No answer in time, ours or Prometheus's own limit. */
  | 'timeout'
  /** 429, after all retries. */
  | 'overloaded'
  /** 5xx, after all retries. */
  | 'server'
  /** Prometheus refused or could not execute the query. */
  | 'rejected'
  /** Something answered, but not with the Prometheus API's JSON. */
  | 'not-prometheus'
  /** The capture does not hold this query. */
  | 'not-captured'
  /** The caller gave up. */
  | 'aborted';

export class QueryError extends UserError {
  override readonly name = 'QueryError';
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string, options?: ErrorOptions) {
    super(message, { ...options, retry: true });
    this.kind = kind;
  }
}

type ClusterValues = { label: string; values: readonly string[] };

/** No report can be made of what was gathered. */
export class GatherError extends UserError {
  override readonly name = 'GatherError';
  /** Where the server has several clusters: the label that separates them, and its values. */
  readonly clusters: ClusterValues | null;

  constructor(message: string, options?: ErrorOptions & { isUsage?: boolean; clusters?: ClusterValues }) {
    super(message, { ...options, retry: !options?.isUsage });
    this.clusters = options?.clusters ?? null;
  }
}

/** Failures of the way to the server rather than of a question. */
export const CONNECTION_FAILURES: readonly QueryErrorKind[] = ['connection', 'certificate', 'unauthorized'];

/** With these, every further question would fail in the same way, slowly. */
const FATAL_QUERY_ERRORS: readonly QueryErrorKind[] = [
  ...CONNECTION_FAILURES,
  'timeout',
  'not-prometheus',
  'not-captured',
  'aborted',
];

export function isHopeless(error: unknown): boolean {
  return !(error instanceof QueryError) || FATAL_QUERY_ERRORS.includes(error.kind);
}
