import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNames } from '../../../../src/report/model/names.ts';

describe('compareNames', () => {
  it('orders numbers in names by value, wherever they are', () => {
    const names = [
      'w10',
      'w9',
      'pool-10-a2',
      'pool-9-a10',
      'pool-9-a9',
      'ip-10-0-2-1',
      'ip-10-0-10-1',
      'w09',
    ];
    expect(names.sort(compareNames)).toEqual([
      'ip-10-0-2-1',
      'ip-10-0-10-1',
      'pool-9-a9',
      'pool-9-a10',
      'pool-10-a2',
      'w09',
      'w9',
      'w10',
    ]);
  });

  it('gives any names one order, and calls only equal ones equal', () => {
    // Names that differ in little, for which an order is most likely to contradict itself.
    const name = fc.oneof(
      fc.string({ unit: fc.constantFrom('w', 'W', '0', '1', '9', '-', '"', '\u0000', 'é', '节') }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const sorted = names.toSorted(compareNames);
        expect(names.toReversed().sort(compareNames)).toEqual(sorted);
        for (const [index, one] of sorted.entries())
          for (const later of sorted.slice(index + 1)) expect(compareNames(one, later)).toBeLessThan(0);
      }),
    );
  });
});
