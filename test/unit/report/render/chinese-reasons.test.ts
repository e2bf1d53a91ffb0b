import { describe, expect, it } from 'vitest';
import { judgeError, judgeResponse, type RequestInfo } from '../../../../src/adapters/prometheus/outcome.ts';
import { watchSilence } from '../../../../src/adapters/prometheus/silence.ts';
import { tooLarge, tooLong, tooManySeries } from '../../../../src/report/gather/bounds.ts';
import type { QueryError } from '../../../../src/report/gather/errors.ts';
import { inChinese } from '../../../../src/report/render/kit/languages/chinese-reasons.ts';

const URL = 'https://prometheus.example.com:9090/prom';
const REQUEST: RequestInfo = {
  url: URL,
  method: 'POST',
  addressLength: 100,
  timeoutMilliseconds: 60_000,
  secrets: [],
  adviceWhenRefused: undefined,
  signal: undefined,
};
const answered = (status: number, body = '') =>
  judgeResponse({ status, retryAfter: undefined }, body, REQUEST).error;
const thrown = (code: string) => judgeError(Object.assign(new Error('x'), { code }), REQUEST, false).error;
const prometheusError = (error: string, errorType = 'execution') =>
  JSON.stringify({ status: 'error', errorType, error });

function silent(): QueryError {
  let now = 0;
  const silence = watchSilence(URL, 10_000, () => now);
  now = 300_000;
  return silence.errorOf(judgeError(new Error('x'), REQUEST, true).error, 290_000);
}

/** The messages as the program makes them, so that one that is worded anew is missed here. */
const MESSAGES: [string, QueryError][] = [
  ['refused credentials', answered(401)],
  ['a redirect', answered(302)],
  [
    'a query that is too large',
    answered(
      422,
      prometheusError('query processing would load too many samples into memory in query execution'),
    ),
  ],
  [
    'a time-out of Prometheus',
    answered(503, prometheusError('query timed out in expression evaluation', 'timeout')),
  ],
  ['a broken server', answered(500)],
  ['a broken server that says why', answered(500, prometheusError('out of order'))],
  ['a refused query', answered(400, prometheusError('parse error', 'bad_data'))],
  ['another server', answered(404)],
  ['a time-out', judgeError(new Error('x'), REQUEST, true).error],
  ['no connection', thrown('ECONNREFUSED')],
  ['no TLS', thrown('ERR_SSL_WRONG_VERSION_NUMBER')],
  ['a certificate of another host', thrown('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['an expired certificate', thrown('CERT_HAS_EXPIRED')],
  ['an unknown certificate', thrown('SELF_SIGNED_CERT_IN_CHAIN')],
  ['a silent server', silent()],
  ['a large answer', tooLarge()],
  ['many series', tooManySeries(7)],
  ['a long answer', tooLong()],
];

/** Names that are not translated. */
const NAMES = /https(?::\S+)?|Prometheus|HTTP|TLS|API|CA|step|prometheus\.\w+|--ca-file|[A-Z_]{6,}/g;

describe('a message of the program', () => {
  it.each(MESSAGES)(
    'about %s is Chinese in Chinese reports, with the address and what to do',
    (_, { message }) => {
      const text = inChinese(message);
      const [quoted = ''] = /(?<=: )(?:query|out|parse).*?(?=$|, also)/.exec(message) ?? [];
      expect(text.replace(quoted, '').replace(NAMES, '')).not.toMatch(/[a-z]/i);
      expect(text).toContain(quoted);
      if (message.includes(URL)) expect(text).toContain(URL);
    },
  );

  it('can contain another one', () => {
    const [, refused] = MESSAGES[0] as [string, QueryError];
    const text = inChinese(`Prometheus answered none of the queries; the first failure: ${refused.message}`);
    expect(text).toBe(`所有查询均失败，第一个失败的原因：${inChinese(refused.message)}`);
    const attempt =
      'attempt 2 of 3 ended without a result: killed, or out of memory or time; the attempt before: interrupted';
    expect(inChinese(attempt)).toBe(
      '第 2 次尝试（共 3 次）没有结果：进程被终止，或内存、时间不足；上一次尝试：已中断',
    );
  });

  it('of another program stays as it is', () => {
    expect(inChinese('vminsert: cannot read from storage')).toBe('vminsert: cannot read from storage');
  });
});
