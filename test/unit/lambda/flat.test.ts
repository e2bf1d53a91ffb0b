import { describe, expect, it } from 'vitest';
import { findGrowth, MOST_GROWTH_MIB } from '../../lambda/flat.ts';

const MIB = 1024 ** 2;

/** Invocations of a function that is warm after the first one. */
const usages = (count: number, change: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    processes: 1,
    // The collector of V8 returns memory now and then.
    rssBytes: (300 + (index % 7) * 10) * MIB,
    temporaryBytes: index === 0 ? 0 : 213e6,
    temporaryEntries: index === 0 ? 0 : 30,
    ...change(index),
  }));

describe('findGrowth', () => {
  it('accepts a function that is warm after some invocations', () => {
    expect(findGrowth(usages(100))).toEqual([]);
    expect(findGrowth(usages(2))).toEqual([]);
    expect(findGrowth([])).toEqual([]);
  });

  it('finds a leak of one MiB per invocation', () => {
    const leaking = usages(100, (index) => ({ rssBytes: (300 + index) * MIB }));
    expect(findGrowth(leaking)).toEqual(['resident memory grew from 315 to 395 MiB']);
    const warm = usages(100, (index) => ({ rssBytes: (300 + (index < 20 ? 0 : MOST_GROWTH_MIB)) * MIB }));
    expect(findGrowth(warm)).toEqual([]);
  });

  it('finds a process and a file that are left', () => {
    expect(findGrowth(usages(3, (index) => ({ processes: index === 1 ? 3 : 1 })))).toEqual([
      'invocation 2 left 2 processes',
    ]);
    const files = usages(12, (index) => ({ temporaryEntries: index === 11 ? 31 : 30 }));
    expect(findGrowth(files)).toEqual([
      '/tmp grew from 30 entries, 213000000 bytes to 31, 213000000 at invocation 12',
    ]);
  });
});
