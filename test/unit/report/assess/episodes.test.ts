import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findEpisodes,
  type GridEpisode,
  mergeEpisodes,
  worstEpisode,
} from '../../../../src/report/assess/episodes.ts';
import type { Threshold } from '../../../../src/report/model/indicator.ts';
import { valuesOf } from '../../../fixtures/values.ts';
import { points } from './notation.ts';

const SAMPLING = { stepSeconds: 300, bridgedPoints: 2, sharingPoints: 1 };

function episodesIn(notation: string, threshold: Partial<Threshold>, sampling = {}) {
  return findEpisodes(points(notation), { forSeconds: 0, ...threshold }, { ...SAMPLING, ...sampling });
}

/** Formats the points of episodes as '1-3 7-7', both ends included. */
function format(episodes: readonly GridEpisode[]): string {
  return episodes.map(({ first, last }) => `${first}-${last}`).join(' ');
}

describe('the episodes beyond a threshold', () => {
  it.each<[string, string, Partial<Threshold>, string]>([
    ['values above the bound', '1 9 9 1 9', { above: 5 }, '1-2 4-4'],
    ['none for a value that equals "above"', '5 5 5', { above: 5 }, ''],
    ['a value that equals "at least"', '4 5 4', { atLeast: 5 }, '1-1'],
    ['values below the bound', '2 1 0 1', { below: 1 }, '2-2'],
    ['exactly as long as the threshold requires', '1 9 9 9 1', { above: 5, forSeconds: 900 }, '1-3'],
    ['none if a step shorter', '1 9 9 1 9 9', { above: 5, forSeconds: 900 }, ''],
    ['one point, if less than a step is required', '1 9 1', { above: 5, forSeconds: 299 }, '1-1'],
    ['only those that last', '9 1 9 9 1', { above: 5, forSeconds: 600 }, '2-3'],
    ['over missing points', '9 _ _ 9', { above: 5 }, '0-3'],
    ['not over too many missing points', '9 _ _ _ 9', { above: 5 }, '0-0 4-4'],
    ['without missing points at the edges', '_ 9 _ 1', { above: 5, forSeconds: 600 }, ''],
    ['none among missing points', '_x5', { below: 1 }, ''],
  ])('are %s', (_, notation, threshold, expected) => {
    expect(format(episodesIn(notation, threshold))).toBe(expected);
  });

  it('compare with the usual level before in both directions, without the bounds', () => {
    const episodes = episodesIn('10x3 15 15.1 10 5 4.9', { change: 0.5 });
    expect(format(episodes)).toBe('4-4 7-7');
    expect(episodes.map(({ bound, condition, usual }) => [bound, condition, usual])).toEqual([
      [15, 'above', 10],
      [5, 'below', 10],
    ]);
  });

  it('treat a lasting change as a change until the end, even if it lasts longer than the old level', () => {
    const [episode, ...others] = episodesIn('10x9 16x60', { change: 0.5 });
    expect(others).toEqual([]);
    expect(episode).toMatchObject({ first: 9, last: 68, usual: 10, ongoing: true });
  });

  it('follow a level that drifts', () => {
    const drifting = Array.from({ length: 190 }, (_, index) => 100 + index).join(' ');
    expect(episodesIn(drifting, { change: 0.5 })).toEqual([]);
  });

  it('begin after the usual level is known: after an hour, or an eighth of a short report', () => {
    expect(format(episodesIn('10x11 20 10x276', { change: 0.5 }))).toBe('');
    expect(format(episodesIn('10x12 20 10x275', { change: 0.5 }))).toBe('12-12');
    expect(format(episodesIn('10x4 20 10x35', { change: 0.5 }))).toBe('');
    expect(format(episodesIn('10x5 20 10x34', { change: 0.5 }))).toBe('5-5');
  });

  it('take the usual level from the period before if the subject is known for half of it', () => {
    const foundAfter = (before: string) =>
      format(findEpisodes(points('30x288'), { forSeconds: 900, change: 0.5 }, SAMPLING, points(before)));
    expect(foundAfter('10x288')).toBe('0-287');
    expect(foundAfter('_x144 10x144')).toBe('0-287');
    // A node that joined in the evening and filled during the night.
    expect(foundAfter('_x264 10x24')).toBe('');
    expect(foundAfter('_x288')).toBe('');
  });

  it('require both a high level and a rise if the threshold has both', () => {
    expect(format(episodesIn('10x3 16 30', { above: 20, rise: 0.5 }))).toBe('4-4');
    expect(format(episodesIn('30x3 31 46', { above: 20, rise: 0.5 }))).toBe('4-4');
  });

  it('do not include a change from 0', () => {
    expect(episodesIn('0x5 7', { change: 0.5 })).toEqual([]);
    expect(episodesIn('_x5 7', { change: 0.5 })).toEqual([]);
    expect(episodesIn('_x5 7', { above: 5, rise: 0.5 })).toEqual([]);
    // With an additional bound, any value after 0 is a rise.
    expect(episodesIn('0x5 7', { above: 5, rise: 0.5 })).toMatchObject([{ first: 5, bound: 5 }]);
  });

  it('have the value furthest beyond the bound, which is the lowest below a bound', () => {
    expect(worstEpisode(episodesIn('1 7 9 8 1 6', { above: 5 }))).toMatchObject({
      worst: 9,
      bound: 5,
      condition: 'above',
    });
    expect(worstEpisode(episodesIn('9 2 0 1 9', { below: 5 }))).toMatchObject({
      worst: 0,
      bound: 5,
      condition: 'below',
    });
    expect(worstEpisode(episodesIn('240 241', { atLeast: 240 }))).toMatchObject({
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
  ])('of %j are ongoing: %s', (notation, ongoing) => {
    expect(episodesIn(notation, { above: 5 }).at(-1)?.ongoing).toBe(ongoing);
  });

  it('count separate moments, not the points that show one', () => {
    const threshold = { above: 0, times: 3 };
    expect(format(episodesIn('1 0 1 0 0', threshold))).toBe('');
    expect(format(episodesIn('1 0 1 1 0', threshold))).toBe('0-0 2-3');
    // A look-back of four steps shows each moment four times.
    expect(format(episodesIn('1x4 0 1x4 0', threshold, { sharingPoints: 4 }))).toBe('');
    expect(format(episodesIn('1x4 0 1x4 0 1x4', threshold, { sharingPoints: 4 }))).toBe('0-3 5-8 10-13');
  });

  it('do not last if many points show one moment', () => {
    const threshold = { above: 5, forSeconds: 600 };
    expect(format(episodesIn('1 9 9 9 1', threshold, { sharingPoints: 3 }))).toBe('');
    expect(format(episodesIn('1 9 9 9 9 1', threshold, { sharingPoints: 3 }))).toBe('1-4');
  });

  it('consist of points beyond the threshold and missing ones, and none could be longer', () => {
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
          const episodes = findEpisodes(valuesOf(values), threshold, sampling);
          const isBad = (index: number) => (values[index] ?? 0) > 6;
          const covered = new Set<number>();
          for (const { first, last, worst } of episodes) {
            const own = values.slice(first, last + 1);
            expect(isBad(first) && isBad(last)).toBe(true);
            expect(own.every((one) => one === null || one > 6)).toBe(true);
            expect(worst).toBe(Math.max(...own.map((one) => one ?? 0)));
            expect(own.length).toBeGreaterThanOrEqual(forSteps);
            // Neither neighbour beyond at most `bridgedPoints` missing points is beyond the threshold.
            const before = values.slice(0, first).findLastIndex((one) => one !== null);
            const next = values.findIndex((one, index) => index > last && one !== null);
            expect(isBad(before) && first - before - 1 <= bridgedPoints).toBe(false);
            expect(next >= 0 && isBad(next) && next - last - 1 <= bridgedPoints).toBe(false);
            for (let index = first; index <= last; index += 1) {
              expect(covered.has(index)).toBe(false);
              covered.add(index);
            }
          }
          // A point beyond the threshold is missing only if it did not last.
          if (forSteps <= 1)
            for (const index of values.keys()) expect(isBad(index) && !covered.has(index)).toBe(false);
        },
      ),
    );
  });

  it('of several series are merged without losing or inventing a point', () => {
    const episode = fc
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
    const covered = (episodes: readonly GridEpisode[]) =>
      new Set(
        episodes.flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        ),
      );
    fc.assert(
      fc.property(fc.array(episode, { maxLength: 12 }), (episodes) => {
        const merged = mergeEpisodes(episodes);
        expect(covered(merged)).toEqual(covered(episodes));
        for (const [index, one] of merged.entries())
          expect(one.first).toBeGreaterThan((merged[index - 1]?.last ?? -2) + 1);
        expect(worstEpisode(merged)?.worst).toBe(worstEpisode(episodes)?.worst);
        expect(merged.some(({ ongoing }) => ongoing)).toBe(episodes.some(({ ongoing }) => ongoing));
      }),
    );
  });
});
