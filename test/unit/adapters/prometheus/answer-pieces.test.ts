import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import type { Grid } from '../../../../src/report/model/series.ts';
import { readMatrix, readVector } from '../../../fixtures/answer-pieces.ts';
import { readWholeMatrix, readWholeVector } from '../../../fixtures/whole-answer.ts';

const GRID: Grid = { start: 1000, stepSeconds: 60, count: 5 };

const READERS = [
  {
    inPieces: (body: Uint8Array, cuts: readonly number[]) => readMatrix(body, GRID, cuts),
    whole: (body: Uint8Array) => readWholeMatrix(body, GRID),
  },
  { inPieces: readVector, whole: readWholeVector },
] as const;

/** Reads a body in both ways: in pieces it must yield the same answer, or an error where the whole yields one. */
function expectSame(body: Uint8Array, cuts: readonly number[]): 'read' | 'rejected' {
  const outcomes = READERS.map(({ inPieces, whole }) => {
    const expected = outcomeOf(() => whole(body));
    const found = outcomeOf(() => inPieces(body, cuts));
    if ('error' in expected) {
      expect(found).toHaveProperty('error');
      expect((found as { error: unknown }).error).toBeInstanceOf(QueryError);
      return 'rejected';
    }
    expect(found).toEqual(expected);
    return 'read';
  });
  return outcomes.includes('read') ? 'read' : 'rejected';
}

function outcomeOf<T>(read: () => T): { answer: T } | { error: unknown } {
  try {
    return { answer: read() };
  } catch (error) {
    return { error };
  }
}

/** JSON text of random members in random order; some are given twice. */
const object = (members: Record<string, fc.Arbitrary<string>>, required: readonly string[]) =>
  fc
    .tuple(
      fc.record(members, { requiredKeys: [...required] }),
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(members)), fc.nat(20)), { maxLength: 2 }),
      fc.array(fc.nat(1000), { minLength: 16, maxLength: 16 }),
      space,
    )
    .map(([record, twice, order, gap]) => {
      const entries = Object.entries(record) as [string, string][];
      const again = twice.flatMap(([key, place]) =>
        record[key] === undefined ? [] : [[key, place % 2 ? 'null' : record[key], place] as const],
      );
      const all = [...again.map(([key, value]) => [key, value] as const), ...entries];
      const shuffled = all
        .map((entry, index) => [order[index % order.length] ?? 0, entry] as const)
        .sort(([a], [b]) => a - b)
        .map(([, [key, value]]) => `${gap}${escaped(key, order[0] ?? 0)}${gap}:${gap}${value}${gap}`);
      return `{${shuffled.join(',')}${gap}}`;
    });

const space = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\n\t', ' \r\n '));

/** A key as JSON, at times with an escaped letter. */
function escaped(key: string, random: number): string {
  return random % 10 === 0 ? `"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}"` : JSON.stringify(key);
}

const list = (element: fc.Arbitrary<string>, maxLength = 4) =>
  fc.tuple(fc.array(element, { maxLength }), space).map(([all, gap]) => `[${all.join(`${gap},`)}${gap}]`);

const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.double({ min: 0, max: 1, noNaN: true }).map((number) => number.toExponential()),
  fc.constantFrom('NaN', '+Inf', '-Inf', '1e400', '5e-324', '', ' 7 ', '0x10', '01', '.5', '\u{feff}5', 'x'),
);
const time = fc.oneof(
  fc.integer({ min: 990, max: 1400 }).map(String),
  fc.double({ min: 990, max: 1400, noNaN: true }).map((seconds) => seconds.toFixed(3)),
  fc.constantFrom('1.06e3', '-5', '1060.0', '01060', '"1060"', 'null', '1e999'),
);
const pair = fc
  .tuple(time, numberText, space, fc.nat(30))
  .map(([at, text, gap, odd]) =>
    odd === 0 ? `[${at}]` : `[${gap}${at}${gap},${gap}${JSON.stringify(text)}${gap}${odd === 1 ? ',1' : ''}]`,
  );
const goodPair = fc
  .tuple(
    fc.integer({ min: 1000, max: 1300 }),
    fc.oneof(fc.constant('NaN'), fc.double({ min: -9, max: 9, noNaN: true }).map(String)),
  )
  .map(([at, text]) => `[${at},"${text}"]`);
