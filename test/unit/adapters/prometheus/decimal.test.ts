import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDecimal } from '../../../../src/adapters/prometheus/decimal.ts';

/** Reads a text that more follows. @returns the number and where reading ended */
function read(text: string): { number: number; at: number } {
  const cursor = { at: 3 };
  const number = readDecimal(Buffer.from(`[,"${text}"`), cursor);
  return { number, at: cursor.at - 3 };
}

/** A number that was read must be the one of Number() to the last bit, and all of the text must have been read. */
function expectExact(text: string): void {
  const { number, at } = read(text);
  if (!Number.isNaN(number)) expect([number, at, text]).toEqual([Number(text), text.length, text]);
}

/** How Go writes a number with strconv.FormatFloat(number, 'f', -1, 64). */
function withoutExponent(number: number): string {
  const [mantissa = '', exponent = ''] = number.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  const sign = number < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * Returns a fraction with up to 18 digits and this many decimals that is as near to the middle of two doubles as such a
 * fraction can be: m / 10 ** decimals, where m * 2 ** t is odd * 5 ** decimals plus or minus 1, and odd has 54 bits.
 */
function nearMiddle(decimals: number, random: bigint, side: 1n | -1n): string {
  const five = 5n ** BigInt(decimals);
  let t = 1n;
  while ((five << 54n) >> t >= 10n ** 18n) t += 1n;
  let inverse = 1n;
  for (let bits = 1; bits < 64; bits *= 2)
    inverse = BigInt.asUintN(Number(t), inverse * (2n - five * inverse));
  const odd = BigInt.asUintN(Number(t), -side * inverse) + ((((1n << 53n) + random) >> t) << t);
  const digits = String((odd * five + side) >> t).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Doubles of the size of rates, ratios, seconds and bytes. */
const usual = fc.double({ min: 1e-5, max: 1e12, noNaN: true });
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });

describe('a decimal number', () => {
  it('is the number of Number() in each notation of Go', () => {
    fc.assert(
      fc.property(fc.oneof(anyDouble, usual), (number) => {
        expectExact(withoutExponent(number));
        expectExact(number.toExponential());
        expectExact(String(number));
      }),
      { numRuns: 5000 },
    );
  });

  it('is the number of Number() with any digits and exponents', () => {
    const any = fc
      .tuple(digits(1, 20), digits(1, 22), fc.integer({ min: -400, max: 400 }), fc.boolean())
      .map(([whole, fraction, exponent, hasExponent]) => {
        const significant = whole.replace(/^0+(?=\d)/, '');
        return `${significant}.${fraction}${hasExponent ? `e${exponent}` : ''}`;
      });
    fc.assert(fc.property(any, expectExact), { numRuns: 10_000 });
  });

  it('is the number of Number() in the middle of two doubles and just beside it', () => {
    // From 2 ** 51, doubles have a distance of 0.5; from 2 ** 52, of 1; from 2 ** 53, of 2; and so on.
    const whole = fc.bigInt({ min: 2n ** 51n, max: 2n ** 59n }).map(String);
    const fractions = ['', '.0', '.24', '.25', '.26', '.4', '.49', '.5', '.51', '.6', '.74', '.75', '.76'];
    fc.assert(
      fc.property(whole, fc.constantFrom(...fractions), (digits, fraction) => expectExact(digits + fraction)),
      { numRuns: 5000 },
    );
    const middle = fc.tuple(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n }), fc.bigInt({ min: 1n, max: 6n }));
    fc.assert(
      fc.property(middle, fc.bigInt({ min: -1n, max: 1n }), ([mantissa, shift], beside) => {
        expectExact(String((mantissa << shift) + (1n << (shift - 1n)) + beside));
      }),
      { numRuns: 5000 },
    );
  });

  it('is the number of Number() as near to the middle of two doubles as it can be', () => {
    const random = fc.bigInt({ min: 0n, max: (1n << 53n) - 1n });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 22 }), random, fc.constantFrom(1n, -1n), (decimals, any, side) =>
        expectExact(nearMiddle(decimals, any, side)),
      ),
      { numRuns: 5000 },
    );
  });

  it.each(['0', '-0', '7', '0.1', '-3.25', '123456789012345678', '0.016666666666666666', '1e3', '2.5E-7'])(
    'is read without Number(): %s',
    (text) => {
      expect(read(text)).toEqual({ number: Number(text), at: text.length });
    },
  );

  it('of the usual size is nearly always read without Number()', () => {
    const numbers = fc.sample(usual, { numRuns: 2000, seed: 1 });
    const left = numbers.filter((number) => Number.isNaN(read(withoutExponent(number)).number));
    expect(left.length).toBeLessThan(20);
  });

  it.each(['', '-', '.5', '5.', '01', '+5', 'e5', '5e', '5e+', 'NaN', 'Inf', '--5', ' 5'])(
    'is not assumed in %j',
    (text) => {
      expect(read(text).number).toBeNaN();
    },
  );
});
