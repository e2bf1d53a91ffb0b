import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import { type Grid, unknownValues } from '../../../../src/report/model/series.ts';
import * as pieces from '../../../fixtures/answer-pieces.ts';

const GRID: Grid = { start: 1000, stepSeconds: 60, count: 4 };

const MATRIX = {
  status: 'success',
  data: {
    resultType: 'matrix',
    result: [
      {
        metric: { node: 'n1', job: 'antrea-agents' },
        values: [
          [1060, '1.5'],
          [1120.25, '+Inf'],
          [1240, '3'],
        ],
      },
      { metric: {}, values: [] },
    ],
  },
};
const VECTOR = {
  status: 'success',
  data: {
    resultType: 'vector',
    result: [
      { metric: { node: 'n1' }, value: [1240.5, '42'] },
      { metric: { node: 'n2' }, value: [1240.5, 'NaN'] },
    ],
  },
};

const readMatrix = (body: string, grid = GRID) => pieces.readMatrix(body, grid).entries;
const readVector = (body: string) => pieces.readVector(body).entries;
const warningsOf = (answer: object) => pieces.readVector(JSON.stringify(answer)).warnings;

/** An answer with one series of these pairs of time and value. */
const matrixOf = (values: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
const vectorOf = (value: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value }] } });

/** Reads any body: it must yield a valid answer or one clear error. */
function readSafely(read: (body: string) => unknown, body: string): 'read' | 'rejected' {
  try {
    const answer = read(body);
    expect(isValid(answer)).toBe(true);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
    const { kind, message } = error as QueryError;
    expect(kind).toBe('not-prometheus');
    expect(message).toMatch(new RegExp(`^${pieces.ADDRESS} answered with .+$`));
    return 'rejected';
  }
}

function isValid(answer: unknown): boolean {
  return (answer as Record<string, unknown>[]).every((one) => {
    const hasNumbers =
      one['values'] instanceof Float64Array
        ? one['values'].every((number) => Number.isNaN(number) || Number.isFinite(number))
        : Number.isFinite(one['value']);
    return hasNumbers && Object.values(one['labels'] as object).every((label) => typeof label === 'string');
  });
}

