import type { AntreaImages, RunningVersion, Upgrade } from '../../model/antrea-version.ts';
import type { GatheredImages } from '../../model/gathered.ts';
import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import { WORKLOADS } from '../../model/product.ts';
import { releaseOf, tagOf } from '../../model/releases.ts';
import { type Grid, isKnown, labelOf, type Series } from '../../model/series.ts';
import { pointAt, toInstant } from '../../model/time.ts';

/** Upper bounds on what a report lists, since the tags come from outside; a cluster has one or two of each. */
const MOST_VERSIONS = 20;
const MOST_UPGRADES = 20;

/** Pods by point of the grid, 0 where there are none. */
type Counts = Float64Array;

/** Returns which versions ran and when they changed; `null` if there is no container of Antrea. */
export function runningVersions(grid: Grid, series: readonly Series[]): AntreaImages | null {
  const byComponent = COMPONENTS.map((component) => ({
    component,
    counts: countByTag(
      series.filter((one) => componentOf(one) === component),
      grid,
    ),
  }));
  const versions = byComponent
    .flatMap(({ component, counts }) => [...counts].map(([tag, pods]) => versionOf(component, tag, pods)))
    .sort(compareVersions);
  if (versions.length === 0) return null;
  const upgrades = byComponent.flatMap(({ component, counts }) => upgradesOf(component, counts, grid));
  return {
    versions: versions.slice(0, MOST_VERSIONS),
    upgrades: upgrades.sort((a, b) => a.start.localeCompare(b.start)).slice(0, MOST_UPGRADES),
  };
}

/** Returns the versions and upgrades of an answer, or why they are unknown. */
export function imagesOf(answer: GatheredImages | null): { images?: AntreaImages; imagesReason?: string } {
  if (answer === null) return {};
  const { grid, counts } = answer;
  if (!counts.ok) return { imagesReason: counts.reason };
  const images = runningVersions(grid, counts.value);
  return images === null ? {} : { images };
}

function componentOf({ labels }: Series): Component | undefined {
  const names = [labelOf(labels, 'container'), labelOf(labels, 'exported_container')];
  return COMPONENTS.find((component) => names.includes(WORKLOADS[component]));
}

function countByTag(series: readonly Series[], { count }: Grid): Map<string, Counts> {
  const byTag = new Map<string, Counts>();
  for (const { labels, values } of series) {
    // image_spec is what the Pod's author wrote; a container runtime may report the digest as the image.
    const tag = tagOf(labelOf(labels, 'image_spec')) || tagOf(labelOf(labels, 'image'));
    const counts = byTag.get(tag) ?? new Float64Array(count);
    for (const [index, value] of values.entries())
      counts[index] = (counts[index] ?? 0) + (isKnown(value) ? Math.max(0, Math.round(value)) : 0);
    byTag.set(tag, counts);
  }
  for (const [tag, counts] of byTag) if (!counts.some((pods) => pods > 0)) byTag.delete(tag);
  return byTag;
}

function versionOf(component: Component, tag: string, pods: Counts): RunningVersion {
  const podsAtEnd = Math.min(Number.MAX_SAFE_INTEGER, pods.at(-1) ?? 0);
  return { component, tag, release: releaseOf(tag), podsAtEnd };
}

function compareVersions(a: RunningVersion, b: RunningVersion): number {
  return (
    COMPONENTS.indexOf(a.component) - COMPONENTS.indexOf(b.component) ||
    b.podsAtEnd - a.podsAtEnd ||
    compareNames(b.tag, a.tag)
  );
}

/**
 * Returns the upgrades of a component: a tag appears while, at the point before, only others were there. Points without
 * any Pod are skipped, because the controller is stopped before its successor starts, and kube-state-metrics may be
 * restarted itself.
 */
function upgradesOf(component: Component, counts: ReadonlyMap<string, Counts>, grid: Grid): Upgrade[] {
  const upgrades: Upgrade[] = [];
  let before: { index: number; tags: readonly string[] } | null = null;
  for (let index = 0; index < grid.count; index += 1) {
    const podsOf = (tag: string) => counts.get(tag)?.[index] ?? 0;
    const tags = [...counts.keys()].filter((tag) => podsOf(tag) > 0).sort((a, b) => podsOf(b) - podsOf(a));
    if (tags.length === 0) continue;
    const { index: last, tags: earlier } = before ?? { index, tags };
    const [from = ''] = earlier;
    for (const to of tags.filter((tag) => !earlier.includes(tag))) {
      // While Pods of both are there, the only one of the new tag may be absent for a moment.
      if (upgrades.some((upgrade) => upgrade.to === to && upgrade.end === null)) continue;
      upgrades.push({ component, from, to, start: toInstant(pointAt(grid, last)), end: null });
    }
    const isDone = (upgrade: Upgrade) => upgrade.end === null && tags.length === 1 && tags[0] === upgrade.to;
    for (const upgrade of upgrades.filter(isDone)) upgrade.end = toInstant(pointAt(grid, index));
    before = { index, tags };
  }
  return upgrades;
}
