import * as z from 'zod';
import { COMPONENTS } from '../../model/indicator.ts';
import type { Grid } from '../../model/series.ts';
import type { Source } from '../source.ts';

/**
 * A capture is one file with the answers to all queries of a report, so that the report can be made away from a cluster
 * without outside access. It contains metric values, their labels as they are (names of nodes and Pods, and addresses if
 * `instance` is one), and the settings that determine the queries. It contains neither the address of Prometheus nor any
 * header or secret.
 *
 * The file is a sequence of gzip members, which `zcat` shows as lines of JSON (docs/decisions/0016-captures.md):
 *
 *   head      one line: CaptureHead
 *   answers   one member each: a line that names the query (AnswerHead), then a line for each series or sample
 *   index     a line for each member above, in their order: IndexLine
 *   footer    an empty member that says where the index begins (footer.ts)
 */
export const CAPTURE_FORMAT = 'antrea-health-report/capture';
export const CAPTURE_VERSION = 3;

/** The live client's limit for an answer, here for each member, so that a small file cannot fill the memory. */
export const LARGEST_MEMBER_BYTES = 256 * 1024 ** 2;

/** A series has at most 11,000 points (gather/plan.ts) of 25 characters; the rest is room for its labels. */
export const LARGEST_LINE_BYTES = 4 * 1024 ** 2;

/** Unix seconds up to the year 5138, which a JavaScript Date can represent. */
const time = z.number().int().min(0).max(1e11);
const seconds = z.number().int().positive().max(1e9);

const settings = z.object({
  cluster: z.string(),
  period: z.object({ start: time, end: time }).refine(({ start, end }) => start < end),
  timeZone: z.string(),
  /** What the user set; `null` if it was planned or measured. */
  stepSeconds: seconds.nullable(),
  scrapeIntervalSeconds: seconds.nullable(),
  targetSettings: z.object({
    jobs: z.partialRecord(z.enum(COMPONENTS), z.array(z.string()).readonly()),
    matchers: z.record(z.enum([...COMPONENTS, 'others']), z.record(z.string(), z.string())),
    nodeLabels: z.partialRecord(z.enum(COMPONENTS), z.string()),
  }),
});

/** What all versions say about themselves. `recordedAt` is ISO 8601. */
export const headSchema = z.object({
  format: z.literal(CAPTURE_FORMAT),
  version: z.number(),
  recordedAt: z.iso.datetime(),
  generatorVersion: z.string(),
  ...settings.shape,
});

export type CaptureHead = z.infer<typeof headSchema>;

/** The settings that determine the queries. A report made from a capture must use those of its recording. */
export type CaptureSettings = z.infer<typeof settings>;

/** `recordedAt` is ISO 8601. */
export type Capture = { settings: CaptureSettings; recordedAt: string; source: Source };

/** The reason why a query has no answer. `kind` is a QueryErrorKind. */
export const failureSchema = z.object({ kind: z.string(), message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** The query of an answer: exactly one of a range query and an instant query, each as its key. */
export type AnswerName = { range: string } | { instant: string };

/** The first line of an answer. */
export type AnswerHead = AnswerName & ({ warnings: readonly string[] } | { error: Failure });

export type MemberName = { head: true } | AnswerName;

/** A member and its length in bytes. Members follow each other without gaps, so their places follow from the lengths. */
export type IndexLine = MemberName & { bytes: number };

export const rangeKey = (query: string, grid: Grid) =>
  `${grid.start}+${grid.count}x${grid.stepSeconds} ${query}`;
export const instantKey = (query: string, time: number) => `${time} ${query}`;
