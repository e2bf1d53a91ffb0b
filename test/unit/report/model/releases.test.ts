import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  compareReleases,
  complementOf,
  intersectRanges,
  isUnmodified,
  type ReleaseRange,
  rangeOf,
  releaseOf,
  tagOf,
} from '../../../../src/report/model/releases.ts';

/** All releases of a small world, in order; numbers above 9 show that they are not compared as texts. */
const RELEASES = [
  '0.0.0',
  ...['1.9', '1.10', '2.0'].flatMap((minor) => [0, 2, 10].map((patch) => `${minor}.${patch}`)),
];

const isIn = (ranges: readonly ReleaseRange[], index: number) =>
  ranges.some(({ since, before }) => {
    const end = before === null ? RELEASES.length : RELEASES.indexOf(before);
    return index >= RELEASES.indexOf(since) && index < end;
  });

/** Ranges in order and without overlaps: between the first and second of the chosen releases, the third and fourth, … */
const ranges = fc.subarray(RELEASES).map((chosen) =>
  Array.from(
    { length: Math.ceil(chosen.length / 2) },
    (_, index): ReleaseRange => ({
      since: chosen[2 * index] ?? '',
      before: chosen[2 * index + 1] ?? null,
    }),
  ),
);

describe('ranges of releases', () => {
  it('are compared number by number', () => {
    expect(RELEASES.toSorted(compareReleases)).toEqual(RELEASES);
    expect(RELEASES.toReversed().toSorted(compareReleases)).toEqual(RELEASES);
  });

  test('an intersection has the releases that are in both', () => {
    fc.assert(
      fc.property(ranges, ranges, (some, others) => {
        const both = intersectRanges(some, others);
        for (const index of RELEASES.keys())
          expect(isIn(both, index)).toBe(isIn(some, index) && isIn(others, index));
      }),
    );
  });

  test('a complement has the releases that are in none', () => {
    fc.assert(
      fc.property(ranges, (some) => {
        const others = complementOf(some);
        for (const index of RELEASES.keys()) expect(isIn(others, index)).toBe(!isIn(some, index));
      }),
    );
  });

  it('has one release in the range of a release', () => {
    expect(rangeOf('2.5.9')).toEqual({ since: '2.5.9', before: '2.5.10' });
  });
});

describe('tags of images', () => {
  it.each([
    ['antrea/antrea-agent-ubuntu:v2.5.1', 'v2.5.1', '2.5.1', true],
    ['registry.example:5000/antrea/antrea-ubuntu:v1.13.0', 'v1.13.0', '1.13.0', true],
    ['antrea/antrea-agent-ubuntu:2.6.3@sha256:0123', '2.6.3', '2.6.3', true],
    // Builds of vendors, which may have other changes.
    ['example.com/antrea:v2.5.1_vendor.2', 'v2.5.1_vendor.2', '2.5.1', false],
    ['antrea/antrea-agent-ubi:v2.5.1-ubi', 'v2.5.1-ubi', '2.5.1', false],
    // What is none of the releases.
    ['antrea/antrea-agent-ubuntu:latest', 'latest', null, null],
    ['antrea/antrea-agent-ubuntu:v2.8.0-beta.0', 'v2.8.0-beta.0', null, null],
    ['antrea/antrea-agent-ubuntu:v2.8.0-dev-1a2b3c', 'v2.8.0-dev-1a2b3c', null, null],
    ['antrea/antrea-agent-ubuntu:v2.8', 'v2.8', null, null],
    // Without a tag.
    ['registry.example:5000/antrea/antrea-ubuntu', '', null, null],
    ['antrea/antrea-ubuntu@sha256:0123', '', null, null],
    [`sha256:${'0'.repeat(64)}`, '', null, null],
    ['antrea/antrea-ubuntu:v1\u202e', '', null, null],
    ['', '', null, null],
  ])('%s', (image, tag, release, isRelease) => {
    expect(tagOf(image)).toBe(tag);
    expect(releaseOf(tag)).toBe(release);
    if (release !== null) expect(isUnmodified(tag, release)).toBe(isRelease);
  });
});
