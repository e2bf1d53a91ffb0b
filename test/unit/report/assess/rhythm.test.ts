import { median } from 'd3-array';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rhythmOf } from '../../../../src/report/assess/level-changes/rhythm.ts';
import { medianWithout, runningMedians } from '../../../../src/report/assess/medians.ts';

const NONE = Number.NaN;

/** Values with many equal ones and unknown ones. */
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constant(NONE),
);

/** The median as the program defines it: of two middle values, the middle between them. */
function plainMedian(values: readonly number[]): number {
  const sorted = values.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NONE;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1] ?? NONE;
  return lower + (upper - lower) / 2;
}

describe('running medians', () => {
  it('are the medians of each window', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (values, width) => {
        const medians = runningMedians(Float64Array.from(values), width, new Float64Array(values.length));
        for (let first = 0; first + width <= values.length; first += 1)
          expect((medians[first] as number) + 0).toBe(plainMedian(values.slice(first, first + width)) + 0);
      }),
    );
  });
});

describe('the median without one value', () => {
  it('is that of the others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2 }), fc.nat(), (values, place) => {
        const sorted = Float64Array.from(values).sort();
        const removed = place % values.length;
        const others = [...sorted].filter((_, index) => index !== removed);
        expect(medianWithout(sorted, sorted.length, sorted[removed] as number)).toBe(median(others));
      }),
    );
  });
});

describe('a rhythm', () => {
  it('is the median of the same hours and their neighbours, relative to the median of the rhythm', () => {
    const [perDay, reach] = [24, 1];
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2 * perDay, maxLength: 5 * perDay }),
        fc.constantFrom(perDay, 2 * perDay),
        (values, period) => {
          const levels = new Float64Array(values.length).fill(2);
          const rhythm = rhythmOf({ values: Float64Array.from(values), perDay }, levels, period, 'deviation');
          const medians = Array.from({ length: period }, (_, phase) => {
            const near: number[] = [];
            for (let hour = phase; hour < values.length + period; hour += period)
              near.push(...values.slice(Math.max(0, hour - reach), hour + reach + 1));
            return plainMedian(near.map((one) => one - 2));
          });
          const middle = plainMedian(medians);
          const expected = medians.map((one) => (Number.isNaN(one) ? 0 : one - middle));
          expect([...rhythm].map((one) => one + 0)).toEqual(expected.map((one) => one + 0));
        },
      ),
    );
  });
});