const label = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('n1', '节点', '\u{1f600}', '"\\', '__proto__'),
);
const metric = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.dictionary(label, label, { maxKeys: 3 }).map((labels) => JSON.stringify(labels)),
  },
  { weight: 1, arbitrary: fc.constantFrom('null', '[]', '{"a":1}', '"x"') },
);
const anyJson = fc.json({ maxDepth: 3 });
const pairs = fc.oneof({ weight: 3, arbitrary: list(goodPair, 8) }, list(pair));

const answers = (entryMembers: Record<string, fc.Arbitrary<string>>, resultType: string) =>
  object(
    {
      status: fc.oneof({ weight: 9, arbitrary: fc.constant('"success"') }, fc.constant('"error"')),
      data: object(
        {
          resultType: fc.oneof(
            { weight: 9, arbitrary: fc.constant(`"${resultType}"`) },
            fc.constant('"scalar"'),
          ),
          result: list(
            object({ metric, ...entryMembers, histograms: anyJson }, [
              'metric',
              ...Object.keys(entryMembers),
            ]),
          ),
          stats: anyJson,
        },
        ['resultType', 'result'],
      ),
      warnings: fc.oneof(list(fc.string().map((text) => JSON.stringify(text))), anyJson),
      isPartial: fc.constantFrom('true', 'false', 'null'),
      trace: anyJson,
      infos: anyJson,
    },
    ['status', 'data'],
  );
const documents = fc.oneof(
  answers({ values: pairs }, 'matrix'),
  answers({ value: fc.oneof({ weight: 3, arbitrary: goodPair }, pair) }, 'vector'),
);
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('an answer in pieces', () => {
  it('is read like the whole, wherever it is cut', () => {
    const outcomes = { read: 0, rejected: 0 };
    fc.assert(
      fc.property(documents, cuts, (text, lengths) => {
        outcomes[expectSame(Buffer.from(text), lengths)] += 1;
      }),
      { numRuns: 1000 },
    );
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.rejected).toBeGreaterThan(0);
  });

  it('is read like the whole or rejected, whatever bytes are damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('replace', 'remove', 'insert')), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(documents, damage, cuts, (text, changes, lengths) => {
        let bytes = Buffer.from(text);
        for (const [place, byte, how] of changes) {
          const at = place % bytes.length;
          const behind = bytes.subarray(how === 'insert' ? at : at + 1);
          bytes = Buffer.concat([
            bytes.subarray(0, at),
            how === 'remove' ? Buffer.alloc(0) : Buffer.from([byte]),
            behind,
          ]);
        }
        expectSame(bytes, lengths);
      }),
      { numRuns: 1000 },
    );
  });

  it('is read like any other JSON, which it may contain where nothing is expected', () => {
    fc.assert(
      fc.property(anyJson, cuts, (text, lengths) => {
        const body = `{"status":"success","data":{"resultType":"vector","result":[],"x":${text}}}`;
        expect(expectSame(Buffer.from(body), lengths)).toBe('read');
        expectSame(Buffer.from(body.replace('"x":', '"x"')), lengths);
      }),
    );
  });
});

describe('a hostile answer', () => {
  const entry = (metric: string) =>
    Buffer.from(`{"status":"success","data":{"resultType":"vector","result":[{"metric":${metric}`);

  it('with an endless text is rejected, also byte by byte', () => {
    const body = Buffer.concat([entry('{"a":"'), Buffer.alloc(3 * 1024 ** 2, 'a')]);
    for (const length of [1, 65_536])
      expect(() => readVector(body, [length])).toThrow('answered with JSON that is not a query result');
  });

  it('with endless nesting is rejected', () => {
    for (const start of [entry(''), Buffer.from('{"stats":')])
      expect(() => readVector(Buffer.concat([start, Buffer.alloc(100_000, '[')]))).toThrow(
        'answered with JSON that is not a query result',
      );
  });

  it('with more values than fit into the memory is rejected before they are allocated', () => {
    const body = '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[]}]}}';
    expect(() => readMatrix(body, { ...GRID, count: 40e6 })).toThrow('the answer is too large');
  });
});
