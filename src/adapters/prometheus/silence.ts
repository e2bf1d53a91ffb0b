import { QueryError, type QueryErrorKind } from '../../report/gather/errors.ts';

/** Failures after a wait: another query would most likely wait as long. */
const SLOW_FAILURES: readonly QueryErrorKind[] = ['timeout', 'server', 'overloaded'];

/**
 * A server is silent if nothing was answered for this many times as long as a query takes to fail. The first queries fail
 * at the same time, and smaller ones, one after the other, may still be answered (gather/chunked.ts).
 */
const LENGTHS = 2.5;

/** Notices that a server answers nothing any more. */
export type Silence = {
  onAnswer(): void;
  /**
   * Returns the error of a query that failed after its retries, or one of the connection if the server is silent.
   * @param begun when the query began, on the same clock
   */
  errorOf(error: QueryError, begun: number): QueryError;
};

/**
 * @param leastMilliseconds a shorter time without an answer is no silence; a restart of Prometheus takes less than a minute
 * @param now milliseconds of any clock
 */
export function watchSilence(url: string, leastMilliseconds: number, now = () => performance.now()): Silence {
  let lastAnswer = now();
  return {
    onAnswer() {
      lastAnswer = now();
    },
    errorOf(error, begun) {
      const silent = now() - lastAnswer;
      if (!SLOW_FAILURES.includes(error.kind)) return error;
      if (silent < Math.max(leastMilliseconds, LENGTHS * (now() - begun))) return error;
      const seconds = Math.round(silent / 1000);
      return new QueryError('connection', `${url} has answered nothing for ${seconds} s: ${error.message}`, {
        cause: error,
      });
    },
  };
}
