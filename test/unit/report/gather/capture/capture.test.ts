import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../../../src/report/gather/capture/open.ts';
import { record } from '../../../../../src/report/gather/capture/record.ts';
import { GatherError, QueryError, type QueryErrorKind } from '../../../../../src/report/gather/errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from '../../../../../src/report/gather/source.ts';
import { recordInMemory } from '../../../../fixtures/captures.ts';
import { GRID, HEAD, oneAnswer, smallCapture, sourceOf } from './example.ts';

const open = (bytes: Uint8Array) => openCapture(new Blob([bytes]), 'c');

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ unit: 'binary' }));
const texts = fc.array(fc.string());
/** Both zeros, and the unknown value. */
const values = fc.oneof(numbers, fc.constantFrom(0, -0, Number.NaN));
const rangeAnswers: fc.Arbitrary<RangeAnswer> = fc.record({
  series: fc.array(
    fc.record({
      labels,
      values: fc.array(values, { minLength: 3, maxLength: 3 }).map((list) => Float64Array.from(list)),
    }),
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
  it('is not completed if an answer is too large to be read again', async () => {
    const recorder = recordInMemory(oneAnswer, { ...HEAD, largestAnswerBytes: 1024 ** 2 / 2 });
    const { samples } = await recorder.source.instant('x'.repeat(1024 ** 2), 1);
    expect(samples).toHaveLength(1);
    await expect(recorder.save()).rejects.toThrow(
      new GatherError('an answer exceeds the limit of 0.5 MiB for captures; set a longer step'),
    );
  });

  it('passes answers on when they cannot be written, and reports the first error at the end', async () => {
    let writes = 0;
    const write = async () => {
      writes += 1;
      if (writes === 3) throw new Error(`write ${writes} failed`);
    };
    const { source, finish } = record(oneAnswer, { ...HEAD, write });
    const answers = [];
    for (const query of ['a', 'b', 'c', 'd']) answers.push(await source.instant(query, 1));
    expect(answers.map(({ samples }) => samples.length)).toEqual([1, 1, 1, 1]);
    await expect(finish()).rejects.toThrow('write 3 failed');
    expect(writes).toBe(3);
  });

  it('writes an answer before it returns it, one at a time', async () => {
    const written: number[] = [];
    let writing = 0;
    const write = async (bytes: Uint8Array) => {
      writing += 1;
      expect(writing).toBe(1);
      await new Promise(setImmediate);
      written.push(bytes.length);
      writing -= 1;
    };
    const { source, finish } = record(oneAnswer, { ...HEAD, write });
    await source.range('up', GRID);
    expect(written).toHaveLength(2);
    await Promise.all(['a', 'b', 'c', 'd'].map((query) => source.instant(query, 1)));
    expect(written).toHaveLength(6);
    await finish();
    expect(written).toHaveLength(8);
  });

  it('is read answer by answer, and unpacked by any program for gzip', async () => {
    const recorder = recordInMemory(oneAnswer, HEAD);
    await recorder.source.range('up', GRID);
    await recorder.source.instant('up', 1);
    const lines = gunzipSync(await recorder.save())
      .toString('utf8')
      .trimEnd()
      .split('\n');
    expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
      { range: '1700000000+3x300 up', warnings: [] },
      { labels: { node: 'n1' }, values: [1, null, 2.5] },
      { instant: '1 up', warnings: [] },
      { labels: { node: 'n1' }, value: 5 },
      { head: true, bytes: expect.any(Number) },
      { range: '1700000000+3x300 up', bytes: expect.any(Number) },
      { instant: '1 up', bytes: expect.any(Number) },
    ]);
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
        const recorder = recordInMemory(
          sourceOf({
            range: async (query) => structuredClone(find(query)?.range) as RangeAnswer,
            instant: async (query) => structuredClone(find(query)?.instant) as InstantAnswer,
          }),
          HEAD,
        );
        for (const { query, range, instant } of questions) {
          expect(await recorder.source.range(query, GRID)).toEqual(range);
          expect(await recorder.source.instant(query, 7)).toEqual(instant);
        }
        const { source, settings, recordedAt } = await open(await recorder.save());
        expect({ settings, recordedAt }).toEqual({ settings: HEAD.settings, recordedAt: HEAD.recordedAt });
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
    const recorder = recordInMemory(sourceOf({ range: fail, instant: fail }), HEAD);
    const ask = async (source: Source) => [
      ...(await Promise.all(kinds.map((_, index) => outcomeOf(source.range(`${index}`, GRID))))),
      ...(await Promise.all(kinds.map((_, index) => outcomeOf(source.instant(`${index}`, 7))))),
    ];
    const live = await ask(recorder.source);
    expect(live.map((outcome) => 'kind' in outcome && outcome.kind)).toEqual([...kinds, ...kinds]);
    const { source } = await open(await recorder.save());
    expect(await ask(source)).toEqual(live);
  });

  it('does not record errors that are bugs', async () => {
    const recorder = recordInMemory(sourceOf({}), HEAD);
    await expect(recorder.source.instant('up', 1)).rejects.toThrow('unexpected query');
    const { source } = await open(await recorder.save());
    expect(await outcomeOf(source.instant('up', 1))).toMatchObject({ kind: 'not-captured' });
  });

  it('has no answer to another query, time or grid, nor to the name of a built-in property', async () => {
    const { source } = await open(await smallCapture());
    expect(await outcomeOf(source.instant('up', 1))).toHaveProperty('value');
    const others = [
      source.instant('up ', 1),
      source.instant('up', 2),
      source.instant('__proto__', 1),
      source.instant('constructor', 1),
      source.range('up', { ...GRID, count: 4 }),
      source.range('constructor', GRID),
    ];
    for (const other of others)
      expect(await outcomeOf(other)).toMatchObject({
        kind: 'not-captured',
        message: expect.stringMatching(/1\.2\.3.*record it again/),
      });
  });

  it('answers a query for more metric names than it was recorded with, and names the others', async () => {
    const answer = {
      series: [{ labels: { __name__: 'up' }, values: Float64Array.of(1, 1, 1) }],
      warnings: ['slow'],
    };
    const recorder = recordInMemory(sourceOf({ range: async () => answer }), HEAD);
    await recorder.source.range('count({__name__=~"up|node_load1"}) or count({__name__=~"a:b"})', GRID);
    const { source } = await open(await recorder.save());
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
    const series = [{ labels: {}, values: Float64Array.of(1, 2, 3, 4) }];
    const recorder = recordInMemory(sourceOf({ range: async () => ({ series, warnings: [] }) }), HEAD);
    await recorder.source.range('up', GRID);
    const { source } = await openCapture(new Blob([await recorder.save()]), 'long.gz');
    await expect(source.range('up', GRID)).rejects.toThrow(/long\.gz is damaged/);
  });

  it('contains none of the addresses in failures and warnings', async () => {
    const recorder = recordInMemory(
      sourceOf({
        range: async () => ({ series: [], warnings: ['HTTP://10.9.8.7:10901/x did not answer', 'plain'] }),
        instant: async () => {
          throw new QueryError(
            'server',
            'https://prometheus.inside.example:9090/prom answered HTTP 500: Post "https://store.inside.example/api": EOF, also when asked again',
          );
        },
      }),
      HEAD,
    );
    await recorder.source.range('up', GRID);
    await outcomeOf(recorder.source.instant('up', 1));
    const bytes = await recorder.save();
    const content = gunzipSync(bytes).toString('utf8');
    expect(content).not.toMatch(/inside|10\.9\.8\.7|https?:/i);

    const { source } = await open(bytes);
    expect(await outcomeOf(source.instant('up', 1))).toEqual({
      kind: 'server',
      message: '[address] answered HTTP 500: Post "[address]": EOF, also when asked again',
    });
    expect((await source.range('up', GRID)).warnings).toEqual(['[address] did not answer', 'plain']);
  });
});
