import { expect, it } from 'vitest';
import { watchSilence } from '../../../../src/adapters/prometheus/silence.ts';
import { QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';

/** A watch on a clock that only this test moves, in seconds. Shorter silences than a minute do not count. */
function watch() {
  let seconds = 0;
  const silence = watchSilence('http://prometheus', 60_000, () => seconds * 1000);
  return {
    pass: (by: number) => {
      seconds += by;
    },
    answer: silence.onAnswer,
    /** Returns the message of a query that failed now, after this time. */
    failure: (kind: QueryErrorKind, after: number) =>
      silence.errorOf(new QueryError(kind, 'the first reason'), (seconds - after) * 1000),
  };
}

const SILENT = 'http://prometheus has answered nothing for 180 s: the first reason';

it('is noticed at the third time-out in a row', () => {
  const { pass, failure } = watch();
  const kinds = [60, 60, 60].map((wait) => {
    pass(wait);
    return failure('timeout', wait);
  });
  expect(kinds.map(({ kind }) => kind)).toEqual(['timeout', 'timeout', 'connection']);
  expect(kinds.at(-1)?.message).toBe(SILENT);
});

it('ends with an answer', () => {
  const { pass, failure, answer } = watch();
  pass(170);
  answer();
  pass(60);
  expect(failure('timeout', 60).kind).toBe('timeout');
});

it('is not the restart of a server, which refuses for half a minute', () => {
  const { pass, failure } = watch();
  pass(30);
  expect(failure('server', 7).kind).toBe('server');
  pass(40);
  expect(failure('server', 7).kind).toBe('connection');
});

it('does not matter to a query that the server refuses', () => {
  const { pass, failure } = watch();
  pass(1000);
  expect(failure('rejected', 0).kind).toBe('rejected');
  expect(failure('too-large', 0).kind).toBe('too-large');
});
