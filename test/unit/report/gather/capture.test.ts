import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CaptureSettings, openCapture, record } from '../../../../src/report/gather/capture.ts';
import { GatherError, QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from '../../../../src/report/gather/source.ts';
import type { Grid } from '../../../../src/report/model/series.ts';
import { repeated, valuesOf } from '../../../fixtures/values.ts';

const SETTINGS: CaptureSettings = {
  cluster: 'prod 集群',
  period: { start: 1_700_000_000, end: 1_700_086_400 },
  timeZone: 'Asia/Shanghai',
  stepSeconds: null,
  scrapeIntervalSeconds: 30,
  targetSettings: {
    jobs: { agent: ['antrea-agents', 'a"b'] },
    matchers: { agent: { cluster: 'prod', 'k8s.team': 'net' }, controller: { cluster: 'prod' }, others: {} },
    nodeLabels: { controller: 'node' },
  },
};
const RECORDED_AT = '2026-11-21T06:00:00.123Z';
const GRID: Grid = { start: 1_700_000_000, stepSeconds: 300, count: 3 };

const save = (recorder: ReturnType<typeof record>) => recorder.encode(SETTINGS, RECORDED_AT, '1.2.3');

/** A source with the given methods. */
const sourceOf = (answers: Partial<Source>): Source => ({
  kind: 'prometheus',
  range: () => Promise.reject(new Error('unexpected query')),
  instant: () => Promise.reject(new Error('unexpected query')),
  ...answers,
});

/** A capture with one answer. */
async function smallCapture(): Promise<Uint8Array> {
  const recorder = record(
    sourceOf({ instant: async () => ({ samples: [{ labels: { node: 'n1' }, value: 5 }], warnings: [] }) }),
  );
  await recorder.source.instant('up', 1);
  return save(recorder);
}

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ unit: 'binary' }));
const texts = fc.array(fc.string());
const rangeAnswers: fc.Arbitrary<RangeAnswer> = fc.record({
  series: fc.array(
    fc.record({ labels, values: fc.array(fc.option(numbers), { minLength: 3, maxLength: 3 }).map(valuesOf) }),
    { maxLength: 3 },
  ),
  warnings: texts,
});
const instantAnswers: fc.Arbitrary<InstantAnswer> = fc.record({
  samples: fc.array(fc.record({ labels, value: numbers }), { maxLength: 3 }),
  warnings: texts,
});
const queries = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a\nb', 'up{a="b"}'), fc.string());

/** The answer or failure of a query in a form that can be compared. */
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => {
      expect(error).toBeInstanceOf(QueryError);
      const { kind, message } = error as QueryError;
      return { kind, message };
    },
  );

