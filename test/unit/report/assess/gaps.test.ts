import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGaps, type Gap, type Presence } from '../../../../src/report/assess/coverage/gaps.ts';
import { points, START, STEP } from './notation.ts';

const LEAST = 600;
const ALWAYS = () => true;

function periodOf(count: number, stepSeconds = STEP) {
  return {
    grid: { start: START, stepSeconds, count },
    period: { start: START, end: START + count * stepSeconds },
  };
}

/** Formats gaps as '2-3 down 600': points, kind and missing seconds. */
function gapsIn(
  notation: string,
  isExpected: (index: number) => boolean = ALWAYS,
  stepSeconds = STEP,
): string {
  const presence = points(notation);
  return findGaps(presence, periodOf(presence.length, stepSeconds), LEAST, isExpected)
    .map(({ first, last, kind, missingSeconds }) => `${first}-${last} ${kind} ${missingSeconds}`)
    .join(', ');
}

describe('gaps', () => {
  it.each([
    ['none if every step has a scrape', '1 0.2 1 0.9', ''],
    ['none if the only empty step is too short', '1 0 1', ''],
    ['an empty step with missing scrapes in its neighbours', '1 0.5 0 0.5 1', '2-2 down 600'],
    ['down if scrapes were attempted', '1 0 0 1', '1-2 down 600'],
    ['absent if none was attempted', '1 _ _ _ 1', '1-3 absent 900'],
    ['the start of the period without success', '0 0 1', '0-1 down 600'],
    ['the whole period', '0 0 0', '0-2 down 900'],
    ['removal separate from being down before', '1 0 0 _ _ _', '1-2 down 600, 3-5 absent 900'],
    ['addition separate from being down after', '_ _ _ 0 0 1', '0-2 absent 900, 3-4 down 600'],
    ['one if it was added just before', '_ 0 0 1', '0-2 down 900'],
    ['no separate removal in the last minutes', '1 0 0 _', '1-3 down 900'],
    ['none without points', '', ''],
  ])('are %s', (_, notation, expected) => {
    const none = new Float64Array(0);
    expect(notation === '' ? findGaps(none, periodOf(0), LEAST, ALWAYS).join() : gapsIn(notation)).toBe(
      expected,
    );
  });

  it('exist only where the target was expected', () => {
    expect(gapsIn('_ _ _ 1', (index) => index >= 3)).toBe('');
    expect(gapsIn('_ _ _ 1', (index) => index >= 1)).toBe('1-2 absent 600');
  });

  it('are found in a step that is longer than they are', () => {
    expect(gapsIn('1 0.8 1 1', ALWAYS, 3600)).toBe('1-1 down 720');
    expect(gapsIn('1 0.9 0.9 1', ALWAYS, 3600)).toBe('1-2 down 720');
    expect(gapsIn('1 0.9 1 0.9', ALWAYS, 3600)).toBe('');
    expect(gapsIn('1 0.8 0 0.8 1', ALWAYS, 3600)).toBe('2-2 down 5040');
    expect(gapsIn('1 0.9 0.9 0 1', ALWAYS, 3600)).toBe('3-3 down 3960');
    // It is unknown whether the missing scrapes are at the end of the last hour.
    const [last] = findGaps(points('1 0.5'), periodOf(2, 3600), LEAST, ALWAYS);
    expect(last).toMatchObject({ missingSeconds: 1800, toEnd: false });
  });

  it('begin no earlier than the period, although its first step may', () => {
    const { grid, period } = periodOf(4);
    const [gap] = findGaps(points('0x4'), { grid, period: { ...period, start: START + 100 } }, LEAST, ALWAYS);
    expect(gap).toMatchObject({ start: START + 100, missingSeconds: 1100, toEnd: true });
    const hours = periodOf(2, 3600);
    const late = { ...hours, period: { ...hours.period, start: START + 2700 } };
    expect(findGaps(points('0.5 1'), late, LEAST, ALWAYS)).toMatchObject([
      { start: START + 2700, missingSeconds: 900 },
    ]);
  });

  /** The presence that scrapes every `interval` seconds show of one failure, counted by scrape. */
  function gapsSeen(
    stepSeconds: number,
    outage: { from: number; to: number },
    interval: number,
    offset: number,
  ) {
    const count = Math.ceil(86_400 / stepSeconds);
    const tried = new Float64Array(count);
    const succeeded = new Float64Array(count);
    for (let time = offset; time < count * stepSeconds; time += interval) {
      const index = Math.ceil(time / stepSeconds) - 1;
      tried[index] = (tried[index] ?? 0) + 1;
      if (time < outage.from || time >= outage.to) succeeded[index] = (succeeded[index] ?? 0) + 1;
    }
    const presence: Presence = succeeded.map((number, index) => number / (tried[index] ?? 0));
    return findGaps(presence, periodOf(count, stepSeconds), LEAST, ALWAYS);
  }

  const outage = fc.record({ from: fc.nat(80_000), length: fc.integer({ min: 60, max: 5400 }) });
  const missingIn = (gaps: readonly Gap[]) =>
    gaps.reduce((sum, { missingSeconds }) => sum + missingSeconds, 0);

  it('are exact to the scrape, wherever they begin', () => {
    fc.assert(
      fc.property(
        outage,
        fc.constantFrom(15, 60),
        fc.integer({ min: 1, max: 15 }),
        ({ from, length }, interval, offset) => {
          const gaps = gapsSeen(STEP, { from, to: from + length }, interval, offset);
          if (length < LEAST - interval) expect(gaps).toEqual([]);
          if (length <= LEAST + interval) return;
          expect(gaps).toHaveLength(1);
          const [gap] = gaps;
          expect(Math.abs((gap?.start ?? 0) - START - from)).toBeLessThanOrEqual(2 * interval);
          expect(Math.abs((gap?.end ?? 0) - START - from - length)).toBeLessThanOrEqual(2 * interval);
          expect(Math.abs(missingIn(gaps) - length)).toBeLessThanOrEqual(interval);
        },
      ),
    );
  });

  it('are also found with steps of an hour', () => {
    fc.assert(
      fc.property(outage, ({ from, length }) => {
        const gaps = gapsSeen(3600, { from, to: from + length }, 60, 1);
        if (length < LEAST - 60) expect(gaps).toEqual([]);
        if (length <= LEAST + 60) return;
        expect(gaps.length).toBeGreaterThan(0);
        expect(missingIn(gaps)).toBeGreaterThan(length - LEAST - 60);
        expect(missingIn(gaps)).toBeLessThan(length + 60);
        for (const { start, end } of gaps)
          expect(start - START < from + length && end - START > from).toBe(true);
      }),
    );
  });
});
