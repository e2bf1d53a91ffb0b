/** Releases of Antrea, as three numbers without the v: "2.5.1". */

/** The releases from `since` to the last one before `before`; `null`: without an end. */
export type ReleaseRange = { since: string; before: string | null };

/** All releases there can be. */
export const ALL_RELEASES: readonly ReleaseRange[] = [{ since: '0.0.0', before: null }];

/** Returns a number below 0 if `a` is older than `b`, above 0 if it is newer. */
export function compareReleases(a: string, b: string): number {
  const [partsA = [], partsB = []] = [a, b].map((release) => release.split('.').map(Number));
  const index = partsA.findIndex((part, position) => part !== partsB[position]);
  return index < 0 ? 0 : (partsA[index] ?? 0) - (partsB[index] ?? 0);
}

/** Returns which releases are in both; each list is in order and without overlaps, and so is the result. */
export function intersectRanges(
  some: readonly ReleaseRange[],
  others: readonly ReleaseRange[],
): ReleaseRange[] {
  return some.flatMap((a) =>
    others.flatMap((b) => {
      const since = compareReleases(a.since, b.since) >= 0 ? a.since : b.since;
      const before = earlierEnd(a.before, b.before);
      return before !== null && compareReleases(since, before) >= 0 ? [] : [{ since, before }];
    }),
  );
}

/** Returns which releases are in none of the ranges, which are in order and without overlaps. */
export function complementOf(ranges: readonly ReleaseRange[]): ReleaseRange[] {
  const starts = ['0.0.0', ...ranges.map(({ before }) => before)];
  const ends = [...ranges.map(({ since }) => since), null];
  return starts.flatMap((since, index) => {
    const before = ends[index] ?? null;
    const isEmpty = since === null || (before !== null && compareReleases(since, before) >= 0);
    return isEmpty ? [] : [{ since, before }];
  });
}

/** Returns the range of one release. */
export function rangeOf(release: string): ReleaseRange {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return { since: release, before: `${major}.${minor}.${patch + 1}` };
}

function earlierEnd(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return compareReleases(a, b) <= 0 ? a : b;
}

/**
 * The tag of an image: at most 128 characters
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md, "Pulling manifests").
 */
const TAG = /:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/;

/** Returns the tag of an image: "v2.5.1" for "registry:5000/antrea/antrea-agent-ubuntu:v2.5.1@sha256:…"; or ''. */
export function tagOf(image: string): string {
  const [name = ''] = image.split('@');
  // A container runtime may report only the digest: "sha256:…".
  return name.startsWith('sha256:') ? '' : (name.match(TAG)?.[1] ?? '');
}

/**
 * Returns the release that a tag names; `null` for "latest" and for what precedes a release, such as "v2.8.0-beta.0".
 * A vendor's "v2.5.1-vendor.2" is built from 2.5.1.
 */
export function releaseOf(tag: string): string | null {
  const [, release, rest = ''] = tag.match(/^v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?![\d])(.*)$/) ?? [];
  return release === undefined || /^[-._+]?(?:alpha|beta|rc|dev|pre)/i.test(rest) ? null : release;
}

/** Whether a tag names exactly this release, so that nobody else changed the program. */
export function isUnmodified(tag: string, release: string): boolean {
  return tag.replace(/^v/, '') === release;
}
