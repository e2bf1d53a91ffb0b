import type { OutgoingRequest } from './request.ts';

export type PrometheusOptions = {
  /**
   * Base address with any path prefix and without credentials: "https://mimir.example/prometheus". Parameters after "?"
   * are sent with every request; their values are treated as secrets.
   */
  url: string;
  /** Header names and values sent with every request, Authorization included. Values are treated as secrets. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Returns headers that authenticate one request, such as a signature; called for every try. The address and the body
   * are sent exactly as given here. The values are treated as secrets, and a QueryError is passed on.
   */
  authorize?: ((request: OutgoingRequest) => Promise<Record<string, string>>) | undefined;
  /** What the user should do if the server refuses the signature: "check the region". */
  adviceWhenRefused?: string | undefined;
  /** PEM certificates to trust in addition to the system's. */
  certificateAuthority?: string | undefined;
  /** Limit for each try until its answer is complete. */
  timeoutMilliseconds?: number | undefined;
  /** How many requests may be in flight at once. */
  concurrency?: number | undefined;
  /** The longest pause before a retry; tests shorten it. */
  longestPauseMilliseconds?: number | undefined;
  /** Limit for an answer after decompression; tests lower it. */
  largestAnswerBytes?: number | undefined;
  signal?: AbortSignal | undefined;
};
