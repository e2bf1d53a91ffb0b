import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { COMPONENTS } from '../model/indicator.ts';
import { type Grid, isKnown, type Series } from '../model/series.ts';
import { GatherError, QueryError, type QueryErrorKind } from './errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from './source.ts';

/**
 * A capture is one file with the answers to all queries of a report, so that the report can be made away from a cluster
 * without outside access. It is gzip-compressed JSON: metric values, their labels as they are (names of nodes and Pods,
 * and addresses if `instance` is one), and the settings that determine the queries. It contains neither the address of
 * Prometheus nor any header or secret.
 */
const CAPTURE_FORMAT = 'antrea-health-report/capture';
const CAPTURE_VERSION = 2;

/**
 * Limit for the uncompressed text, so that a small file cannot fill the memory. A capture of 300 nodes and one day has
 * about half of it.
 */
const LARGEST_CAPTURE_BYTES = 256 * 1024 ** 2;

/** Unix seconds up to the year 5138, which a JavaScript Date can represent. */
const time = z.number().int().min(0).max(1e11);
const seconds = z.number().int().positive().max(1e9);

const failure = z.object({ error: z.object({ kind: z.string(), message: z.string() }) });
const labels = z.record(z.string(), z.string());
const rangeAnswer = z.object({
  series: z.array(z.object({ labels, values: z.array(z.number().nullable()) })),
  warnings: z.array(z.string()),
});
const instantAnswer = z.object({
  samples: z.array(z.object({ labels, value: z.number() })),
  warnings: z.array(z.string()),
});

const settingsSchema = z.object({
  cluster: z.string(),
  period: z.object({ start: time, end: time }).refine(({ start, end }) => start < end),
  timeZone: z.string(),
  /** What the user set; `null` if it was planned or measured. */
  stepSeconds: seconds.nullable(),
  scrapeIntervalSeconds: seconds.nullable(),
  targetSettings: z.object({
    jobs: z.partialRecord(z.enum(COMPONENTS), z.array(z.string()).readonly()),
    matchers: z.record(z.enum([...COMPONENTS, 'others']), labels),
    nodeLabels: z.partialRecord(z.enum(COMPONENTS), z.string()),
  }),
});

const captureSchema = z.object({
  format: z.literal(CAPTURE_FORMAT),
  version: z.literal(CAPTURE_VERSION),
  recordedAt: z.iso.datetime(),
  generatorVersion: z.string(),
  ...settingsSchema.shape,
  range: z.record(z.string(), z.union([rangeAnswer, failure])),
  instant: z.record(z.string(), z.union([instantAnswer, failure])),
});

type CaptureFile = z.infer<typeof captureSchema>;

/** The settings that determine the queries. A report made from a capture must use those of its recording. */
export type CaptureSettings = z.infer<typeof settingsSchema>;

/** `recordedAt` is ISO 8601. */
export type Capture = { settings: CaptureSettings; recordedAt: string; source: Source };

const rangeKey = (query: string, grid: Grid) => `${grid.start}+${grid.count}x${grid.stepSeconds} ${query}`;
const instantKey = (query: string, time: number) => `${time} ${query}`;

type Recorder = {
  /** Passes queries on and keeps every answer, failures included. */
  source: Source;
  /**
   * Returns the bytes of a capture file with all answers so far.
   * @param recordedAt ISO 8601
   * @throws GatherError if the file would be too large to be opened again
   */
  encode(settings: CaptureSettings, recordedAt: string, generatorVersion: string): Promise<Uint8Array>;
};

/** @param largestBytes limit for the uncompressed file; tests lower it */
export function record(source: Source, largestBytes = LARGEST_CAPTURE_BYTES): Recorder {
  const range: CaptureFile['range'] = {};
  const instant: CaptureFile['instant'] = {};
  return {
    source: {
      kind: source.kind,
      range: (query, grid) =>
        keepAnswer(range, rangeKey(query, grid), () => source.range(query, grid), toRecorded),
      instant: (query, time) =>
        keepAnswer(
          instant,
          instantKey(query, time),
          () => source.instant(query, time),
          (answer) => answer,
        ),
    },
    async encode(settings, recordedAt, generatorVersion) {
      const file: CaptureFile = {
        format: CAPTURE_FORMAT,
        version: CAPTURE_VERSION,
        recordedAt,
        generatorVersion,
        ...settings,
        range,
        instant,
      };
      return promisify(gzip)(stringify(file, largestBytes), { level: 9 });
    },
  };
}

function stringify(file: CaptureFile, largestBytes: number): string {
  const problem = `the capture would exceed the limit of ${largestBytes / 1024 ** 2} MiB; capture a shorter period, or set a longer step`;
  let text: string;
  try {
    text = JSON.stringify(file);
  } catch (error) {
    // V8 limits a string to half a gigabyte.
    if (error instanceof RangeError) throw new GatherError(problem, { cause: error });
    throw error;
  }
  if (Buffer.byteLength(text) > largestBytes) throw new GatherError(problem);
  return text;
}

