import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../../src/service/api/http.ts';
import { LARGEST_BODY_BYTES } from '../../../../src/service/api/report-request.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import { finishedReport } from '../archive/surroundings.ts';
import { type Api, openApi } from './surroundings.ts';

const NOW = '2026-11-22T09:30:15Z';

let api: Api;
beforeAll(() => {
  api = openApi(NOW);
});

/** Expects a problem document that blames the caller, and no side effects. */
function expectProblem(response: ApiResponse): void {
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.headers['content-type']).toBe('application/problem+json');
  const problem = JSON.parse(response.body);
  expect(problem.type).toMatch(/^urn:antrea-health-report:problem:[a-z-]+$/);
  expect(problem.status).toBe(response.status);
  expect(problem.detail).toMatch(/^.+$/);
  for (const value of Object.values(response.headers)) expect(value).not.toMatch(/[\r\n]/);
  expect(api.sent).toEqual([]);
  expect(api.errors).toEqual([]);
}

const cluster = 'prod-berlin';

describe('an invalid request is refused', () => {
  it.each([
    ['an unknown cluster', { cluster: 'prod-paris' }, 422, 'cluster'],
    ['a cluster’s key in place of its name', { cluster: 'b-1234abcd' }, 422, 'cluster'],
    ['no cluster', {}, 422, 'cluster'],
    ['an end before the start', { cluster, start: '2026-11-20', end: '2026-11-19' }, 422, 'start'],
    ['an end in the future', { cluster, end: '2027-01-01' }, 422, 'end'],
    ['400 days', { cluster, range: '400d' }, 422, 'range'],
    ['400 days by their dates', { cluster, start: '2025-10-01', end: '2026-11-05' }, 422, 'start'],
    ['a minute', { cluster, range: '60s' }, 422, 'range'],
    ['1969', { cluster, start: '1969-12-01', end: '1969-12-02' }, 422, 'start'],
    ['30 February', { cluster, start: '2026-02-30' }, 422, 'start'],
    ['a range and a start', { cluster, range: '24h', start: '2026-11-20' }, 422, 'range'],
    ['a period and an end', { cluster, period: 'week', end: '2026-11-20' }, 422, 'end'],
    ['PromQL', { cluster, query: 'up' }, 422, 'query'],
    ['an address', { cluster, prometheus: { url: 'http://169.254.169.254/' } }, 422, 'prometheus'],
    ['a bucket', { cluster, bucket: 'mine' }, 422, 'bucket'],
    ['a prototype', JSON.parse('{"cluster":"prod-berlin","__proto__":{"range":"1h"}}'), 422, '__proto__'],
    ['an unknown language', { cluster, language: 'fr' }, 422, 'language'],
    ['an unknown format', { cluster, formats: ['exe'] }, 422, 'formats/0'],
    ['a list', [cluster], 422, ''],
    ['null', null, 422, ''],
    ['a duration beyond all numbers', { cluster, range: `${'9'.repeat(19)}w` }, 422, 'range'],
    ['a line break in a name', { cluster: 'prod-berlin\r\nx-evil: 1' }, 422, 'cluster'],
  ])('%s', async (_, body, status, pointer) => {
    const response = await api.post(body);
    expectProblem(response);
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body).errors[0].pointer).toBe(`#${pointer && '/'}${pointer}`);
  });

  it.each([
    ['nothing', undefined, {}, 400],
    ['white space', ' \n', {}, 400],
    ['half of JSON', '{"cluster":', {}, 400],
    ['plain text', 'cluster=prod-berlin', { 'content-type': 'text/plain' }, 415],
    ['too much', JSON.stringify({ cluster, note: 'x'.repeat(LARGEST_BODY_BYTES) }), {}, 413],
    ['too much of many bytes', `"${'报'.repeat(LARGEST_BODY_BYTES / 2)}"`, {}, 413],
  ])('a body of %s', async (_, body, headers, status) => {
    const response = await api.ask('POST /reports', { body, headers });
    expectProblem(response);
    expect(response.status).toBe(status);
  });

  it('for any JSON', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const keys = ['cluster', 'range', 'start', 'end', 'period', 'language', 'formats', 'pageSize'];
    const wrong = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
    // Values may contain known clusters, so an unknown key makes the request invalid in any case.
    const nearly = fc
      .tuple(wrong, fc.constantFrom('prod-berlin', '生产 <b>'), value)
      .map(([rest, name, extra]) => ({ ...rest, cluster: name, extra }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(value, wrong, nearly), async (body) => {
        expectProblem(await api.post(body));
      }),
      { numRuns: 1000 },
    );
  });

  it('for any text as a time or a duration', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.stringMatching(/^-?\d{1,6}-\d{1,3}-\d{1,3}([T ]\d{1,3}:\d{1,3}(:\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?$/),
      fc.stringMatching(/^(\d{1,21}[smhdwy]){1,3}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('start', 'end', 'range'), text, async (name, value) => {
        const response = await api.post({ cluster, [name]: value });
        if (response.status < 400) {
          // The text was a valid time, so a report is under way.
          expect(response.status).toBe(202);
          expect(api.sent.splice(0).length).toBeLessThanOrEqual(1);
          const { period } = JSON.parse(response.body);
          expect(Date.parse(period.start)).toBeGreaterThanOrEqual(0);
          expect(Date.parse(period.end)).toBeLessThanOrEqual(Date.parse(NOW));
          expect(Date.parse(period.end) - Date.parse(period.start)).toBeLessThanOrEqual(92 * 86_400_000);
        } else expectProblem(response);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('an unknown address is not found', () => {
  const id = 'prod-berlin-20261121t230000z-0123abcd-en';

  it.each([
    [cluster, id],
    [cluster, '../../../etc/passwd'],
    [cluster, `../${id}`],
    [cluster, `${id}/../${id}`],
    [cluster, 'prod-berlin-00000000t000000z-0123abcd-en'],
    [cluster, 'prod-berlin-20269999t999999z-0123abcd-en'],
    [cluster, 'prod-berlin-20260230t000000z-0123abcd-en'],
    ['prod-paris', id],
    ['..', id],
    ['', ''],
    [cluster, 'latest'],
    ['index/all', 'latest'],
    [cluster, `${id}\r\nx-evil: 1`],
  ])('report %j %j', async (name, wanted) => {
    for (const file of [undefined, 'report.html', '../state.json', 'state.json', '']) {
      const route = `GET /reports/{cluster}/{id}${file === undefined ? '' : '/{file}'}`;
      const response = await api.ask(route, { parameters: { cluster: name, id: wanted, file } });
      expectProblem(response);
      expect(response.status).toBe(404);
    }
  });

  it('for any text', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 130 });
    const odd = fc.oneof(text, fc.stringMatching(/^[a-z-]{1,12}-\d{8}t\d{6}z-[0-9a-f]{8}-(en|zh-cn)$/));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(cluster), odd), odd, text, async (name, wanted, file) => {
        const parameters = { cluster: name, id: wanted, file };
        expectProblem(await api.ask('GET /reports/{cluster}/{id}', { parameters }));
        expectProblem(await api.ask('GET /reports/{cluster}/{id}/{file}', { parameters }));
      }),
      { numRuns: 500 },
    );
  });

  it('for other routes', async () => {
    expectProblem(await api.ask('DELETE /reports'));
    expectProblem(await api.ask('$default'));
    expectProblem(await api.ask('toString'));
  });
});

