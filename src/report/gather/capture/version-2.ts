import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { GatherError, QueryError, type QueryErrorKind } from '../errors.ts';
import { damaged } from './answer-lines.ts';
import { CAPTURE_FORMAT, CAPTURE_VERSION, type Capture, failureSchema, headSchema } from './format.ts';
import { readBytes } from './members.ts';
import { type RecordedAnswers, replay } from './replay.ts';

/** Reads captures of version 2: one gzip-compressed JSON document, read into memory. It is no longer written. */

/**
 * Limit for the uncompressed text, so that a small file cannot fill the memory. A capture of 300 nodes and one day has
 * about half of it. The compressed file is never larger than its text.
 */
const LARGEST_BYTES = 256 * 1024 ** 2;

const failure = z.object({ error: failureSchema });
const labels = z.record(z.string(), z.string());
const warnings = z.array(z.string());
const rangeAnswer = z.object({
  series: z.array(z.object({ labels, values: z.array(z.number().nullable()) })),
  warnings,
});
const instantAnswer = z.object({ samples: z.array(z.object({ labels, value: z.number() })), warnings });

const captureSchema = headSchema.extend({
  version: z.literal(2),
  range: z.record(z.string(), z.union([rangeAnswer, failure])),
  instant: z.record(z.string(), z.union([instantAnswer, failure])),
});

/**
 * Opens a capture of version 2.
 * @param name what messages call the file
 * @throws GatherError if the file is anything else
 */
export async function openVersion2(file: Blob, name: string): Promise<Capture> {
  const { format, version, recordedAt, generatorVersion, range, instant, ...settings } = checkContent(
    await unpack(file, name),
    name,
  );
  const answers: RecordedAnswers = {
    range: mapEntries(range, (answer) => async (count: number) => {
      const { series, warnings } = replayAnswer(answer);
      if (series.some(({ values }) => values.length !== count))
        throw damaged(name, 'an answer has more or fewer points than its query');
      const known = series.map(({ labels, values }) => ({
        labels,
        values: Float64Array.from(values, (value) => value ?? Number.NaN),
      }));
      return { series: known, warnings };
    }),
    instant: mapEntries(instant, (answer) => async () => replayAnswer(answer)),
  };
  return { recordedAt, settings, source: replay(answers, generatorVersion) };
}

function mapEntries<From, To>(record: Record<string, From>, make: (from: From) => To): Map<string, To> {
  return new Map(Object.entries(record).map(([key, value]) => [key, make(value)]));
}

function replayAnswer<T extends object>(answer: T | z.infer<typeof failure>): T {
  if ('error' in answer) throw new QueryError(answer.error.kind as QueryErrorKind, answer.error.message);
  return answer as T;
}

async function unpack(file: Blob, name: string): Promise<unknown> {
  const tooLarge = `${name} exceeds the limit of ${LARGEST_BYTES / 1024 ** 2} MiB for captures of version 2`;
  if (file.size > LARGEST_BYTES) throw new GatherError(tooLarge);
  const bytes = await readBytes(file, name);
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_BYTES });
    return JSON.parse(text.toString('utf8'));
  } catch (error) {
    throw new GatherError(
      (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge
        : `${name} is not a capture: it is not gzip-compressed JSON, or it is cut off`,
      { cause: error },
    );
  }
}

function checkContent(content: unknown, name: string): z.infer<typeof captureSchema> {
  const parsed = captureSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { format, version } = (content ?? {}) as Record<string, unknown>;
  if (format === CAPTURE_FORMAT && typeof version === 'number' && version !== 2)
    throw wrongVersion(version, name);
  throw new GatherError(
    `${name} is not a capture of this program (wrong content: ${firstKey(parsed.error)})`,
  );
}

/** The error of a capture that another version of the program made. */
export function wrongVersion(version: number, name: string): GatherError {
  const advice = version < 2 ? ', so record it again' : '';
  return new GatherError(
    `${name} is a capture of version ${version}; this program reads versions 2 and ${CAPTURE_VERSION}${advice}`,
  );
}

/** Only the first key of the path: the next one may be a query of many lines. */
export function firstKey({ issues }: z.ZodError): string {
  return String(issues[0]?.path[0] ?? 'all of it');
}
