import type { Target } from '../../../model/report.ts';
import type { Context } from '../../kit/context.ts';
import { nodeSet } from '../../kit/node-set.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shortPlace } from '../../kit/place.ts';
import { COVERAGE_WORDS } from './words.ts';

/** The gaps and restarts of one target, or the gaps of all. */
export type GapRow = { place: Phrase; nodes: string; texts: string[] };

type Gap = Target['gaps'][number];

/** The most gaps, and the most restarts, that are listed for one target. */
const LISTED = 3;

/**
 * Returns gaps and restarts in words, of `most` targets, and how many more targets have some. A gap that all targets
 * have is listed once.
 */
export function gapRows(
  context: Context,
  targets: readonly Target[],
  most: number,
): { rows: GapRow[]; more: number } {
  const shared = sharedGaps(targets);
  const everything = context.words.placeShort({ kind: 'everything', component: null, labels: '' });
  const listed = targets
    .map((target) => ({
      target,
      gaps: target.gaps.filter((gap) => !shared.some((other) => isSame(gap, other))),
    }))
    .filter(({ target, gaps }) => gaps.length + target.restarts.length > 0);
  const ofAll =
    shared.length > 0
      ? [{ place: everything, nodes: nodeSet(context, targets), texts: gapTexts(context, shared) }]
      : [];
  const shown = listed.slice(0, most - ofAll.length);
  const ofTargets = shown.map(({ target, gaps }) => ({
    place: shortPlace(context, target),
    nodes: nodeSet(context, [target]),
    texts: [...gapTexts(context, gaps), ...restartTexts(context, target)],
  }));
  return { rows: [...ofAll, ...ofTargets], more: listed.length - shown.length };
}

/** Returns the gaps that all of several targets have. */
function sharedGaps([first, ...others]: readonly Target[]): Gap[] {
  if (first === undefined || others.length === 0) return [];
  return first.gaps.filter((gap) => others.every(({ gaps }) => gaps.some((other) => isSame(gap, other))));
}

/** Gaps are the same if they overlap for more than half of the longer one: targets are scraped at different moments. */
function isSame(a: Gap, b: Gap): boolean {
  const overlap =
    Math.min(Date.parse(a.end), Date.parse(b.end)) - Math.max(Date.parse(a.start), Date.parse(b.start));
  return overlap * 2 > Math.max(lengthOf(a), lengthOf(b));
}

/** Returns the length of a gap in milliseconds. */
function lengthOf({ start, end }: Gap): number {
  return Date.parse(end) - Date.parse(start);
}

function gapTexts({ words: shared, format, language }: Context, gaps: readonly Gap[]): string[] {
  const words = COVERAGE_WORDS[language];
  const texts = gaps.slice(0, LISTED).map((gap) => {
    const range = format.range(gap.start, gap.end);
    return words.gap(range, format.duration(lengthOf(gap) / 1000), words.gapKinds[gap.kind]);
  });
  return gaps.length > LISTED ? [...texts, shared.more(gaps.length - LISTED)] : texts;
}

function restartTexts({ format, language }: Context, { restarts }: Target): string[] {
  if (restarts.length === 0) return [];
  const times = restarts.slice(0, LISTED).map((time) => format.time(time));
  return [COVERAGE_WORDS[language].restarts(times, restarts.length - times.length)];
}
