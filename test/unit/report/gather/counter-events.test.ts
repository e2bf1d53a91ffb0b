import { sum } from 'd3-array';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLeadingSteps,
  countEvents,
  countLeadingSteps,
  type EventQuerier,
  gatherEvents,
  highestThatMatter,
  lowestThatMatter,
} from '../../../../src/report/gather/counter-events.ts';
import { QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';
import { mergeSamples, mergeSeries } from '../../../../src/report/gather/querier.ts';
import {
  type Grid,
  hasValues,
  isKnown,
  type Sample,
  type Series,
  unknownValues,
} from '../../../../src/report/model/series.ts';
import { type CounterSample, type Level, levelsOn } from '../../../fixtures/counter.ts';
import { valuesOf } from '../../../fixtures/values.ts';

/** Counts events from the whole answers about the values at the end of each step, and the highest and lowest in it. */
function countAll(
  leading: number,
  last: readonly Series[],
  highest: readonly Series[],
  lowest: readonly Series[],
): Series[] {
  return countEvents(leading, last, highestThatMatter(last, highest), lowestThatMatter(last, lowest));
}

const START = 1_700_000_000;

/** A process that counts events, and its scrapes. Times are Unix seconds in ascending order. */
type World = {
  events: readonly number[];
  /** When the counter was reset to 0. */
  resets: readonly number[];
  /** The value of the counter before the first event. */
  before: number;
  scrapes: readonly number[];
  grid: Grid;
};

const DURATIONS = { window: 360, span: 300, interval: 60 };

function levelAt({ events, resets, before }: World, time: number): number {
  const since = resets.findLast((reset) => reset <= time) ?? -Infinity;
  const counted = events.filter((event) => event > since && event <= time).length;
  return since === -Infinity ? before + counted : counted;
}

const samplesOf = (world: World): CounterSample[] =>
  world.scrapes.map((time) => ({ time, value: levelAt(world, time) }));

function endOf({ start, stepSeconds, count }: Grid): number {
  return start + count * stepSeconds;
}

/** The index of the step that contains a time; the step before the first is -1. */
function stepAt({ start, stepSeconds }: Grid, time: number): number {
  return Math.ceil((time - start) / stepSeconds) - 1;
}

/** The start of the leading steps. */
const lookBackStart = (grid: Grid) => grid.start - countLeadingSteps(grid, DURATIONS) * grid.stepSeconds;

/** The times of the scrapes in the grid and in the leading steps. */
function scrapesSeen({ scrapes, grid }: World): number[] {
  return scrapes.filter((time) => time > lookBackStart(grid) && time <= endOf(grid));
}

/**
 * The expected number of events in each step: an event counts in the step of the first scrape after it. Events that no
 * scrape saw before the next reset do not count, nor do those before the first known scrape.
 */
function shownByStep(world: World): Float64Array {
  const { events, resets, grid } = world;
  const scrapes = scrapesSeen(world);
  const [first = Infinity] = scrapes;
  const counts = unknownValues(grid.count).map((unknown, step) =>
    scrapes.some((time) => stepAt(grid, time) === step) ? 0 : unknown,
  );
  for (const event of events) {
    const shown = scrapes.find((time) => time >= event);
    if (event <= first || shown === undefined) continue;
    if (resets.some((reset) => reset >= event && reset <= shown)) continue;
    const step = stepAt(grid, shown);
    if (step >= 0) counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

/** The scrapes that determine the count of a step: those in the step, and the last one before it. */
function scrapesBehind(world: World, step: number): number[] {
  const scrapes = scrapesSeen(world);
  const own = scrapes.filter((time) => stepAt(world.grid, time) === step);
  return [...scrapes.filter((time) => time < (own[0] ?? Infinity)).slice(-1), ...own];
}

/**
 * Whether the highest, lowest and last values of a step determine its count. They do not if a reset is invisible because
 * the counter reached its old value before the next scrape, if there is more than one reset, or if the counter reached its
 * old value in the step although the step also has events before the reset.
 */
function isClear(world: World, step: number): boolean {
  const behind = scrapesBehind(world, step);
  const [from = 0, to = 0] = [behind[0], behind.at(-1)];
  const resets = world.resets.filter((reset) => reset > from && reset <= to);
  const [reset] = resets;
  if (reset === undefined) return true;
  if (resets.length > 1 || stepAt(world.grid, from) === step) return false;
  const highest = levelAt(world, behind.findLast((time) => time < reset) ?? 0);
  const lowest = levelAt(world, behind.find((time) => time >= reset) ?? 0);
  const isSeen = lowest < levelAt(world, from) || (lowest < highest && levelAt(world, to) < highest);
  return isSeen && (levelAt(world, to) < highest || highest === levelAt(world, from));
}

const series = (...values: (number | null)[]): Series => ({
  labels: { instance: 'a' },
  values: valuesOf(values),
});

function levelsOf(world: World, level: Level): Series[] {
  const values = levelsOn(
    samplesOf(world),
    addLeadingSteps(world.grid, countLeadingSteps(world.grid, DURATIONS)),
    level,
  );
  return hasValues(values) ? [series(...values)] : [];
}

/** The events of each step; NaN for all steps of a counter that no scrape saw. */
function countedByStep(world: World): Float64Array {
  const leading = countLeadingSteps(world.grid, DURATIONS);
  const [last, most, least] = (['last', 'max', 'min'] as const).map((level) => levelsOf(world, level));
  const [only, ...others] = countAll(leading, last ?? [], most ?? [], least ?? []);
  expect(others).toEqual([]);
  return only?.values ?? unknownValues(world.grid.count);
}

const anyGrid = (interval: number): fc.Arbitrary<Grid> =>
  fc
    .record({ factor: fc.integer({ min: 10, max: 120 }), count: fc.integer({ min: 2, max: 25 }) })
    .map(({ factor, count }) => ({ start: START, stepSeconds: Math.ceil((interval * factor) / 10), count }));

/** Scrapes with jitter and failures, gaps of up to three hours, and none before `born`. */
function anyScrapes(interval: number, grid: Grid): fc.Arbitrary<number[]> {
  const [from, to] = [grid.start - 3 * grid.stepSeconds, endOf(grid)];
  const length = Math.ceil((to - from) / interval);
  const scrape = fc.record({
    jitter: fc.double({ min: -interval / 3, max: interval / 3, noNaN: true }),
    fails: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  });
  const moment = fc.double({ min: from, max: to, noNaN: true });
  const gap = fc.record({ at: moment, seconds: fc.integer({ min: interval, max: 3 * 3600 }) });
  return fc
    .record({
      tried: fc.array(scrape, { minLength: length, maxLength: length }),
      gaps: fc.array(gap, { maxLength: 2 }),
      born: fc.oneof(
        { weight: 3, arbitrary: fc.constant(from - interval) },
        { weight: 1, arbitrary: moment },
      ),
    })
    .map(({ tried, gaps, born }) =>
      tried
        .map(({ jitter, fails }, index) => ({ time: from + (index + 0.5) * interval + jitter, fails }))
        .filter(({ time, fails }) => !fails && time >= born && time <= to)
        .map(({ time }) => time)
        .filter((time) => !gaps.some(({ at, seconds }) => time >= at && time < at + seconds)),
    );
}

function anyWorld({ most }: { most: { resets: number } }): fc.Arbitrary<World> {
  return fc
    .constantFrom(15, 30, 60)
    .chain((interval) => fc.record({ interval: fc.constant(interval), grid: anyGrid(interval) }))
    .chain(({ interval, grid }) => {
      const time = fc.double({ min: grid.start - 3 * grid.stepSeconds, max: endOf(grid), noNaN: true });
      const times = (maxLength: number) =>
        fc.array(time, { maxLength }).map((all) => all.toSorted((a, b) => a - b));
      return fc.record({
        events: times(40),
        resets: times(most.resets),
        before: fc.constantFrom(0, 3, 500),
        scrapes: anyScrapes(interval, grid),
        grid: fc.constant(grid),
      });
    });
}

const QUIET = anyWorld({ most: { resets: 0 } });
const WITH_RESETS = anyWorld({ most: { resets: 3 } });

describe('the events of each step', () => {
  it('are exactly those that the scrapes of the step are the first to show, without a reset', () => {
    fc.assert(
      fc.property(QUIET, (world) => {
        expect(countedByStep(world)).toEqual(shownByStep(world));
      }),
      { numRuns: 500 },
    );
  });

  it('are never more than the scrapes show, never negative, and unknown only without a scrape', () => {
    fc.assert(
      fc.property(WITH_RESETS, (world) => {
        const shown = shownByStep(world);
        for (const [step, count] of countedByStep(world).entries()) {
          const most = shown[step];
          expect(isKnown(count)).toBe(isKnown(most));
          if (!isKnown(count)) continue;
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(most ?? 0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('lack after a reset only those between the last scrape before the reset and the reset', () => {
    let clear = 0;
    fc.assert(
      fc.property(WITH_RESETS, (world) => {
        const shown = shownByStep(world);
        for (const [step, count] of countedByStep(world).entries()) {
          if (!isKnown(count) || !isClear(world, step)) continue;
          expect(count).toBe(shown[step]);
          const [from = 0, ...own] = scrapesBehind(world, step);
          if (world.resets.some((reset) => reset > from && reset <= (own.at(-1) ?? 0))) clear += 1;
        }
      }),
      { numRuns: 1000 },
    );
    expect(clear).toBeGreaterThan(50);
  });

  it('are counted in the first step after a gap of hours', () => {
    const grid: Grid = { start: START, stepSeconds: 300, count: 48 };
    const scrapes = Array.from({ length: 250 }, (_, index) => START - 290 + index * 60);
    const events = [START + 30, START + 4000, START + 8000, START + 10_000];
    const without = scrapes.filter((time) => time < START + 3600 || time > START + 9000);
    const counted = countedByStep({ events, resets: [], before: 7, scrapes: without, grid });
    const steps = [...counted.entries()].filter(([, count]) => count > 0);
    expect(steps).toEqual([
      [0, 1],
      [30, 2],
      [33, 1],
    ]);
    expect(counted.slice(12, 30)).toEqual(unknownValues(18));
    // The process restarted in the gap: only what it counted since then is known.
    const restarted = { events, resets: [START + 5000], before: 7, scrapes: without, grid };
    expect(sum(countedByStep(restarted))).toBe(3);
  });

  it('of a counter that appears in the period are those after its first scrape', () => {
    expect(
      countAll(1, [series(null, null, 5, 7)], [series(null, null, 5, 7)], [series(null, null, 4, 6)]),
    ).toEqual([series(null, 1, 2)]);
  });

  it('of a counter that appears and is reset in the same step are those after the reset', () => {
    // 5000, 5001, 0, 2: nothing is known about the 5000.
    const [only] = countAll(1, [series(null, 2)], [series(null, 5001)], [series(null, 0)]);
    expect(only?.values).toEqual(Float64Array.of(2));
  });

  it('are too few if a counter is reset and exceeds its old value in one step', () => {
    // 2 before the step; 5, 0, 10 in it: the values do not show three of the 13 events.
    expect(countAll(1, [series(2, 10)], [series(2, 10)], [series(2, 0)])).toEqual([series(10)]);
  });

  it('are empty for a counter that exists only in the leading step', () => {
    const before = [series(3, null, null)];
    expect(countAll(1, before, before, before)).toEqual([]);
  });
});

describe('two adjacent periods', () => {
  it('both lack the events of a gap across their border that is longer than the leading steps', () => {
    const scrapes = [START - 650, START - 610, START + 20, START + 80];
    const world = { events: [START - 200, START + 50], resets: [], before: 0, scrapes };
    const grid: Grid = { start: START, stepSeconds: 300, count: 4 };
    expect(sum(countedByStep({ ...world, grid: { ...grid, start: START - 1200 } }))).toBe(0);
    expect(sum(countedByStep({ ...world, grid }))).toBe(1);
    // With longer steps, the leading steps contain the earlier value.
    expect(sum(countedByStep({ ...world, grid: { ...grid, stepSeconds: 350 } }))).toBe(2);
  });

  it('together count each event that a scrape shows once, if a scrape shortly precedes both', () => {
    const split = fc.integer({ min: 1, max: 24 });
    const otherStep = fc.integer({ min: 61, max: 900 });
    let compared = 0;
    fc.assert(
      fc.property(QUIET, split, otherStep, (world, at, stepSeconds) => {
        const { grid, events, scrapes } = world;
        fc.pre(at < grid.count);
        const start = grid.start + at * grid.stepSeconds;
        const count = Math.floor((endOf(grid) - start) / stepSeconds);
        const grids: Grid[] = [
          { ...grid, count: at },
          { start, stepSeconds, count },
        ];
        const together = sum(grids.flatMap((one) => [...countedByStep({ ...world, grid: one })]));
        const shown = events.filter((event) => {
          const scrape = scrapes.find((time) => time >= event) ?? Infinity;
          return (
            scrapes.some((time) => time < event) &&
            scrape > grid.start &&
            scrape <= start + count * stepSeconds
          );
        });
        expect(together).toBeLessThanOrEqual(shown.length);
        // A period knows the earlier value of a counter only from its leading steps.
        const isComplete = grids.every(
          (one) =>
            scrapes.every((time) => time > one.start) ||
            scrapes.some((time) => time > lookBackStart(one) && time <= one.start),
        );
        if (!isComplete) return;
        compared += 1;
        expect(together).toBe(shown.length);
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

type Process = { labels: Series['labels']; samples: readonly CounterSample[] };

/** A querier that answers for the values and resets of counters as Prometheus does, and adds the queries to `asked`. */
function askOver(processes: readonly Process[], asked: string[] = []): EventQuerier {
  const levelIn = (template: string): Level => {
    const [, level] = /\b(last|max|min)_over_time\(counter\{\$agents\}\[\$step\]\)/.exec(template) ?? [];
    if (level === undefined) throw new Error(`no level: ${template}`);
    return level as Level;
  };
  return {
    range: async (template, grid, durations) => {
      asked.push(template);
      expect(durations.step).toBe(grid.stepSeconds);
      return processes.flatMap(({ labels, samples }) => {
        const values = levelsOn(samples, grid, levelIn(template));
        return hasValues(values) ? [{ labels, values }] : [];
      });
    },
    instant: async (template, time, { period }): Promise<Sample[]> => {
      asked.push(template);
      expect(template).toBe('sum(resets(counter{$agents}[$period]))');
      const drops = processes.map(({ samples }) => {
        const within = samples.filter((one) => one.time > time - period && one.time <= time);
        return within.filter(({ value }, index) => value < (within[index - 1]?.value ?? 0)).length;
      });
      return [{ labels: {}, value: drops.reduce((all, one) => all + one, 0) }];
    },
  };
}

const gatheredFrom = (ask: EventQuerier, grid: Grid) =>
  gatherEvents(ask, {
    counter: 'counter{$agents}',
    splitBy: ['operation'],
    period: { end: endOf(grid) },
    grid,
    durations: { ...DURATIONS, step: grid.stepSeconds, period: endOf(grid) - grid.start },
  });

describe('gathering events', () => {
  it('queries the values of each process and each value of splitBy', async () => {
    const asked: string[] = [];
    const grid: Grid = { start: START, stepSeconds: 300, count: 3 };
    const samples = [-100, 100, 400, 700].map((time) => ({ time: START + time, value: time + 100 }));
    const labels = { instance: 'a', operation: 'add' };
    expect(await gatheredFrom(askOver([{ labels, samples }], asked), grid)).toEqual([
      { labels, values: Float64Array.of(200, 300, 300) },
    ]);
    // Without a reset, the last values suffice for processes that existed before.
    expect(asked).toEqual([
      'max by ($target, operation) (last_over_time(counter{$agents}[$step]))',
      'sum(resets(counter{$agents}[$period]))',
    ]);
  });

  it.each<QueryErrorKind>(['too-large', 'too-many-series', 'timeout'])(
    'counts as if there were resets if the server does not count them: "%s"',
    async (kind) => {
      const asked: string[] = [];
      const grid: Grid = { start: START, stepSeconds: 300, count: 3 };
      const samples = [-100, 100, 400, 700].map((time) => ({ time: START + time, value: time + 100 }));
      const labels = { instance: 'a', operation: 'add' };
      const querier = askOver([{ labels, samples }], asked);
      const refuse = async () => {
        throw new QueryError(kind, 'no');
      };
      expect(await gatheredFrom({ ...querier, instant: refuse }, grid)).toEqual([
        { labels, values: Float64Array.of(200, 300, 300) },
      ]);
      expect(asked).toHaveLength(3);
    },
  );

  it('also queries the highest and lowest values if a counter appears or is reset', async () => {
    const grid: Grid = { start: START, stepSeconds: 300, count: 2 };
    const worlds: [number, number][][] = [
      [
        [100, 1],
        [200, 5],
        [400, 7],
      ],
      [
        [-100, 1],
        [200, 5],
        [400, 2],
      ],
    ];
    const counts = worlds.map(async (values) => {
      const asked: string[] = [];
      const samples = values.map(([time, value]) => ({ time: START + time, value }));
      const found = await gatheredFrom(askOver([{ labels: { instance: 'a' }, samples }], asked), grid);
      expect(asked).toHaveLength(4);
      return found[0]?.values;
    });
    expect(await Promise.all(counts)).toEqual([Float64Array.of(4, 2), Float64Array.of(4, 2)]);
  });

  it('notices a reset between the last scrape before the first step and the first scrape in it', async () => {
    const grid: Grid = { start: START, stepSeconds: 300, count: 1 };
    const samples = [
      { time: START - 10, value: 2 },
      { time: START + 50, value: 1 },
      { time: START + 290, value: 5 },
    ];
    const [found] = await gatheredFrom(askOver([{ labels: { instance: 'a' }, samples }]), grid);
    expect(found?.values).toEqual(Float64Array.of(5));
  });

  it('counts each process as if it had queried all values', async () => {
    const worlds = fc.record({
      grid: anyGrid(60),
      worlds: fc.array(WITH_RESETS, { minLength: 1, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(worlds, async ({ grid, worlds: own }) => {
        const processes = own.map((world, index) => ({
          labels: { instance: `node-${index}`, operation: 'add' },
          samples: samplesOf(world),
        }));
        const found = await gatheredFrom(askOver(processes), grid);
        const expected = own.flatMap((world, index) => {
          const values = countedByStep({ ...world, grid });
          const labels = processes[index]?.labels ?? {};
          return hasValues(values) ? [{ labels, values }] : [];
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe('two replicas that scrape the same process at different times', () => {
  /** Merges the answers of replicas as a querier does. */
  const merging = (
    asks: readonly EventQuerier[],
    preferred: (time: number) => readonly number[],
  ): EventQuerier => ({
    range: async (template, grid, durations) =>
      mergeSeries(
        await Promise.all(asks.map((ask) => ask.range(template, grid, durations))),
        grid,
        preferred,
      ),
    instant: async (template, time, durations) =>
      mergeSamples(await Promise.all(asks.map((ask) => ask.instant(template, time, durations)))),
  });

  it('count every event once, in the step in which the preferred replica shows it', async () => {
    const other = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    const both = QUIET.chain((world) =>
      fc.record({ world: fc.constant(world), scrapes: anyScrapes(45, world.grid), order: other }),
    );
    await fc.assert(
      fc.asyncProperty(both, async ({ world, scrapes, order }) => {
        const { grid } = world;
        const labels = { instance: 'node-1', operation: 'add' };
        const replicas = [world, { ...world, scrapes }];
        const asks = replicas.map((one) => askOver([{ labels, samples: samplesOf(one) }]));
        const preferred = (time: number) => (order.at(stepAt(grid, time)) ? [1, 0] : [0, 1]);
        const found = await gatheredFrom(merging(asks, preferred), grid);
        // In each step, the scrapes of the best-ranked replica that has any count.
        const kept = replicas.flatMap((one, index) =>
          scrapesSeen(one).filter((time) => {
            const end = grid.start + (stepAt(grid, time) + 1) * grid.stepSeconds;
            const [counts] = preferred(end).filter((replica) =>
              scrapesSeen(replicas[replica] ?? one).some(
                (scrape) => stepAt(grid, scrape) === stepAt(grid, time),
              ),
            );
            return counts === index;
          }),
        );
        const merged = { ...world, scrapes: kept.toSorted((a, b) => a - b) };
        const expected = shownByStep(merged);
        expect(found).toEqual(hasValues(expected) ? [{ labels, values: expected }] : []);
      }),
      { numRuns: 300 },
    );
  });
});