describe('a capture', () => {
  it('is not written if it would be too large to be opened again', async () => {
    const recorder = record(
      sourceOf({ instant: async () => ({ samples: [{ labels: {}, value: 5 }], warnings: [] }) }),
      1024 ** 2 / 2,
    );
    for (let index = 0; index < 100; index += 1) await recorder.source.instant(`up${index}`, 1);
    expect((await save(recorder)).byteLength).toBeGreaterThan(0);
    await recorder.source.instant('x'.repeat(1024 ** 2), 1);
    await expect(save(recorder)).rejects.toThrow(
      new GatherError(
        'the capture would exceed the limit of 0.5 MiB; capture a shorter period, or set a longer step',
      ),
    );
  });

  it('answers every query as the server answered it', async () => {
    const asked = fc.uniqueArray(
      fc.record({ query: queries, range: rangeAnswers, instant: instantAnswers }),
      {
        selector: ({ query }) => query,
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(asked, async (questions) => {
        const find = (query: string) => questions.find((one) => one.query === query) ?? questions[0];
        const recorder = record(
          sourceOf({
            range: async (query) => structuredClone(find(query)?.range) as RangeAnswer,
            instant: async (query) => structuredClone(find(query)?.instant) as InstantAnswer,
          }),
        );
        for (const { query, range, instant } of questions) {
          expect(await recorder.source.range(query, GRID)).toEqual(range);
          expect(await recorder.source.instant(query, 7)).toEqual(instant);
        }
        const { source, settings, recordedAt } = await openCapture(await save(recorder), 'c');
        expect({ settings, recordedAt }).toEqual({ settings: SETTINGS, recordedAt: RECORDED_AT });
        expect(source.kind).toBe('capture');
        for (const { query, range, instant } of questions) {
          expect(await source.range(query, GRID)).toEqual(range);
          expect(await source.instant(query, 7)).toEqual(instant);
        }
      }),
    );
  });

  it('fails every query that failed on the server, with the same error', async () => {
    const kinds: QueryErrorKind[] = [
      'connection',
      'timeout',
      'overloaded',
      'server',
      'rejected',
      'not-prometheus',
    ];
    const fail = async (query: string): Promise<never> => {
      throw new QueryError(kinds[Number(query)] ?? 'server', `no answer to ${query}`);
    };
    const recorder = record(sourceOf({ range: fail, instant: fail }));
    const ask = async (source: Source) => [
      ...(await Promise.all(kinds.map((_, index) => outcomeOf(source.range(`${index}`, GRID))))),
      ...(await Promise.all(kinds.map((_, index) => outcomeOf(source.instant(`${index}`, 7))))),
    ];
    const live = await ask(recorder.source);
    expect(live.map((outcome) => 'kind' in outcome && outcome.kind)).toEqual([...kinds, ...kinds]);
    const { source } = await openCapture(await save(recorder), 'c');
    expect(await ask(source)).toEqual(live);
  });

  it('does not record errors that are bugs', async () => {
    const recorder = record(sourceOf({}));
    await expect(recorder.source.instant('up', 1)).rejects.toThrow('unexpected query');
    const { source } = await openCapture(await save(recorder), 'c');
    expect(await outcomeOf(source.instant('up', 1))).toMatchObject({ kind: 'not-captured' });
  });

  it('has no answer to another query, time or grid, nor to the name of a built-in property', async () => {
    const { source } = await openCapture(await smallCapture(), 'c');
    expect(await outcomeOf(source.instant('up', 1))).toHaveProperty('value');
    const others = [
      source.instant('up ', 1),
      source.instant('up', 2),
      source.instant('__proto__', 1),
      source.instant('constructor', 1),
      source.range('up', GRID),
    ];
    for (const other of others)
      expect(await outcomeOf(other)).toMatchObject({
        kind: 'not-captured',
        message: expect.stringMatching(/1\.2\.3.*record it again/),
      });
  });

  it('answers a query for more metric names than it was recorded with, and names the others', async () => {
    const answer = { series: [{ labels: { __name__: 'up' }, values: repeated(1, 3) }], warnings: ['slow'] };
    const recorder = record(sourceOf({ range: async () => answer }));
    await recorder.source.range('count({__name__=~"up|node_load1"}) or count({__name__=~"a:b"})', GRID);
    const { source } = await openCapture(await save(recorder), 'c');
    const more = 'count({__name__=~"up|node_load5"}) or count({__name__=~"a:b|node_load5"})';
    expect(await source.range(more, GRID)).toEqual({
      series: answer.series,
      warnings: ['slow', 'the capture, recorded by version 1.2.3, lacks node_load5'],
    });
    expect(await source.range('count({__name__=~"up"}) or count({__name__=~"a:b"})', GRID)).toEqual(answer);
    for (const other of ['sum({__name__=~"up"})', 'count({__name__=~"up.*"}) or count({__name__=~"a:b"})'])
      expect(await outcomeOf(source.range(other, GRID))).toMatchObject({ kind: 'not-captured' });
  });

  it('is rejected if an answer has more points than its query', async () => {
    const recorder = record(
      sourceOf({ range: async () => ({ series: [{ labels: {}, values: repeated(1, 4) }], warnings: [] }) }),
    );
    await recorder.source.range('up', GRID);
    const { source } = await openCapture(await save(recorder), 'long.gz');
    await expect(source.range('up', GRID)).rejects.toThrow(/long\.gz is damaged/);
  });

  it('contains none of the addresses in failures and warnings', async () => {
    const recorder = record(
      sourceOf({
        range: async () => ({ series: [], warnings: ['HTTP://10.9.8.7:10901/x did not answer', 'plain'] }),
        instant: async () => {
          throw new QueryError(
            'server',
            'https://prometheus.inside.example:9090/prom answered HTTP 500: Post "https://store.inside.example/api": EOF, also when asked again',
          );
        },
      }),
    );
    await recorder.source.range('up', GRID);
    await outcomeOf(recorder.source.instant('up', 1));
    const bytes = await save(recorder);
    const content = gunzipSync(bytes).toString('utf8');
    expect(content).not.toMatch(/inside|10\.9\.8\.7|https?:/i);

    const { source } = await openCapture(bytes, 'c');
    expect(await outcomeOf(source.instant('up', 1))).toEqual({
      kind: 'server',
      message: '[address] answered HTTP 500: Post "[address]": EOF, also when asked again',
    });
    expect((await source.range('up', GRID)).warnings).toEqual(['[address] did not answer', 'plain']);
  });
});

describe('a file that is not a capture', () => {
  /** Returns the error message, which is one line that names the file. */
  async function rejectionOf(bytes: Uint8Array): Promise<string> {
    const error = await openCapture(bytes, 'my.capture.gz').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(GatherError);
    const { message } = error as GatherError;
    expect(message).toMatch(/^my\.capture\.gz is .+$/);
    expect(message.length).toBeLessThan(200);
    return message;
  }

  const compress = (content: unknown) => gzipSync(JSON.stringify(content));
  const contentOf = async () =>
    JSON.parse(gunzipSync(await smallCapture()).toString('utf8')) as Record<string, unknown>;

  it('is rejected wherever it is cut off', async () => {
    const bytes = await smallCapture();
    for (let length = 0; length < bytes.length; length += 1)
      expect(await rejectionOf(bytes.subarray(0, length))).toMatch(/cut off/);
  });

  it('is rejected, or has the same content, if one byte of it is changed', async () => {
    const bytes = await smallCapture();
    const whole = await openCapture(bytes, 'c');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, difference) => {
          const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ difference : byte));
          // gzip has a checksum of the content, but none of its ten header bytes, some of which have no effect.
          if (at >= 10) await rejectionOf(changed);
          else {
            const outcome = await openCapture(changed, 'c').catch((error: unknown) => error);
            if (!(outcome instanceof GatherError))
              expect(outcome).toMatchObject({ settings: whole.settings });
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array()],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['uncompressed JSON', Buffer.from('{"format":"antrea-health-report/capture"}')],
    ['compressed text', gzipSync('hello')],
    ['a compressed list', compress([1, 2])],
    ['a compressed null', compress(null)],
    ['a compressed report', compress({ schemaVersion: '1', cluster: 'x' })],
  ])('is rejected if it is %s', async (_, bytes) => {
    await rejectionOf(bytes);
  });

  it('is rejected with its version if a newer program made it', async () => {
    const content = await contentOf();
    expect(await rejectionOf(compress({ ...content, version: 3, newField: true }))).toMatch(
      /a capture of version 3; this program reads version 2$/,
    );
  });

  it('is rejected with advice if an earlier program made it', async () => {
    const { targetSettings: _, ...content } = await contentOf();
    const selection = {
      jobs: { agent: ['antrea-agents'], controller: ['antrea-controllers'] },
      matchers: {},
      nodeLabel: 'node',
    };
    expect(await rejectionOf(compress({ ...content, version: 1, selection }))).toMatch(
      /a capture of version 1; this program reads version 2, so record it again$/,
    );
  });

  it.each([
    ['a period that ends before it starts', { period: { start: 2, end: 1 } }],
    ['a period that no date can represent', { period: { start: 1, end: 1e300 } }],
    ['a step of 0', { stepSeconds: 0 }],
    ['an unknown component', { targetSettings: { ...SETTINGS.targetSettings, jobs: { agents: ['a'] } } }],
    [
      'a missing component',
      { targetSettings: { jobs: {}, matchers: { agent: {}, controller: {} }, nodeLabels: {} } },
    ],
    [
      'a value that is text',
      { instant: { 'a\nb': { samples: [{ labels: {}, value: '5' }], warnings: [] } } },
    ],
    ['a version that is text', { version: '1\n2' }],
  ])('is rejected if it has %s', async (_, change) => {
    await rejectionOf(compress({ ...(await contentOf()), ...change }));
  });
});