/** The paths of all values in a document. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, one]) => pathsIn(one).map((rest) => [key, ...rest]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const copy = structuredClone(value) as Record<string, unknown>;
  const changed = replaceAt(copy[key], rest, change);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
}

describe('a body of the wrong shape', () => {
  it.each([
    ['matrix', MATRIX, readMatrix],
    ['vector', VECTOR, readVector],
  ] as const)('is rejected wherever a %s is cut off', (_, whole, read) => {
    const body = JSON.stringify(whole);
    for (let length = 0; length < body.length; length += 1)
      expect(readSafely(read, body.slice(0, length))).toBe('rejected');
    expect(readSafely(read, body)).toBe('read');
  });

  it('is rejected or read as a valid answer, whatever replaces any one of its values', () => {
    const strange = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, 0, 5, '', '5', [], {}, [null], [1060], ['1060', '1'], true),
      fc.jsonValue({ maxDepth: 2 }),
    );
    for (const [whole, read] of [
      [MATRIX, readMatrix],
      [VECTOR, readVector],
    ] as const)
      fc.assert(
        fc.property(fc.constantFrom(...pathsIn(whole)), strange, (place, value) => {
          readSafely(read, JSON.stringify(replaceAt(whole, place, () => value)) ?? '');
        }),
        { numRuns: 500 },
      );
  });

  it('is rejected if it is any other text or JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('<html></html>')), (body) => {
        expect(readSafely(readMatrix, body)).toBe('rejected');
        expect(readSafely(readVector, body)).toBe('rejected');
      }),
    );
  });

  it.each([[5], [null], [''], [' '], ['five'], ['1,5'], ['infinity'], [true], [['1']], [undefined]])(
    'is rejected if a value is %j, which must count neither as 0 nor as missing',
    (value) => {
      expect(readSafely(readMatrix, matrixOf([[1060, value]]))).toBe('rejected');
      expect(readSafely(readVector, vectorOf([1060, value]))).toBe('rejected');
    },
  );

  it.each([
    ['without the values', (entry: object) => ({ ...entry, values: undefined, value: undefined })],
    ['without the labels', (entry: object) => ({ ...entry, metric: undefined })],
    ['with a label that is not text', (entry: object) => ({ ...entry, metric: { node: 1 } })],
    ['with labels that are a list', (entry: object) => ({ ...entry, metric: ['n1'] })],
    ['with labels that are a text', (entry: object) => ({ ...entry, metric: 'n1' })],
  ])('is rejected if it has a series %s', (_, change) => {
    for (const [whole, read] of [
      [MATRIX, readMatrix],
      [VECTOR, readVector],
    ] as const) {
      const body = JSON.stringify(
        replaceAt(whole, ['data', 'result', '0'], (entry) => change(entry as object)),
      );
      expect(readSafely(read, body)).toBe('rejected');
    }
  });

  it.each([['1060'], [null], [undefined], [{}]])('is rejected if a time is %j', (time) => {
    expect(readSafely(readMatrix, matrixOf([[time, '1']]))).toBe('rejected');
    expect(readSafely(readVector, vectorOf([time, '1']))).toBe('rejected');
  });

  it('is rejected if it answers another kind of query', () => {
    expect(readSafely(readMatrix, JSON.stringify(VECTOR))).toBe('rejected');
    expect(readSafely(readVector, JSON.stringify(MATRIX))).toBe('rejected');
    expect(readSafely(readVector, JSON.stringify({ ...VECTOR, status: 'error' }))).toBe('rejected');
  });
});

describe('values', () => {
  it('that are not finite are unknown', () => {
    const pairs = ['NaN', '+Inf', '-Inf', 'Inf'].map((text, index) => [1060 + index * 60, text]);
    expect(readMatrix(matrixOf(pairs))[0]?.values).toEqual(unknownValues(4));
    for (const pair of pairs) expect(readVector(vectorOf(pair))).toEqual([]);
  });

  it('keep every digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const value = number === 0 ? 0 : number;
        expect(readMatrix(matrixOf([[1060, String(value)]]))[0]?.values[0]).toBe(value);
        expect(readVector(vectorOf([1060, String(value)]))).toEqual([{ labels: {}, value }]);
      }),
    );
  });

  const grids = fc.record({
    start: fc.integer({ min: 0, max: 1_800_000_000 }),
    stepSeconds: fc.integer({ min: 1, max: 86_400 }),
    count: fc.integer({ min: 1, max: 50 }),
  });

  it('are assigned to their points, and points without a value are unknown', () => {
    fc.assert(
      fc.property(grids, fc.infiniteStream(fc.boolean()), (grid, isThere) => {
        const expected = Array.from({ length: grid.count }, (_, index) =>
          isThere.next().value ? index + 0.5 : Number.NaN,
        );
        const pairs = expected.flatMap((value, index) =>
          Number.isNaN(value) ? [] : [[grid.start + (index + 1) * grid.stepSeconds, String(value)]],
        );
        expect(readMatrix(matrixOf(pairs), grid)[0]?.values).toEqual(Float64Array.from(expected));
      }),
    );
  });

  it('of a server that moves them to earlier times belong to the steps that contain these times', () => {
    fc.assert(
      fc.property(grids, fc.double({ min: 0, max: 0.99, noNaN: true }), (grid, share) => {
        const early = Math.floor(share * grid.stepSeconds * 1000) / 1000;
        const pairs = Array.from({ length: grid.count }, (_, index) => [
          grid.start + (index + 1) * grid.stepSeconds - early,
          String(index),
        ]);
        const { values } = readMatrix(matrixOf(pairs), grid)[0] ?? {};
        expect(values).toEqual(Float64Array.from({ length: grid.count }, (_, index) => index));
      }),
    );
  });

  it('before and after the grid are ignored', () => {
    const pairs = [
      [1000, '1'],
      [940, '2'],
      [1060, '3'],
      [1300, '4'],
      [1e12, '5'],
    ];
    expect(readMatrix(matrixOf(pairs))[0]?.values).toEqual(
      Float64Array.of(3, Number.NaN, Number.NaN, Number.NaN),
    );
  });
});

describe('an answer', () => {
  it('has the warnings of the server and one if it is partial, but no notes on the query', () => {
    const body = { ...VECTOR, warnings: ['store down', 'PromQL info: odd name', { code: 7 }] };
    expect(warningsOf(body)).toEqual(['store down', '{"code":7}']);
    expect(warningsOf({ ...VECTOR, isPartial: true })).toHaveLength(1);
    expect(warningsOf({ ...VECTOR, isPartial: false })).toEqual([]);
    expect(warningsOf({ ...VECTOR, infos: ['PromQL info: x'] })).toEqual([]);
  });

  it('cannot change objects of the program through the name of a label', () => {
    const body = JSON.stringify(VECTOR).replace('"node":"n1"', '"__proto__":"x","constructor":"y"');
    const [sample] = readVector(body);
    expect(Object.entries(sample?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
