import type { GatheredAnswer } from '../model/gathered.ts';
import type { Answer, Series } from '../model/series.ts';
import { QueryError } from './errors.ts';

/**
 * Bounds for what answers take in memory. A report holds several answers at a time, so a server or a capture must not
 * decide how large each of them is.
 */

/** What a series or a sample takes besides its values and labels, in values of 8 bytes. */
const VALUES_PER_SERIES = 16;

/** Limit for one answer, in values: 64 MiB. It is well above what chunked.ts asks for at once. */
const MOST_AT_ONCE = 8 * 1024 ** 2;

/** Limit for all answers to one question, in values: 128 MiB, or eleven series a node for a day of 5,000 nodes. */
const MOST_PER_QUESTION = 16 * 1024 ** 2;

/**
 * Limits for labels, in characters: of one series, of an answer on average, and of an answer. Those of a target have some
 * hundred. Mimir, for example, allows 92,000, in 30 labels (-validation.max-length-label-value and others).
 */
const MOST_LABEL_CHARACTERS = 100_000;
const MOST_MEAN_LABEL_CHARACTERS = 2048;
const MOST_LABEL_CHARACTERS_AT_ONCE = 32 * 1024 ** 2;

/** An indicator has a few series for each target; the rest is for queries that users configure. */
const MOST_SERIES_PER_TARGET = 64;
const MOST_OTHER_SERIES = 1000;

/**
 * With more targets, the survey alone would need gigabytes and minutes. 5,000 nodes whose Pods are recreated five times in
 * the period have fewer.
 */
export const MOST_TARGETS = 30_000;

/** Limits for the text of an answer, in bytes: a time and a value with their quotes, a series besides them, the warnings. */
const MOST_BYTES_PER_POINT = 64;
const MOST_BYTES_PER_SERIES = MOST_MEAN_LABEL_CHARACTERS;
const MOST_OTHER_BYTES = 1024 ** 2;

/** What an answer may have at most. Samples count as series. */
export type AnswerLimits = { series: number; bytes: number };

/**
 * Returns the limits for the answer to a query.
 * @param targets the number of targets; `null` if it is not known yet
 * @param points the number of points of a range query; 1 for an instant query
 */
export function limitsOf(targets: number | null, points: number): AnswerLimits {
  const fitting = Math.floor(MOST_PER_QUESTION / (points + VALUES_PER_SERIES));
  // Antrea's jobs may have other targets, too.
  const sensible = targets === null ? 2 * MOST_TARGETS : MOST_OTHER_SERIES + MOST_SERIES_PER_TARGET * targets;
  const series = Math.min(fitting, sensible);
  return {
    series,
    bytes: MOST_OTHER_BYTES + series * (MOST_BYTES_PER_SERIES + points * MOST_BYTES_PER_POINT),
  };
}

/** The room of one answer while it is read. */
export type Room = {
  /**
   * Takes the room of one more series or sample.
   * @throws QueryError if the answer has more series than it may
   */
  takeSeries(values: number): void;
  /** Takes the room of the labels of one series. */
  takeLabels(characters: number): void;
  /** Takes bytes of the text. */
  takeBytes(bytes: number): void;
};

/** Opens the room of one answer. All of its functions throw a QueryError if the answer is too large. */
export function openRoom(limits?: AnswerLimits): Room {
  const most = limits?.series ?? Number.POSITIVE_INFINITY;
  let series = 0;
  let left = MOST_AT_ONCE;
  let bytesLeft = limits?.bytes ?? Number.POSITIVE_INFINITY;
  let labelsLeft = Math.min(MOST_LABEL_CHARACTERS_AT_ONCE, most * MOST_MEAN_LABEL_CHARACTERS);
  return {
    takeSeries(values) {
      series += 1;
      if (series > most) throw tooManySeries(most);
      left -= values + VALUES_PER_SERIES;
      if (left < 0) throw tooLarge();
    },
    takeLabels(characters) {
      labelsLeft -= characters;
      if (characters > MOST_LABEL_CHARACTERS || labelsLeft < 0)
        throw new QueryError('out-of-bounds', 'the answer has labels that are too long for a report');
    },
    takeBytes(bytes) {
      bytesLeft -= bytes;
      if (bytesLeft < 0) throw tooLong();
    },
  };
}

/** The error of an answer that would need too much memory. A shorter range may be answered. */
export function tooLarge(): QueryError {
  return new QueryError('too-large', 'the answer is too large; choose a longer step');
}

/** The error of an answer whose series cannot be about the targets. It has as many for a shorter range. */
export function tooManySeries(most: number): QueryError {
  return new QueryError(
    'out-of-bounds',
    `the answer has more than ${most} series, which is too many for a report; select one cluster, or aggregate by node`,
  );
}

/** Checks the answers about parts of the targets together. @throws QueryError if they are too large */
export function checkTogether(answers: readonly { values?: Float64Array }[]): void {
  if (sizeOf(answers) > MOST_PER_QUESTION) throw tooManySeries(answers.length);
}

/** Limit for the text of the points of a series. */
export function mostBytesOfPoints(points: number): number {
  return (points + 1) * MOST_BYTES_PER_POINT;
}

/** The error of an answer whose text is longer than its query allows. */
export function tooLong(): QueryError {
  return new QueryError(
    'not-prometheus',
    'the answer is longer than any to this query can be; check whether the address is that of Prometheus',
  );
}

/** Returns the room that an answer takes, in values. */
export function countValues(answer: GatheredAnswer | null): number {
  if (answer?.about === 'alerts') return answer.alerts.ok ? sizeOf(answer.alerts.value.firing) : 0;
  return sizeOf(seriesOf(answer).flatMap((one) => (one?.ok ? one.value : [])));
}

function sizeOf(answers: readonly { values?: Float64Array }[]): number {
  return answers.reduce((sum, { values }) => sum + (values?.length ?? 1) + VALUES_PER_SERIES, 0);
}

function seriesOf(answer: GatheredAnswer | null): (Answer<readonly Series[]> | null)[] {
  if (answer?.about === 'indicator') return [answer.answer];
  if (answer?.about === 'history') return [answer.levels, answer.capacity];
  if (answer?.about !== 'scrapes' || !answer.targets.ok) return [];
  const { attempts, successes, startTimes } = answer.targets.value;
  return [attempts, successes, startTimes].map((value) => ({ ok: true, value }));
}
