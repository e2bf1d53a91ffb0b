import type { Facts, PeriodScrapes } from '../../model/gathered.ts';
import { COMPONENTS } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import {
  isKnown,
  knownValues,
  labelKey,
  type Series,
  type TargetData,
  unknownValues,
} from '../../model/series.ts';
import { type ComponentSubject, subjectKey, subjectOf, sumOf } from '../subjects.ts';
import { expectedScrapes } from './expected-scrapes.ts';
import { findGaps, firstAttempt, type Gap, type Presence } from './gaps.ts';

/** `process_start_time_seconds` may differ by up to a second between scrapes (client_golang#289). */
const SAME_START_SECONDS = 60;

/** The scrapes of one subject over the period. */
export type TargetHistory = ComponentSubject & {
  node: string;
  instances: string[];
  /** Names of its Pods, the newest last; empty if unknown. */
  pods: string[];
  presence: Presence;
  /** Whether it should have been scraped at a point of the grid. */
  isExpected: (index: number) => boolean;
  gaps: Gap[];
  /** Process starts in Unix seconds, including the first one seen. */
  starts: number[];
  /** The starts in the period without the first one seen. */
  restarts: number[];
};

/** What is known of the targets beyond the period. */
export type CoverageContext = {
  pods: Facts['pods'];
  /** False: the server has no data of these targets from before the period. */
  hasEarlierData: boolean;
  /** Whether the presence of the targets is drawn. */
  isDrawn: boolean;
};

/** Returns the history of each subject, in the order of their keys. */
export function readTargetHistories(
  data: PeriodScrapes,
  targets: TargetData,
  gapSeconds: number,
  context: CoverageContext,
): TargetHistory[] {
  const { grid, period } = data;
  const bySubject = (all: readonly Series[]) =>
    Map.groupBy(all, ({ labels }) => subjectKey(subjectOf(labels, COMPONENTS)));
  const successes = bySubject(targets.successes);
  const startTimes = bySubject(targets.startTimes);
  const expectedByJob = expectedScrapes(targets.attempts, grid);
  const serverBegin = firstScrape(targets);

  return [...bySubject(targets.attempts)]
    .sort(([a], [b]) => compareNames(a, b))
    .flatMap(([key, all]) => {
      // A subject has several series when its Pod was recreated.
      const oldestFirst = all.toSorted(compareAges);
      const newest = oldestFirst.at(-1);
      const attempts = addUp(oldestFirst, grid.count);
      const begin = firstAttempt(attempts);
      if (!newest || begin < 0) return [];
      const starts = findStarts(startTimes.get(key) ?? []).map((time) => Math.min(time, period.end));
      // Before its first scrape a target may not have existed yet, unless its process started earlier.
      const [oldestStart = Infinity] = starts;
      const running = Math.max(0, Math.ceil((oldestStart - grid.start) / grid.stepSeconds));
      // Before the first scrape of any target nothing was expected, unless the server has earlier data.
      const isExpected = (index: number) =>
        index < serverBegin
          ? context.hasEarlierData
          : index >= Math.min(begin, Math.max(running, serverBegin));

      const succeeded = addUp(successes.get(key) ?? [], grid.count);
      const expected = expectedByJob.get(newest.labels['job'] ?? '');
      const presence = attempts.map((count, index) => {
        if (!isKnown(count)) return Number.NaN;
        const complete = expected?.[index] ?? 1;
        // The step in which a target was added contains fewer scrapes.
        const wanted = index === begin && !isExpected(index - 1) ? Math.min(count, complete) : complete;
        const answered = succeeded[index];
        return Math.min(1, (isKnown(answered) ? answered : 0) / wanted);
      });
      return [
        {
          ...subjectOf(newest.labels, COMPONENTS),
          node: newest.labels['node'] ?? '',
          instances: [...new Set(oldestFirst.map(({ labels }) => labels['instance'] ?? ''))],
          pods: findPods(oldestFirst, context.pods),
          presence,
          isExpected,
          gaps: findGaps(presence, data, gapSeconds, isExpected),
          starts,
          // What preceded the first process is unknown, so its start is not a restart.
          restarts: starts.slice(1).filter((time) => time > period.start),
        },
      ];
    });
}

/** Returns the point at which any target was first scraped, or Infinity. */
export function firstScrape({ attempts }: TargetData): number {
  const firsts = attempts.map(({ values }) => firstAttempt(values)).filter((index) => index >= 0);
  return Math.min(...firsts, Infinity);
}

/** Returns the Pods of a subject, the newest last: from the labels of its targets, or else from Kubernetes. */
function findPods(all: readonly Series[], pods: Facts['pods']): string[] {
  const labelled = all.flatMap(({ labels }) => labels['pod'] || labels['instance']?.split(';')[1] || []);
  if (labelled.length > 0) return [...new Set(labelled)];
  const { component, subject } = subjectOf(all[0]?.labels ?? {}, COMPONENTS);
  if (component === 'controller') return [...new Set(Object.values(pods.controller).flat())];
  // A node can be called "constructor", which every object has.
  return Object.hasOwn(pods.agent, subject) ? [...new Set(pods.agent[subject])] : [];
}

function compareAges(a: Series, b: Series): number {
  return (
    firstAttempt(a.values) - firstAttempt(b.values) || compareNames(labelKey(a.labels), labelKey(b.labels))
  );
}

function addUp(all: readonly Series[], count: number): Float64Array {
  return all.reduce(
    (sums, { values }) => sums.map((sum, index) => sumOf(sum, values[index] as number)),
    unknownValues(count),
  );
}

/** Returns the distinct process starts in Unix seconds, in order. */
function findStarts(startTimes: readonly Series[]): number[] {
  const times = startTimes.flatMap(({ values }) => [...new Set(knownValues(values))]);
  const distinct: number[] = [];
  for (const time of times.sort((a, b) => a - b))
    if (time - (distinct.at(-1) ?? -Infinity) > SAME_START_SECONDS) distinct.push(time);
  return distinct;
}