describe('an invalid query of the list is refused', () => {
  it.each([
    { limit: '0' },
    { limit: '201' },
    { limit: '-1' },
    { limit: '1e2' },
    { after: '../../reports' },
    { after: '' },
    { cluster: 'nobody' },
    { cluster: '../all' },
  ])('%j', async (query) => {
    const response = await api.ask('GET /reports', { query });
    expectProblem(response);
    expect(response.status).toBe(422);
  });

  it('for any parameters', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.record({ after: text, cluster: text }, { requiredKeys: [] }), async (query) => {
        if (Object.keys(query).length === 0) return;
        expectProblem(await api.ask('GET /reports', { query }));
      }),
    );
  });

  it('for a cursor with some characters changed', async () => {
    await listReport(api.context.store, finishedReport('20261120t230000z'));
    await listReport(api.context.store, finishedReport('20261121t230000z'));
    const { next } = JSON.parse((await api.ask('GET /reports', { query: { limit: '1' } })).body);
    const real = new URLSearchParams(next.split('?')[1]).get('after') ?? '';
    expect(real).toMatch(/^\d{10}_prod-berlin-20261121/);
    const place = fc.oneof(fc.nat(real.length), fc.constant(real.length));
    const character = fc.oneof(fc.constantFrom(...'09az_-/.%é'), fc.string({ unit: 'binary', maxLength: 1 }));
    const change = fc.tuple(place, fc.nat(2), character, fc.constantFrom(0, 1, 1, 1, 2, 2000));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const after = changes.reduce(
          (text, [at, left, put, times]) => text.slice(0, at) + put.repeat(times) + text.slice(at + left),
          real,
        );
        api.errors.length = 0;
        const response = await api.ask('GET /reports', { query: { after } });
        // The change may have made another valid cursor.
        if (response.status === 200) expect(JSON.parse(response.body).next).toBeNull();
        else expectProblem(response);
      }),
      { numRuns: 1000 },
    );
  });
});
