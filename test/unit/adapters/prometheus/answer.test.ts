import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMatrix, parseVector, readEnvelope } from '../../../../src/adapters/prometheus/answer.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import type { Grid } from '../../../../src/report/model/series.ts';

const URL = 'http://prometheus.test';
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

const readMatrix = (body: string, grid = GRID) => parseMatrix(readEnvelope(body, URL).data, grid, URL);
const readVector = (body: string) => parseVector(readEnvelope(body, URL).data, URL);

/** An answer of one series with these pairs of time and value. */
const matrixOf = (values: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });
const vectorOf = (value: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value }] } });

/** Reads a body that may be anything: either it yields what an answer may hold, or one clear error. */
function readSafely(read: (body: string) => unknown, body: string): 'read' | 'refused' {
  try {
    const answer = read(body);
    expect(isSound(answer)).toBe(true);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
    const { kind, message } = error as QueryError;
    expect(kind).toBe('not-prometheus');
    expect(message).toMatch(new RegExp(`^${URL} answered with .+$`));
    return 'refused';
  }
}

function isSound(answer: unknown): boolean {
  return (answer as Record<string, unknown>[]).every((one) => {
    const numbers = 'values' in one ? (one['values'] as unknown[]) : [one['value']];
    return (
      numbers.every((number) => number === null || Number.isFinite(number)) &&
      Object.values(one['labels'] as object).every((label) => typeof label === 'string')
    );
  });
}

/** Every place in a document, as the keys that lead to it. */
function placesIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, one]) => placesIn(one).map((rest) => [key, ...rest]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const copy = structuredClone(value) as Record<string, unknown>;
  const changed = replaceAt(copy[key], rest, change);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
}

describe('a body that is not what it should be', () => {
  it.each([
    ['matrix', MATRIX, readMatrix],
    ['vector', VECTOR, readVector],
  ] as const)('is refused wherever a %s is cut', (_, whole, read) => {
    const body = JSON.stringify(whole);
    for (let length = 0; length < body.length; length += 1)
      expect(readSafely(read, body.slice(0, length))).toBe('refused');
    expect(readSafely(read, body)).toBe('read');
  });

  it('is refused, or read with nothing unsound in it, whatever stands in any one place of it', () => {
    const strange = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, 0, 5, '', '5', [], {}, [null], [1060], ['1060', '1'], true),
      fc.jsonValue({ maxDepth: 2 }),
    );
    for (const [whole, read] of [
      [MATRIX, readMatrix],
      [VECTOR, readVector],
    ] as const)
      fc.assert(
        fc.property(fc.constantFrom(...placesIn(whole)), strange, (place, value) => {
          readSafely(read, JSON.stringify(replaceAt(whole, place, () => value)) ?? '');
        }),
        { numRuns: 500 },
      );
  });

  it('is refused when it is any other text or JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('<html></html>')), (body) => {
        expect(readSafely(readMatrix, body)).toBe('refused');
        expect(readSafely(readVector, body)).toBe('refused');
      }),
    );
  });

  it.each([[5], [null], [''], [' '], ['five'], ['1,5'], ['infinity'], [true], [['1']], [undefined]])(
    'is refused when a value is %j, which must pass neither for 0 nor for absence',
    (value) => {
      expect(readSafely(readMatrix, matrixOf([[1060, value]]))).toBe('refused');
      expect(readSafely(readVector, vectorOf([1060, value]))).toBe('refused');
    },
  );

  it.each([
    ['without the values', (entry: object) => ({ ...entry, values: undefined, value: undefined })],
    ['without the labels', (entry: object) => ({ ...entry, metric: undefined })],
    ['with a label that is no text', (entry: object) => ({ ...entry, metric: { node: 1 } })],
    ['with labels that are a list', (entry: object) => ({ ...entry, metric: ['n1'] })],
    ['with labels that are a text', (entry: object) => ({ ...entry, metric: 'n1' })],
  ])('is refused when it has a series %s', (_, change) => {
    for (const [whole, read] of [
      [MATRIX, readMatrix],
      [VECTOR, readVector],
    ] as const) {
      const body = JSON.stringify(
        replaceAt(whole, ['data', 'result', '0'], (entry) => change(entry as object)),
      );
      expect(readSafely(read, body)).toBe('refused');
    }
  });

  it.each([['1060'], [null], [undefined], [{}]])('is refused when a time is %j', (time) => {
    expect(readSafely(readMatrix, matrixOf([[time, '1']]))).toBe('refused');
    expect(readSafely(readVector, vectorOf([time, '1']))).toBe('refused');
  });

  it('is refused when it answers another kind of question', () => {
    expect(readSafely(readMatrix, JSON.stringify(VECTOR))).toBe('refused');
    expect(readSafely(readVector, JSON.stringify(MATRIX))).toBe('refused');
    expect(readSafely(readVector, JSON.stringify({ ...VECTOR, status: 'error' }))).toBe('refused');
  });
});