type RecordedRange = z.infer<typeof rangeAnswer>;

/** JSON has no NaN, so an unknown value is recorded as `null`. */
function toRecorded({ series, warnings }: RangeAnswer): RecordedRange {
  const values = (one: Series) => Array.from(one.values, (value) => (isKnown(value) ? value : null));
  return { series: series.map((one) => ({ labels: { ...one.labels }, values: values(one) })), warnings };
}

function fromRecorded({ series, warnings }: RecordedRange): RangeAnswer {
  return {
    series: series.map(({ labels, values }) => ({
      labels,
      values: Float64Array.from(values, (value) => value ?? Number.NaN),
    })),
    warnings,
  };
}

async function keepAnswer<T extends RangeAnswer | InstantAnswer, Recorded extends { warnings: string[] }>(
  answers: Record<string, Recorded | z.infer<typeof failure>>,
  key: string,
  ask: () => Promise<T>,
  toFile: (answer: T) => Recorded,
): Promise<T> {
  try {
    const answer = await ask();
    answers[key] = { ...toFile(answer), warnings: answer.warnings.map(withoutAddresses) };
    return answer;
  } catch (error) {
    if (error instanceof QueryError)
      answers[key] = { error: { kind: error.kind, message: withoutAddresses(error.message) } };
    throw error;
  }
}

/** Messages name the server and the servers behind it, which the people who receive a capture need not know. */
function withoutAddresses(text: string): string {
  return text
    .replace(/https?:\/\/[^\s"'<>()]+/gi, '[address]')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]');
}

/**
 * Opens a capture file.
 * @param name what messages call the file
 * @throws GatherError if the bytes are not a capture, or one of a version that this program cannot read
 */
export async function openCapture(bytes: Uint8Array, name: string): Promise<Capture> {
  const file = readCapture(await unpack(bytes, name), name);
  const { format, version, recordedAt, generatorVersion, range, instant, ...settings } = file;
  const rangeKeys = new Map(Object.keys(range).map((key) => [withoutNames(key), key]));
  const missing = () =>
    new QueryError(
      'not-captured',
      `the capture, recorded by version ${generatorVersion}, has no answer to this query; record it again`,
    );
  return {
    recordedAt,
    settings,
    source: {
      kind: 'capture',
      async range(query, grid) {
        const wanted = rangeKey(query, grid);
        // A list of metric names grows with the catalog; the recorded answer holds for the names that it has.
        const key = range[wanted] === undefined ? (rangeKeys.get(withoutNames(wanted)) ?? wanted) : wanted;
        const answer = fromRecorded(replay(range[key], missing));
        const recordedNames = new Set(namesIn(key));
        const missingNames = namesIn(wanted).filter((metric) => !recordedNames.has(metric));
        if (answer.series.some(({ values }) => values.length !== grid.count))
          throw new GatherError(`${name} is damaged: an answer has more or fewer points than its query`);
        if (missingNames.length === 0) return answer;
        const warning = `the capture, recorded by version ${generatorVersion}, lacks ${[...new Set(missingNames)].join(', ')}`;
        return { ...answer, warnings: [...answer.warnings, warning] };
      },
      instant: async (query, time) => replay(instant[instantKey(query, time)], missing),
    },
  };
}

/** A matcher that lists metric names, as in the queries of the metric reference. */
const NAME_LIST = /__name__=~"([\w:|]+)"/g;

const withoutNames = (key: string): string => key.replace(NAME_LIST, '__name__=~""');

const namesIn = (key: string): string[] =>
  [...key.matchAll(NAME_LIST)].flatMap(([, names = '']) => names.split('|'));

async function unpack(bytes: Uint8Array, name: string): Promise<unknown> {
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_CAPTURE_BYTES });
    return JSON.parse(text.toString('utf8'));
  } catch (error) {
    throw new GatherError(
      (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? `${name} exceeds the limit of ${LARGEST_CAPTURE_BYTES / 1024 ** 2} MiB for captures`
        : `${name} is not a capture: it is not gzip-compressed JSON, or it is cut off`,
      { cause: error },
    );
  }
}

function readCapture(content: unknown, name: string): CaptureFile {
  const parsed = captureSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { format, version } = (content ?? {}) as Record<string, unknown>;
  if (format === CAPTURE_FORMAT && typeof version === 'number' && version !== CAPTURE_VERSION)
    throw new GatherError(
      `${name} is a capture of version ${version}; this program reads version ${CAPTURE_VERSION}${version < CAPTURE_VERSION ? ', so record it again' : ''}`,
    );
  // Only the first key of the path: the next one may be a query of many lines.
  const key = String(parsed.error.issues[0]?.path[0] ?? 'all of it');
  throw new GatherError(`${name} is not a capture of this program (wrong content: ${key})`);
}

function replay<T extends object>(
  answer: T | z.infer<typeof failure> | undefined,
  missing: () => QueryError,
): T {
  if (answer === undefined) throw missing();
  if ('error' in answer) throw new QueryError(answer.error.kind as QueryErrorKind, answer.error.message);
  return answer as T;
}
