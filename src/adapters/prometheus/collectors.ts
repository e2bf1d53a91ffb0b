import { QueryError } from '../../report/gather/errors.ts';
import type { Grid, Sample, Series } from '../../report/model/series.ts';
import type { Labels } from './labels.ts';
import { placeOnGrid, readPair, readPairs } from './pairs.ts';
import { createRows } from './rows.ts';

/** Collects the entries of one kind of result. */
export type Collector<T> = {
  resultType: 'matrix' | 'vector';
  /** The key of an entry that has its values. */
  key: 'values' | 'value';
  /** Forgets all entries: the result begins. */
  clear(): void;
  beginEntry(): void;
  /** The value of the key begins; a later one replaces an earlier one. */
  beginValues(isList: boolean): void;
  /** Takes one pair of time and value. */
  pair(pair: unknown): void;
  /** Reads pairs from bytes, see readPairs(). */
  pairs(bytes: Uint8Array, from: number, end: number): number;
  /** @returns whether the entry is valid */
  endEntry(labels: Labels): boolean;
  entries(): T[];
};

/** Limit for the values of one answer, which are then 256 MiB: 14,000 series of a week in steps of five minutes. */
const MAX_VALUES = 32 * 1024 ** 2;

/** What a series costs besides its values, in values. */
const VALUES_PER_SERIES = 16;

export function collectSeries(grid: Grid): Collector<Series> {
  const createRow = createRows(grid.count);
  let series: Series[] = [];
  let values: Float64Array | null = null;
  let isList = false;
  let isValid = true;
  let cost = 0;

  return {
    resultType: 'matrix',
    key: 'values',
    clear() {
      series = [];
    },
    beginEntry() {
      values = null;
      isList = false;
    },
    beginValues(isListNow) {
      isList = isListNow;
      isValid = true;
      if (values) values.fill(Number.NaN);
      else {
        cost += grid.count + VALUES_PER_SERIES;
        if (cost > MAX_VALUES) throw tooLarge();
        values = createRow();
      }
    },
    pair(given) {
      const pair = readPair(given);
      if (pair === null || values === null) isValid = false;
      else placeOnGrid(pair.time, pair.value, grid, values);
    },
    pairs: (bytes, from, end) => (values === null ? from : readPairs({ bytes, from, end }, grid, values)),
    endEntry(labels) {
      if (values === null || !isList || !isValid) return false;
      series.push({ labels, values });
      return true;
    },
    entries: () => series,
  };
}

/** Collects the samples that have a finite value. */
export function collectSamples(): Collector<Sample> {
  let samples: Sample[] = [];
  let value: number | null = null;
  return {
    resultType: 'vector',
    key: 'value',
    clear() {
      samples = [];
    },
    beginEntry() {
      value = null;
    },
    beginValues() {},
    pair(given) {
      value = readPair(given)?.value ?? null;
    },
    pairs: (_, from) => from,
    endEntry(labels) {
      if (value === null) return false;
      if (!Number.isNaN(value)) samples.push({ labels, value });
      return true;
    },
    entries: () => samples,
  };
}

/** The error of an answer that would need too much memory. */
export function tooLarge(): QueryError {
  return new QueryError('too-large', 'the answer is too large; choose a longer step');
}