describe('values', () => {
  it('that are no finite numbers are no readings', () => {
    const pairs = ['NaN', '+Inf', '-Inf', 'Inf'].map((text, index) => [1060 + index * 60, text]);
    expect(readMatrix(matrixOf(pairs))[0]?.values).toEqual([null, null, null, null]);
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

  it('land on their own points, and points without one stay empty', () => {
    fc.assert(
      fc.property(grids, fc.infiniteStream(fc.boolean()), (grid, isThere) => {
        const expected = Array.from({ length: grid.count }, (_, index) =>
          isThere.next().value ? index + 0.5 : null,
        );
        const pairs = expected.flatMap((value, index) =>
          value === null ? [] : [[grid.start + (index + 1) * grid.stepSeconds, String(value)]],
        );
        expect(readMatrix(matrixOf(pairs), grid)[0]?.values).toEqual(expected);
      }),
    );
  });

  it('of a server that moves the points to earlier times belong to the steps in which these lie', () => {
    fc.assert(
      fc.property(grids, fc.double({ min: 0, max: 0.99, noNaN: true }), (grid, share) => {
        const early = Math.floor(share * grid.stepSeconds * 1000) / 1000;
        const pairs = Array.from({ length: grid.count }, (_, index) => [
          grid.start + (index + 1) * grid.stepSeconds - early,
          String(index),
        ]);
        const { values } = readMatrix(matrixOf(pairs), grid)[0] ?? {};
        expect(values).toEqual(Array.from({ length: grid.count }, (_, index) => index));
      }),
    );
  });

  it('from before and after the grid are left out', () => {
    const pairs = [
      [1000, '1'],
      [940, '2'],
      [1060, '3'],
      [1300, '4'],
      [1e12, '5'],
    ];
    expect(readMatrix(matrixOf(pairs))[0]?.values).toEqual([3, null, null, null]);
  });
});

describe('what comes with an answer', () => {
  it('is told apart: warnings count, notes on the query do not, a partial answer is a warning', () => {
    const body = { ...VECTOR, warnings: ['store down', 'PromQL info: odd name', { code: 7 }] };
    expect(readEnvelope(JSON.stringify(body), URL).warnings).toEqual(['store down', '{"code":7}']);
    expect(readEnvelope(JSON.stringify({ ...VECTOR, isPartial: true }), URL).warnings).toHaveLength(1);
    expect(readEnvelope(JSON.stringify({ ...VECTOR, isPartial: false }), URL).warnings).toEqual([]);
    expect(readEnvelope(JSON.stringify({ ...VECTOR, infos: ['PromQL info: x'] }), URL).warnings).toEqual([]);
  });

  it('cannot reach into the program through a label’s name', () => {
    const body = JSON.stringify(VECTOR).replace('"node":"n1"', '"__proto__":"x","constructor":"y"');
    const [sample] = readVector(body);
    expect(Object.entries(sample?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
