import type { OutgoingRequest } from './request.ts';

export type PrometheusOptions = {
  /**
   * Base address, with any path prefix, without credentials: "https://mimir.example/prometheus". Parameters after "?"
   * go with every request; their values are treated as secret.
   */
  url: string;
  /** Header names and values sent with every request, Authorization included. Values may be secret. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Headers that prove who asks and are made for each request, anew for each try: signatures. Their values are secret.
   * Address and body must be sent as they were given. A QueryError that this throws is passed on.
   */
  authorize?: ((request: OutgoingRequest) => Promise<Record<string, string>>) | undefined;
  /** What to do when the server refuses a signature, for messages: "check the region". */
  adviceWhenRefused?: string | undefined;
  /** PEM certificates to trust beside the usual ones. */
  certificateAuthority?: string | undefined;
  /** Until an answer is complete, in milliseconds; each try has its own. */
  timeoutMilliseconds?: number | undefined;
  /** How many requests may be under way at once. */
  concurrency?: number | undefined;
  /** The longest pause before a retry, in milliseconds; tests make it short. */
  longestPauseMilliseconds?: number | undefined;
  /** The largest answer to take in, unpacked; tests make it small. */
  largestAnswerBytes?: number | undefined;
  signal?: AbortSignal | undefined;
};
