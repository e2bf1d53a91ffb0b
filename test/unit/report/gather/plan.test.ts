import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatherError } from '../../../../src/report/gather/errors.ts';
import {
  checkStep,
  earlierPeriods,
  estimateScrapeInterval,
  planGrid,
  planProbe,
  planStep,
  planWindows,
} from '../../../../src/report/gather/plan.ts';
import { type Grid, MAX_POINTS, type Series, unknownValues } from '../../../../src/report/model/series.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Common scrape intervals in seconds. */
const COMMON_INTERVALS = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600];

const periods = fc
  .record({
    end: fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }),
    seconds: fc.integer({ min: 10 * MINUTE, max: 400 * DAY }),
  })
  .map(({ end, seconds }) => ({ start: end - seconds, end, seconds }));
const intervals = fc.oneof(fc.constantFrom(...COMMON_INTERVALS), fc.integer({ min: 1, max: 30 * MINUTE }));

const pointAt = (grid: Grid, index: number) => grid.start + (index + 1) * grid.stepSeconds;

const targetCounts = fc.integer({ min: 0, max: 10_000 });

/** Counts the scrapes, one every `interval` from `offset` on, in a window that includes both borders or only its end. */
function scrapesIn(from: number, to: number, interval: number, offset: number, isClosed: boolean): number {
  // Prometheus counts in milliseconds.
  const [first, last, beat, phase] = [from, to, interval, offset].map((value) =>
    Math.round(value * 1000),
  ) as [number, number, number, number];
  const upTo = (time: number) => Math.floor((time - phase) / beat);
  return upTo(last) - upTo(isClosed ? first - 1 : first);
}

describe('a planned grid', () => {
  it('covers the period, ends at its end, and is fine enough for the rules if possible', () => {
    fc.assert(
      fc.property(periods, intervals, targetCounts, ({ start, end, seconds }, interval, targets) => {
        const stepSeconds = planStep(seconds, interval, targets);
        const grid = planGrid(start, end, stepSeconds);
        expect(pointAt(grid, grid.count - 1)).toBe(end);
        expect(grid.start).toBeLessThanOrEqual(start);
        // No step lies completely before the period.
        expect(grid.start + stepSeconds).toBeGreaterThan(start);
        expect(grid.count).toBeLessThanOrEqual(MAX_POINTS);
        expect(stepSeconds).toBeGreaterThanOrEqual(interval);
        expect(grid.count * targets).toBeLessThanOrEqual(2_000_000 + targets);
        // Most thresholds require five minutes.
        if (interval <= 300 && (seconds / 300) * targets < 2_000_000 && seconds < 30 * DAY)
          expect(stepSeconds).toBeLessThanOrEqual(300);
      }),
    );
  });

  it('covers the period with any step that a user sets', () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: 1, max: DAY }), ({ start, end, seconds }, stepSeconds) => {
        const grid = planGrid(start, end, stepSeconds);
        expect(pointAt(grid, grid.count - 1)).toBe(end);
        expect(grid.start).toBeLessThanOrEqual(start);
        expect(grid.count).toBe(Math.ceil(seconds / stepSeconds));
      }),
    );
  });

  it('rejects a step with too many values, and names one that is allowed', () => {
    const rejection = (step: number, seconds: number, targets: number) => {
      try {
        checkStep(step, seconds, targets);
        return null;
      } catch (error) {
        return error instanceof GatherError ? error.message : error;
      }
    };
    expect(rejection(15, DAY, 348)).toBe(
      'step: 15 s makes 5760 points of this period for each of 348 series, which is too many; set 30 s or longer',
    );
    expect(rejection(15, DAY, 347)).toBeNull();
    fc.assert(
      fc.property(periods, intervals, targetCounts, ({ seconds }, step, targets) => {
        const message = rejection(Math.min(step, seconds), seconds, targets);
        if (message !== null) {
          const named = Number(/set (\d+) s or longer$/.exec(String(message))?.[1]);
          expect(named).toBeGreaterThan(step);
          if (named <= seconds) expect(rejection(named, seconds, targets)).toBeNull();
        }
        const planned = planStep(seconds, step, targets);
        if (planned <= seconds) expect(rejection(planned, seconds, targets)).toBeNull();
      }),
    );
  });

  it('uses round steps', () => {
    expect(planStep(HOUR, 5, 13)).toBe(15);
    expect(planStep(DAY, 5, 13)).toBe(300);
    expect(planStep(7 * DAY, 60, 13)).toBe(300);
    expect(planStep(31 * DAY, 60, 13)).toBe(300);
    // A series for each of 5,000 nodes over a day fits into memory, but not for each of 500 over a month.
    expect(planStep(DAY, 60, 5001)).toBe(300);
    expect(planStep(30 * DAY, 60, 501)).toBe(900);
    // A step shorter than the scrape interval would show the same scrape twice.
    expect(planStep(HOUR, 120, 13)).toBe(120);
  });

  it('stays below the number of points that Prometheus allows', () => {
    expect(planGrid(0, 400 * DAY, planStep(400 * DAY, 1, 13)).count).toBeLessThan(MAX_POINTS);
  });
});

