import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findEpisodes,
  type GridEpisode,
  mergeEpisodes,
  worstEpisode,
} from '../../../../src/report/assess/episodes.ts';
import type { Threshold } from '../../../../src/report/model/indicator.ts';
import { points } from './notation.ts';

const SAMPLING = { stepSeconds: 300, bridgedPoints: 2, sharingPoints: 1 };

function runsIn(notation: string, threshold: Partial<Threshold>, sampling = {}) {
  return findEpisodes(points(notation), { forSeconds: 0, ...threshold }, { ...SAMPLING, ...sampling });
}

/** '1-3 7-7': the points of runs, both ends included. */
function stretches(runs: readonly GridEpisode[]): string {
  return runs.map(({ first, last }) => `${first}-${last}`).join(' ');
}

describe('where a threshold is breached', () => {
  it.each<[string, string, Partial<Threshold>, string]>([
    ['values above the bound', '1 9 9 1 9', { above: 5 }, '1-2 4-4'],
    ['not a value that equals "above"', '5 5 5', { above: 5 }, ''],
    ['a value that equals "at least"', '4 5 4', { atLeast: 5 }, '1-1'],
    ['values below the bound, not at it', '2 1 0 1', { below: 1 }, '2-2'],
    ['for exactly as long as it must hold', '1 9 9 9 1', { above: 5, forSeconds: 900 }, '1-3'],
    ['not for a step less', '1 9 9 1 9 9', { above: 5, forSeconds: 900 }, ''],
    ['one point, where less than a step is asked for', '1 9 1', { above: 5, forSeconds: 299 }, '1-1'],
    ['only the runs that last', '9 1 9 9 1', { above: 5, forSeconds: 600 }, '2-3'],
    ['over missing points', '9 _ _ 9', { above: 5 }, '0-3'],
    ['not over too many of them', '9 _ _ _ 9', { above: 5 }, '0-0 4-4'],
    ['not with missing points at its edges', '_ 9 _ 1', { above: 5, forSeconds: 600 }, ''],
    ['nothing among missing points', '_x5', { below: 1 }, ''],
  ])('finds %s', (_, notation, threshold, expected) => {
    expect(stretches(runsIn(notation, threshold))).toBe(expected);
  });

  it('compares with what was usual before, in both directions, bounds not included', () => {
    const runs = runsIn('10x3 15 15.1 10 5 4.9', { change: 0.5 });
    expect(stretches(runs)).toBe('4-4 7-7');
    expect(runs.map(({ bound, condition, usual }) => [bound, condition, usual])).toEqual([
      [15, 'above', 10],
      [5, 'below', 10],
    ]);
  });

  it('takes a change that stays for a change to the end, however much longer than the old level it lasts', () => {
    const [run, ...others] = runsIn('10x9 16x60', { change: 0.5 });
    expect(others).toEqual([]);
    expect(run).toMatchObject({ first: 9, last: 68, usual: 10, ongoing: true });
  });

  it('follows a level that drifts', () => {
    const drifting = Array.from({ length: 190 }, (_, index) => 100 + index).join(' ');
    expect(runsIn(drifting, { change: 0.5 })).toEqual([]);
  });

  it('calls nothing unusual before it knows what is usual: an hour, or an eighth of a short report', () => {
    expect(stretches(runsIn('10x11 20 10x276', { change: 0.5 }))).toBe('');
    expect(stretches(runsIn('10x12 20 10x275', { change: 0.5 }))).toBe('12-12');
    expect(stretches(runsIn('10x4 20 10x35', { change: 0.5 }))).toBe('');
    expect(stretches(runsIn('10x5 20 10x34', { change: 0.5 }))).toBe('5-5');
  });

  it('takes what was usual from the period before, where that knows the subject for half of its time', () => {
    const foundAfter = (before: string) =>
      stretches(findEpisodes(points('30x288'), { forSeconds: 900, change: 0.5 }, SAMPLING, points(before)));
    expect(foundAfter('10x288')).toBe('0-287');
    expect(foundAfter('_x144 10x144')).toBe('0-287');
    // A node that joined in the evening and filled up in the night.
    expect(foundAfter('_x264 10x24')).toBe('');
    expect(foundAfter('_x288')).toBe('');
  });

  it('wants both a high level and a rise where both are named', () => {
    expect(stretches(runsIn('10x3 16 30', { above: 20, rise: 0.5 }))).toBe('4-4');
    expect(stretches(runsIn('30x3 31 46', { above: 20, rise: 0.5 }))).toBe('4-4');
  });

  it('knows of no change from nothing', () => {
    expect(runsIn('0x5 7', { change: 0.5 })).toEqual([]);
    expect(runsIn('_x5 7', { change: 0.5 })).toEqual([]);
    expect(runsIn('_x5 7', { above: 5, rise: 0.5 })).toEqual([]);
    // With a bound beside it, something after nothing is a rise.
    expect(runsIn('0x5 7', { above: 5, rise: 0.5 })).toMatchObject([{ first: 5, bound: 5 }]);
  });

  it('tells the value furthest beyond the bound, which below a bound is the lowest', () => {
    expect(worstEpisode(runsIn('1 7 9 8 1 6', { above: 5 }))).toMatchObject({
      worst: 9,
      bound: 5,
      condition: 'above',
    });
    expect(worstEpisode(runsIn('9 2 0 1 9', { below: 5 }))).toMatchObject({
      worst: 0,
      bound: 5,
      condition: 'below',
    });
    expect(worstEpisode(runsIn('240 241', { atLeast: 240 }))).toMatchObject({
      worst: 241,
      condition: 'at-least',
    });
  });

  it.each([
    ['9', true],
    ['1 9', true],
    ['9 9 _', true],
    ['9 9 _ _', false],
    ['9 9 1', false],
    ['9 _ 1', false],
  ])('of %j, says that it still holds at the end: %s', (notation, ongoing) => {
    expect(runsIn(notation, { above: 5 }).at(-1)?.ongoing).toBe(ongoing);
  });

  it('counts separate moments, not the points that show one', () => {
    const threshold = { above: 0, times: 3 };
    expect(stretches(runsIn('1 0 1 0 0', threshold))).toBe('');
    expect(stretches(runsIn('1 0 1 1 0', threshold))).toBe('0-0 2-3');
    // A look-back of four steps shows each moment four times.
    expect(stretches(runsIn('1x4 0 1x4 0', threshold, { sharingPoints: 4 }))).toBe('');
    expect(stretches(runsIn('1x4 0 1x4 0 1x4', threshold, { sharingPoints: 4 }))).toBe('0-3 5-8 10-13');
  });

  it('does not take one moment that many points show for something that lasts', () => {
    const threshold = { above: 5, forSeconds: 600 };
    expect(stretches(runsIn('1 9 9 9 1', threshold, { sharingPoints: 3 }))).toBe('');
    expect(stretches(runsIn('1 9 9 9 9 1', threshold, { sharingPoints: 3 }))).toBe('1-4');
  });

  it('holds for any values: runs are made of breached and missing points only, and none could be longer', () => {
    const value = fc.option(fc.integer({ min: 0, max: 10 }));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 60 }),
        fc.record({
          bridgedPoints: fc.integer({ min: 0, max: 4 }),
          forSteps: fc.integer({ min: 0, max: 4 }),
        }),
        (values, { bridgedPoints, forSteps }) => {
          const sampling = { stepSeconds: 300, bridgedPoints, sharingPoints: 1 };
          const threshold = { above: 6, forSeconds: forSteps * 300 };
          const runs = findEpisodes(values, threshold, sampling);
          const isBad = (index: number) => (values[index] ?? 0) > 6;
          const covered = new Set<number>();
          for (const { first, last, worst } of runs) {
            const own = values.slice(first, last + 1);
            expect(isBad(first) && isBad(last)).toBe(true);
            expect(own.every((one) => one === null || one > 6)).toBe(true);
            expect(worst).toBe(Math.max(...own.map((one) => one ?? 0)));
            expect(own.length).toBeGreaterThanOrEqual(forSteps);
            // Neither neighbour beyond at most `bridgedPoints` missing points is breached.
            const before = values.slice(0, first).findLastIndex((one) => one !== null);
            const next = values.findIndex((one, index) => index > last && one !== null);
            expect(isBad(before) && first - before - 1 <= bridgedPoints).toBe(false);
            expect(next >= 0 && isBad(next) && next - last - 1 <= bridgedPoints).toBe(false);
            for (let index = first; index <= last; index += 1) {
              expect(covered.has(index)).toBe(false);
              covered.add(index);
            }
          }
          // No breached point is lost but for want of duration.
          if (forSteps <= 1)
            for (const index of values.keys()) expect(isBad(index) && !covered.has(index)).toBe(false);
        },
      ),
    );
  });

  it('merges the runs of several lines without losing or inventing a point', () => {
    const run = fc
      .tuple(fc.nat(40), fc.nat(6), fc.integer({ min: 1, max: 99 }), fc.boolean())
      .map(([first, length, beyond, ongoing]): GridEpisode => {
        return {
          first,
          last: first + length,
          worst: 5 - beyond,
          beyond,
          bound: 5,
          condition: 'below',
          usual: null,
          ongoing,
        };
      });
    const covered = (runs: readonly GridEpisode[]) =>
      new Set(
        runs.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        ),
      );
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), (runs) => {
        const merged = mergeEpisodes(runs);
        expect(covered(merged)).toEqual(covered(runs));
        for (const [index, one] of merged.entries())
          expect(one.first).toBeGreaterThan((merged[index - 1]?.last ?? -2) + 1);
        expect(worstEpisode(merged)?.worst).toBe(worstEpisode(runs)?.worst);
        expect(merged.some(({ ongoing }) => ongoing)).toBe(runs.some(({ ongoing }) => ongoing));
      }),
    );
  });
});
