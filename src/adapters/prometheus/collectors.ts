import { type AnswerLimits, mostBytesOfPoints, openRoom, tooLong } from '../../report/gather/bounds.ts';
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
  /** Called with the length of the entry's labels. */
  takeLabels(characters: number): void;
  /** Called with the number of bytes that have arrived. */
  takeBytes(bytes: number): void;
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

/** A pair that is read one by one: `[1,"1"]`. */
const MIN_PAIR_BYTES = 7;

/** @throws QueryError, all functions of the collector, if the answer exceeds the limits */
export function collectSeries(grid: Grid, limits?: AnswerLimits): Collector<Series> {
  const createRow = createRows(grid.count);
  const room = openRoom(limits);
  const mostPointBytes = mostBytesOfPoints(grid.count);
  let series: Series[] = [];
  let values: Float64Array | null = null;
  let isList = false;
  let isValid = true;
  let pointBytes = 0;
  const takePoints = (bytes: number) => {
    pointBytes += bytes;
    if (pointBytes > mostPointBytes) throw tooLong();
  };

  return {
    resultType: 'matrix',
    key: 'values',
    clear() {
      series = [];
    },
    beginEntry() {
      values = null;
      isList = false;
      pointBytes = 0;
    },
    takeLabels: room.takeLabels,
    takeBytes: room.takeBytes,
    beginValues(isListNow) {
      isList = isListNow;
      isValid = true;
      if (values) values.fill(Number.NaN);
      else {
        room.takeSeries(grid.count);
        values = createRow();
      }
    },
    pair(given) {
      takePoints(MIN_PAIR_BYTES);
      const pair = readPair(given);
      if (pair === null || values === null) isValid = false;
      else placeOnGrid(pair.time, pair.value, grid, values);
    },
    pairs(bytes, from, end) {
      if (values === null) return from;
      const behind = readPairs({ bytes, from, end }, grid, values);
      takePoints(behind - from);
      return behind;
    },
    endEntry(labels) {
      if (values === null || !isList || !isValid) return false;
      series.push({ labels, values });
      return true;
    },
    entries: () => series,
  };
}

/** Collects the samples that have a finite value. */
export function collectSamples(limits?: AnswerLimits): Collector<Sample> {
  const room = openRoom(limits);
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
      room.takeSeries(1);
    },
    takeLabels: room.takeLabels,
    takeBytes: room.takeBytes,
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