describe('look-backs', () => {
  const anyStep = fc.oneof(fc.constantFrom(15, 60, 300, HOUR), fc.integer({ min: 1, max: DAY }));
  const shares = fc.double({ min: 0, max: 0.999, noNaN: true });

  it('of rates share a scrape with the next one, so that they miss no increase of a counter', () => {
    fc.assert(
      fc.property(periods, anyStep, intervals, shares, ({ end }, step, interval, share) => {
        const { rateSeconds } = planWindows(step, interval, true);
        // The intersection of (end - step - rate, end - step] and (end - rate, end].
        const shared = scrapesIn(end - rateSeconds, end - step, interval, share * interval, false);
        expect(shared).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('of rates contain at least four scrapes, one of which may fail', () => {
    fc.assert(
      fc.property(periods, anyStep, intervals, shares, ({ end }, step, interval, share) => {
        const { rateSeconds } = planWindows(step, interval, true);
        expect(scrapesIn(end - rateSeconds, end, interval, share * interval, false)).toBeGreaterThanOrEqual(
          4,
        );
      }),
    );
  });

  it('of gauges contain a scrape even if one fails, and cover all the time between two points', () => {
    fc.assert(
      fc.property(periods, anyStep, intervals, shares, ({ end }, step, interval, share) => {
        const { spanSeconds } = planWindows(step, interval, true);
        expect(scrapesIn(end - spanSeconds, end, interval, share * interval, false)).toBeGreaterThanOrEqual(
          2,
        );
        expect(spanSeconds).toBeGreaterThanOrEqual(step);
      }),
    );
  });
});

describe('the measured scrape interval', () => {
  /** The answer of the probe for one target. */
  function probeAnswer(
    { start, end }: { start: number; end: number },
    { interval, offset, isClosed, gaps }: Target & { interval: number; isClosed: boolean },
  ): Series {
    const { grid, lookBackSeconds } = planProbe(start, end);
    const values = new Float64Array(grid.count).map((_, index) => {
      const to = pointAt(grid, index);
      const from = to - lookBackSeconds;
      const missed = gaps.map(([begin, length]) =>
        Math.max(0, scrapesIn(Math.max(from, begin), Math.min(to, begin + length), interval, offset, false)),
      );
      const count =
        scrapesIn(from, to, interval, offset, isClosed) - missed.reduce((sum, one) => sum + one, 0);
      return count > 0 ? count : Number.NaN;
    });
    return { labels: {}, values };
  }

  type Target = { offset: number; gaps: [number, number][] };

  /** Up to five targets with different phases, each with up to two gaps of up to an hour. */
  const situations = fc
    .record({
      end: fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }),
      seconds: fc.constantFrom(8 * HOUR, DAY, 7 * DAY, 30 * DAY),
      interval: fc.constantFrom(...COMMON_INTERVALS),
      isClosed: fc.boolean(),
      targets: fc.array(
        fc.record({
          // Tests and some proxies scrape all targets at the start of the interval.
          share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.999, noNaN: true })),
          gaps: fc.array(
            fc.record({
              at: fc.double({ min: 0, max: 1, noNaN: true }),
              seconds: fc.integer({ min: 1, max: HOUR }),
            }),
            { maxLength: 2 },
          ),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    })
    .map(({ end, seconds, interval, isClosed, targets }) => ({
      period: { start: end - seconds, end },
      interval,
      isClosed,
      targets: targets.map(
        ({ share, gaps }, index): Target => ({
          offset: share * interval,
          // One after the other, so that no scrape is missing twice.
          gaps: gaps.map((gap, which) => [
            end - seconds + (seconds / 2) * (which + gap.at * 0.8) + index,
            Math.min(gap.seconds, seconds / 10),
          ]),
        }),
      ),
    }));

  it('is correct for every common interval, whatever the phase and the gaps', () => {
    fc.assert(
      fc.property(situations, ({ period, interval, isClosed, targets }) => {
        const series = targets.map((target) => probeAnswer(period, { ...target, interval, isClosed }));
        expect(estimateScrapeInterval(series)).toBe(interval);
      }),
      { numRuns: 1000 },
    );
  });

  it('is correct for a target that is missing for twelve minutes of every hour', () => {
    const period = { start: 1_700_000_000, end: 1_700_000_000 + 8 * HOUR };
    const gaps = Array.from({ length: 8 }, (_, index): [number, number] => [
      period.start + index * HOUR,
      12 * MINUTE,
    ]);
    for (const interval of [5, 15, 60]) {
      const target = { interval, offset: 1.5, isClosed: false, gaps };
      expect(estimateScrapeInterval([probeAnswer(period, target)])).toBe(interval);
    }
  });

  it('is correct for unusual intervals', () => {
    const period = { start: 1_700_000_000, end: 1_700_000_000 + DAY };
    for (const interval of [7, 12, 25, 40, 75, 400]) {
      const target = { interval, offset: 3.2, isClosed: false, gaps: [] };
      expect(estimateScrapeInterval([probeAnswer(period, target)])).toBe(interval);
    }
  });

  it('is known for the shortest period', () => {
    const period = { start: 1_700_000_000, end: 1_700_000_000 + 10 * MINUTE };
    for (const interval of [5, 15, 30, 60]) {
      const target = { interval, offset: 1.5, isClosed: true, gaps: [] };
      expect(estimateScrapeInterval([probeAnswer(period, target)])).toBe(interval);
    }
  });

  it('is unknown without any scrape', () => {
    expect(estimateScrapeInterval([])).toBeNull();
    expect(estimateScrapeInterval([{ labels: {}, values: unknownValues(2) }])).toBeNull();
  });
});

describe('earlier periods', () => {
  it('are the period before and, for periods shorter than a week, the one a week before', () => {
    expect(earlierPeriods({ start: 0, end: DAY })).toEqual([
      { kind: 'before', seconds: DAY },
      { kind: 'week-before', seconds: 7 * DAY },
    ]);
    expect(earlierPeriods({ start: 0, end: 7 * DAY })).toEqual([{ kind: 'before', seconds: 7 * DAY }]);
    expect(earlierPeriods({ start: 0, end: 30 * DAY })).toEqual([{ kind: 'before', seconds: 30 * DAY }]);
  });

  it('of a week with a change of the clocks are only the week before', () => {
    for (const seconds of [7 * DAY - HOUR, 7 * DAY + HOUR])
      expect(earlierPeriods({ start: 0, end: seconds })).toEqual([{ kind: 'before', seconds }]);
  });
});
