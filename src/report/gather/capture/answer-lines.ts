import { isLabels, type Sample, type Series } from '../../model/series.ts';
import { type AnswerLimits, openRoom, type Room } from '../bounds.ts';
import { GatherError, QueryError, type QueryErrorKind } from '../errors.ts';
import type { InstantAnswer, RangeAnswer } from '../source.ts';
import { type AnswerHead, type AnswerName, failureSchema } from './format.ts';

/**
 * Writes answers as lines of JSON, and reads them. Their shape is checked by hand rather than with a schema library,
 * since an answer can contain a million values.
 */

/** Yields the lines of an answer: the query and the warnings, then the series. */
export function* linesOfRange(name: AnswerName, { series, warnings }: RangeAnswer): Generator<string> {
  yield JSON.stringify({ ...name, warnings } satisfies AnswerHead);
  for (const { labels, values } of series)
    yield `{"labels":${JSON.stringify(labels)},"values":[${numbersText(values)}]}`;
}

/** Yields the lines of an answer: the query and the warnings, then the samples. */
export function* linesOfInstant(name: AnswerName, { samples, warnings }: InstantAnswer): Generator<string> {
  yield JSON.stringify({ ...name, warnings } satisfies AnswerHead);
  for (const { labels, value } of samples)
    yield `{"labels":${JSON.stringify(labels)},"value":${numberText(value)}}`;
}

function numbersText(values: Float64Array): string {
  let text = '';
  for (let index = 0; index < values.length; index += 1)
    text += `${index === 0 ? '' : ','}${numberText(values[index] ?? Number.NaN)}`;
  return text;
}

/** JSON has no NaN; an unknown value is `null`. JavaScript writes -0 as "0", which would be another number. */
function numberText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return Number.isFinite(value) ? String(value) : 'null';
}

type Lines = AsyncIterable<string>;

/** Which answer is read. */
type Wanted = {
  /** The query that the index has at this place. */
  name: AnswerName;
  /** What messages call the file. */
  fileName: string;
  limits?: AnswerLimits | undefined;
};

/**
 * Reads the answer to a range query.
 * @param wanted `count` is the number of points of the query
 * @throws QueryError if the query failed when it was recorded, or if the answer is too large
 * @throws GatherError if the lines are anything else
 */
export async function readRange(lines: Lines, wanted: Wanted & { count: number }): Promise<RangeAnswer> {
  const { count, fileName } = wanted;
  const room = openRoom(wanted.limits);
  const series: Series[] = [];
  const warnings = await readAnswer(lines, wanted, (line) => {
    const { labels, values } = line;
    room.takeSeries(count);
    if (!Array.isArray(values) || values.length !== count)
      throw damaged(fileName, 'an answer has more or fewer points than its query');
    const known = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      const value: unknown = values[index];
      if (value !== null && !isNumber(value)) throw damaged(fileName, WRONG_CONTENT);
      known[index] = value ?? Number.NaN;
    }
    series.push({ labels: checkLabels(labels, room, fileName), values: known });
  });
  return { series, warnings };
}

/** Reads the answer to an instant query, with the errors of `readRange`. */
export async function readInstant(lines: Lines, wanted: Wanted): Promise<InstantAnswer> {
  const { fileName, limits } = wanted;
  const room = openRoom(limits);
  const samples: Sample[] = [];
  const warnings = await readAnswer(lines, wanted, ({ labels, value }) => {
    room.takeSeries(1);
    if (!isNumber(value)) throw damaged(fileName, WRONG_CONTENT);
    samples.push({ labels: checkLabels(labels, room, fileName), value });
  });
  return { samples, warnings };
}

const WRONG_CONTENT = 'the content of an answer is wrong';

export function damaged(fileName: string, what: string, cause?: unknown): GatherError {
  return new GatherError(`${fileName} is damaged: ${what}`, { cause });
}

/** Returns the warnings and passes the other lines to `onLine`. */
async function readAnswer(
  lines: Lines,
  { name, fileName }: Wanted,
  onLine: (line: Record<string, unknown>) => void,
): Promise<string[]> {
  let warnings: string[] | undefined;
  for await (const text of lines) {
    const line = parseLine(text, fileName);
    if (warnings === undefined) warnings = readHead(line, name, fileName);
    else onLine(line);
  }
  if (warnings === undefined) throw damaged(fileName, WRONG_CONTENT);
  return warnings;
}

function readHead(head: Record<string, unknown>, wanted: AnswerName, fileName: string): string[] {
  if (Object.entries(wanted).some(([kind, key]) => head[kind] !== key))
    throw damaged(fileName, 'an answer is not where the index says');
  const { warnings, error } = head;
  const failure = failureSchema.safeParse(error);
  if (failure.success) throw new QueryError(failure.data.kind as QueryErrorKind, failure.data.message);
  if (!Array.isArray(warnings) || !warnings.every((warning) => typeof warning === 'string'))
    throw damaged(fileName, WRONG_CONTENT);
  return warnings;
}

/** @throws GatherError if the line is not a JSON object */
export function parseLine(line: string, fileName: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw damaged(fileName, 'a line is not JSON', error);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw damaged(fileName, 'a line is not a JSON object');
  return parsed as Record<string, unknown>;
}

function checkLabels(labels: unknown, room: Room, fileName: string): Series['labels'] {
  if (!isLabels(labels)) throw damaged(fileName, WRONG_CONTENT);
  room.takeLabels(Object.entries(labels).reduce((sum, [name, value]) => sum + name.length + value.length, 0));
  return labels;
}

/** JSON.parse turns a number such as 1e999 into Infinity. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
