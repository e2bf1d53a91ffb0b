import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNITS } from '../../../../src/report/model/indicator.ts';
import { plotScale } from '../../../../src/report/render/kit/charts/plot-scale.ts';
import { createFormatter } from '../../../../src/report/render/kit/formatter.ts';
import { precisionOf } from '../../../../src/report/render/kit/precision.ts';

const format = createFormatter('en', {
  start: '2026-11-21T08:00:00Z',
  end: '2026-11-22T08:00:00Z',
  timeZone: 'UTC',
});

/** Numbers with a few digits, as in documents: many of them are exactly between two texts. */
const values = fc
  .tuple(fc.integer({ min: -2000, max: 99_999 }), fc.integer({ min: -7, max: 4 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

/** The sign of a zero is lost. */
const NEGATIVE_ZERO = /^-0\D*$/;

describe('the value that a text shows', () => {
  it('has the same text', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(...UNITS), (value, unit) => {
        const text = format.value(value, unit);
        fc.pre(!NEGATIVE_ZERO.test(text));
        expect(format.value(precisionOf(unit).shown(value), unit)).toBe(text);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the scale of a plot', () => {
  it('has a place for the text of each value', () => {
    const some = fc.array(values, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(some, fc.constantFrom(...UNITS), (drawn, unit) => {
        const [low, high] = [Math.min(0, ...drawn), Math.max(1e-6, ...drawn)];
        const precision = precisionOf(unit);
        const { y, step, top, height } = plotScale(drawn, { low, high }, 96, precision);
        for (const value of drawn) {
          expect(Number.isInteger(y(value))).toBe(true);
          expect((y(value) - top) / height).toBeCloseTo((high - value) / (high - low), 2);
          // As templates/scripts/charts.js reads it.
          const read = Number((-y(value) * step).toPrecision(12));
          // A plot has at most 1e10 steps.
          expect(step <= precision.step(value) || high - low > 1e9 * precision.step(value)).toBe(true);
          const text = format.value(value, unit);
          if (step <= precision.step(value) && !NEGATIVE_ZERO.test(text))
            expect(format.value(read, unit)).toBe(text);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
