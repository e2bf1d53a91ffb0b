import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw, KINDS } from '../../../../bench/changes/series.ts';
import { findBreaks } from '../../../../src/report/assess/level-changes/breaks.ts';

const DAY = 24;
const WEEK = 7 * DAY;

/** Searches with and without the quick tests that reject most levels. */
function search(values: Float64Array): { screened: number[]; full: number[] } {
  const known = values.filter((value) => !Number.isNaN(value));
  const range = { low: Math.min(...known), high: Math.max(...known) };
  const series = { values, perDay: DAY };
  return { screened: findBreaks(series, range), full: findBreaks(series, range, false) };
}

/** A week that repeats, except that one week has a jump in one direction and the others have it in the other one. */
const contraryWeeks = fc
  .record({
    week: fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: WEEK, maxLength: WEEK }),
    factor: fc.double({ min: 1.06, max: 1.1, noNaN: true }),
    days: fc.integer({ min: 14, max: 40 }),
    at: fc.integer({ min: DAY, max: WEEK - DAY }),
    contrary: fc.nat(4),
    gap: fc.option(fc.nat(14 * DAY)),
  })
  .map(({ week, factor, days, at, contrary, gap }) =>
    new Float64Array(days * DAY).map((_, index) => {
      if (index === gap) return Number.NaN;
      const isAfter = index % WEEK >= at;
      const isContrary = Math.floor(index / WEEK) === contrary;
      const isNear = Math.abs((index % WEEK) - at) <= DAY;
      return (week[index % WEEK] as number) * (isNear && isAfter !== isContrary ? factor : 1);
    }),
  );

/** Any kind of level, with a step, a shift, or in another unit. */
const drawn = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    days: fc.integer({ min: 13, max: 40 }),
    seed: fc.nat(10_000),
    step: fc.constantFrom(1, 1, 1.1, 1.5, 0.5),
    at: fc.nat(40 * DAY),
    unit: fc.constantFrom(1, 1e-9, 1e9, -1),
    shift: fc.constantFrom(0, 0, -50, 1000),
    compression: fc.constantFrom(1, 1, 0.1, 0.02),
  })
  .map(({ kind, days, seed, step, at, unit, shift, compression }) => {
    const values = draw(kind, days, seed, (index) => (index >= at ? step : 1));
    const first = values.find((value) => !Number.isNaN(value)) ?? 0;
    return values.map((value) => unit * (first + compression * (value - first) + shift));
  });

describe('the quick tests before the search for jumps', () => {
  it('reject only levels in which the search finds none', () => {
    fc.assert(
      fc.property(fc.oneof(contraryWeeks, drawn), (values) => {
        const { screened, full } = search(values);
        expect(screened).toEqual(full);
      }),
      { numRuns: 600 },
    );
  });

  it('let a jump pass that is a little larger than the bound', () => {
    const jump = (factor: number) =>
      new Float64Array(28 * DAY).map((_, index) => (index >= 15 * DAY ? factor : 1));
    expect(search(jump(1.15)).screened).toEqual([]);
    expect(search(jump(1.17)).screened).toHaveLength(1);
  });
});
