import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { COMPONENTS } from '../model/indicator.ts';
import type { Grid } from '../model/series.ts';
import type { TargetSettings } from '../model/survey.ts';
import { GatherError, QueryError, type QueryErrorKind } from './errors.ts';
import type { InstantAnswer, RangeAnswer, Source } from './source.ts';

/**
 * A capture: the answers of one report's questions in one file, so that a cluster without a way out can be reported
 * on elsewhere. Gzip JSON. It holds metric values, their labels as they are (names of
 * nodes and Pods, and addresses where `instance` is one) and the settings of the questions; not where Prometheus is, no
 * header, no secret.
 */
const CAPTURE_FORMAT = 'antrea-health-report/capture';
const CAPTURE_VERSION = 2;

/** Of the text inside; a day of 300 nodes has about half of it. Keeps a small file from filling the memory. */
const LARGEST_CAPTURE_BYTES = 256 * 1024 ** 2;

/** Unix seconds, up to the year 5138: what a date can be made of. */
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

const captureSchema = z.object({
  format: z.literal(CAPTURE_FORMAT),
  version: z.literal(CAPTURE_VERSION),
  recordedAt: z.iso.datetime(),
  generatorVersion: z.string(),
  cluster: z.string(),
  period: z.object({ start: time, end: time }).refine(({ start, end }) => start < end),
  timeZone: z.string(),
  stepSeconds: seconds.nullable(),
  scrapeIntervalSeconds: seconds.nullable(),
  targetSettings: z.object({
    jobs: z.partialRecord(z.enum(COMPONENTS), z.array(z.string())),
    matchers: z.record(z.enum([...COMPONENTS, 'others']), labels),
    nodeLabels: z.partialRecord(z.enum(COMPONENTS), z.string()),
  }),
  range: z.record(z.string(), z.union([rangeAnswer, failure])),
  instant: z.record(z.string(), z.union([instantAnswer, failure])),
});

type CaptureFile = z.infer<typeof captureSchema>;

/** What a capture was recorded of; a report made from it must ask the same. */
export type CaptureSettings = {
  cluster: string;
  period: { start: number; end: number };
  timeZone: string;
  /** What the user had set; null where it was planned from the period. */
  stepSeconds: number | null;
  scrapeIntervalSeconds: number | null;
  targetSettings: TargetSettings;
};

export type Capture = { settings: CaptureSettings; recordedAt: string; source: Source };

const rangeKey = (query: string, grid: Grid) => `${grid.start}+${grid.count}x${grid.stepSeconds} ${query}`;
const instantKey = (query: string, time: number) => `${time} ${query}`;

/**
 * Passes questions on to a source and keeps every answer, failures included, for `encode`, which throws a GatherError
 * where that has become more than can be opened again.
 * @param largestBytes tests make it small
 */
export function record(
  source: Source,
  largestBytes = LARGEST_CAPTURE_BYTES,
): {
  source: Source;
  encode(settings: CaptureSettings, recordedAt: string, generatorVersion: string): Promise<Uint8Array>;
} {
  const range: CaptureFile['range'] = {};
  const instant: CaptureFile['instant'] = {};
  return {
    source: {
      kind: source.kind,
      range: (query, grid) => keep(range, rangeKey(query, grid), () => source.range(query, grid)),
      instant: (query, time) => keep(instant, instantKey(query, time), () => source.instant(query, time)),
    },
    async encode(settings, recordedAt, generatorVersion) {
      const file: CaptureFile = {
        format: CAPTURE_FORMAT,
        version: CAPTURE_VERSION,
        recordedAt,
        generatorVersion,
        ...structuredClone({
          ...settings,
          targetSettings: settings.targetSettings as CaptureFile['targetSettings'],
        }),
        range,
        instant,
      };
      return promisify(gzip)(textOf(file, largestBytes), { level: 9 });
    },
  };
}

function textOf(file: CaptureFile, largestBytes: number): string {
  const problem = `the capture would hold more than ${largestBytes / 1024 ** 2} MiB, more than a capture may; capture a shorter period, or set a longer step`;
  let text: string;
  try {
    text = JSON.stringify(file);
  } catch (error) {
    // Half a gigabyte, more than a string can have.
    if (error instanceof RangeError) throw new GatherError(problem, { cause: error });
    throw error;
  }
  if (Buffer.byteLength(text) > largestBytes) throw new GatherError(problem);
  return text;
}

async function keep<T extends RangeAnswer | InstantAnswer>(
  kept: Record<string, T | z.infer<typeof failure>>,
  key: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await ask();
    kept[key] = { ...answer, warnings: answer.warnings.map(withoutAddresses) };
    return answer;
  } catch (error) {
    if (error instanceof QueryError)
      kept[key] = { error: { kind: error.kind, message: withoutAddresses(error.message) } };
    throw error;
  }
}

/** Messages name the server, and the server those behind it; a capture goes to people whom these do not concern. */
function withoutAddresses(text: string): string {
  return text
    .replace(/https?:\/\/[^\s"'<>()]+/gi, '[address]')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]');
}

/**
 * Reads a capture file's bytes.
 * @throws GatherError when they are no capture, or one of a version that this program does not know
 */
export async function openCapture(bytes: Uint8Array, name: string): Promise<Capture> {
  let content: unknown;
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_CAPTURE_BYTES });
    content = JSON.parse(text.toString('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new GatherError(
        `${name} holds more than ${LARGEST_CAPTURE_BYTES / 1024 ** 2} MiB, more than a capture may`,
      );
    throw new GatherError(`${name} is not a capture: it is not gzip-compressed JSON, or it is cut off`, {
      cause: error,
    });
  }
  const parsed = captureSchema.safeParse(content);
  if (!parsed.success) {
    const { format, version } = (content ?? {}) as Record<string, unknown>;
    throw new GatherError(
      format === CAPTURE_FORMAT && typeof version === 'number' && version !== CAPTURE_VERSION
        ? `${name} is a capture of version ${version}; this program reads version ${CAPTURE_VERSION}${version < CAPTURE_VERSION ? ', so record it again' : ''}`
        : // Of the place only its beginning: the rest may be a query of many lines.
          `${name} is not a capture of this program (wrong content: ${String(parsed.error.issues[0]?.path[0] ?? 'all of it')})`,
    );
  }
  const { range, instant, recordedAt, generatorVersion, cluster, period, timeZone, targetSettings } =
    parsed.data;
  const { stepSeconds, scrapeIntervalSeconds } = parsed.data;
  const missing = () =>
    new QueryError(
      'not-captured',
      `the capture, recorded by version ${generatorVersion}, does not hold this query; record it again`,
    );
  return {
    recordedAt,
    settings: { cluster, period, timeZone, stepSeconds, scrapeIntervalSeconds, targetSettings },
    source: {
      kind: 'capture',
      async range(query, grid) {
        const answer = replay(range[rangeKey(query, grid)], missing);
        if (answer.series.some(({ values }) => values.length !== grid.count))
          throw new GatherError(`${name} is damaged: an answer has more or fewer points than its question`);
        return answer;
      },
      instant: async (query, time) => replay(instant[instantKey(query, time)], missing),
    },
  };
}

function replay<T extends object>(
  kept: T | z.infer<typeof failure> | undefined,
  missing: () => QueryError,
): T {
  if (kept === undefined) throw missing();
  if ('error' in kept) throw new QueryError(kept.error.kind as QueryErrorKind, kept.error.message);
  return kept as T;
}
