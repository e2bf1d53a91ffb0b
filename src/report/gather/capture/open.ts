import type { AnswerLimits } from '../bounds.ts';
import { GatherError } from '../errors.ts';
import type { InstantAnswer, RangeAnswer } from '../source.ts';
import { damaged, parseLine, readInstant, readRange } from './answer-lines.ts';
import { decodeFooter, FOOTER_BYTES } from './footer.ts';
import { CAPTURE_FORMAT, CAPTURE_VERSION, type Capture, type CaptureHead, headSchema } from './format.ts';
import { readBytes, readLines } from './members.ts';
import { replay } from './replay.ts';

/**
 * Opens a capture. Only its index is held in memory; each answer is read from the file when it is asked for.
 * @param file the file, which must stay as it is; no handle of it stays open
 * @param name what messages call the file
 * @throws GatherError if the file is not a capture, or one of a version that this program cannot read
 */
export async function openCapture(file: Blob, name: string): Promise<Capture> {
  const { format, version, recordedAt, generatorVersion, ...settings } = await readHead(file, name);
  return { recordedAt, settings, source: replay(await readIndex(file, name), generatorVersion) };
}

/** @throws GatherError if the file does not begin with the head of a capture */
async function readHead(file: Blob, name: string): Promise<CaptureHead> {
  const content = await readFirstLine(file, name);
  const { format, version } = (content ?? {}) as Record<string, unknown>;
  if (format !== CAPTURE_FORMAT || typeof version !== 'number')
    throw new GatherError(
      `${name} is not a capture: it is not gzip-compressed, it is cut off, or an early version of this program recorded it`,
    );
  if (version !== CAPTURE_VERSION)
    throw new GatherError(
      `${name} is a capture of version ${version}; this program reads version ${CAPTURE_VERSION}, so record it again`,
    );
  const parsed = headSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  // Only the first key of the path: the next one may be a query of many lines.
  const key = String(parsed.error.issues[0]?.path[0] ?? 'all of it');
  throw new GatherError(`${name} is not a capture of this program (wrong content: ${key})`);
}

/** Returns the first line as JSON; `undefined` if the file has none. */
async function readFirstLine(file: Blob, name: string): Promise<unknown> {
  try {
    for await (const line of readLines(file, name)) return JSON.parse(line);
  } catch (error) {
    if (!(error instanceof GatherError || error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

type Answers = {
  range: Map<string, (count: number, limits?: AnswerLimits) => Promise<RangeAnswer>>;
  instant: Map<string, (limits?: AnswerLimits) => Promise<InstantAnswer>>;
};

/**
 * Reads the index. The lengths of the members must add up to the place of the index, so that it cannot have more lines
 * than the file has room for.
 */
async function readIndex(file: Blob, name: string): Promise<Answers> {
  const indexEnd = file.size - FOOTER_BYTES;
  const indexOffset = decodeFooter(await readBytes(file.slice(Math.max(0, indexEnd)), name));
  if (indexOffset === null) throw damaged(name, 'it is cut off');
  const answers: Answers = { range: new Map(), instant: new Map() };
  let offset = 0;
  for await (const line of readLines(file.slice(indexOffset, indexEnd), name)) {
    const { bytes, ...member } = parseLine(line, name);
    const isLength = typeof bytes === 'number' && Number.isInteger(bytes) && bytes > 0;
    if (!isLength || offset + bytes > indexOffset) throw damaged(name, WRONG_INDEX);
    const [start, end] = [offset, offset + bytes];
    addAnswer(answers, member, () => readLines(file.slice(start, end), name), name);
    offset = end;
  }
  if (offset !== indexOffset) throw damaged(name, WRONG_INDEX);
  return answers;
}

const WRONG_INDEX = 'the content of its index is wrong';

function addAnswer(
  answers: Answers,
  member: Record<string, unknown>,
  open: () => AsyncIterable<string>,
  name: string,
): void {
  const { head, range, instant } = member;
  if (typeof range === 'string')
    answers.range.set(range, (count, limits) =>
      readRange(open(), { name: { range }, count, limits, fileName: name }),
    );
  else if (typeof instant === 'string')
    answers.instant.set(instant, (limits) =>
      readInstant(open(), { name: { instant }, limits, fileName: name }),
    );
  else if (head !== true) throw damaged(name, WRONG_INDEX);
}
