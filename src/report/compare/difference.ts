import * as z from 'zod';
import { antrea } from '../model/antrea-version.ts';
import { thresholds, VERDICTS } from '../model/report.ts';
import { finding } from '../model/report-rows.ts';
import { component, instant, labels, STATUSES, unit } from '../model/report-values.ts';
import { SHOWN_STATUSES } from '../render/kit/words/facts.ts';

/**
 * The difference of two reports, as `antrea-health diff --format json` prints it. docs/outputs.md describes it, and
 * docs/diff.schema.json is generated from this file. It holds no interface text.
 */

const both = <T extends z.ZodType>(type: T) => z.strictObject({ first: type, second: type });

const coverageSummary = z.strictObject({
  known: z.boolean(),
  seenRatio: z.number().nullable().describe('share of the expected scrapes that succeeded'),
  agentsSeen: z.number().int(),
  agentsAtEnd: z.number().int(),
  agentsDesired: z.number().int().nullable(),
  controllersAtEnd: z.number().int(),
  gaps: z.number().int().describe('gaps of all targets'),
  longestGapSeconds: z.number().describe('0: no gaps'),
  restarts: z.number().int().describe('process starts of all targets'),
});

const comparedReport = z.strictObject({
  id: z.string(),
  cluster: z.string(),
  period: z.strictObject({
    start: instant,
    end: instant,
    timeZone: z.string(),
    stepSeconds: z.number(),
    rateWindowSeconds: z.number(),
  }),
  generatedAt: instant,
  generator: z.strictObject({ name: z.string(), version: z.string() }),
  schemaVersion: z.string().describe('in which it was stored'),
  antrea: antrea.pick({ from: true, before: true }),
  verdict: z.enum(VERDICTS),
  score: z.number().int().nullable().describe('null: it found no Antrea metrics'),
  complete: z.boolean(),
  incidents: z.number().int(),
  coverage: coverageSummary,
});

const comparedFinding = finding
  .omit({ indicator: true, subject: true, component: true, compared: true, weekBefore: true })
  .extend({ explained: z.boolean().describe('true: another finding explains it, so it needs no attention') });

/** Why a report without a finding says nothing about it. */
export const REASONS = [
  'indicator-absent',
  ...STATUSES.filter((status) => status !== 'healthy' && status !== 'warning' && status !== 'critical'),
  'no-thresholds',
  'coverage-unknown',
  'subject-absent',
  'scraped-too-little',
  'no-reading',
] as const;

export const KINDS = ['new', 'worse', 'not-judged', 'better', 'resolved', 'unchanged'] as const;

const findingChange = z.strictObject({
  kind: z
    .enum(KINDS)
    .describe(
      'new, resolved: in one report only, and the other one judged it; not-judged: in one report only, and the other one did not judge it; worse, better, unchanged: in both',
    ),
  reason: z.enum(REASONS).nullable().describe('why the other report did not judge it; null if it did'),
  indicator: z.string().describe('the id of an indicator or of a coverage check'),
  subject: z.string(),
  component: component.nullable(),
  sameThresholds: z.boolean().describe('false: the reports judged it by different thresholds'),
  first: comparedFinding.nullable().describe('the worst finding of the subject; null: none'),
  second: comparedFinding.nullable(),
});

const shown = z.enum(SHOWN_STATUSES).nullable().describe('null: the report does not have the indicator');

const readingChange = z.strictObject({
  indicator: z.string(),
  subject: z
    .string()
    .nullable()
    .describe('null: the median of all subjects, in reports that do not draw each'),
  component: component.nullable(),
  labels,
  unit,
  kind: z.enum(['median', 'total']).describe('median: of a level over the period; total: a count of events'),
  first: z.number(),
  second: z.number(),
});

export const differenceSchema = z
  .strictObject({
    version: z.literal('1'),
    outcome: z
      .enum(['worse', 'unknown', 'same', 'better'])
      .describe(
        'of the second report: worse: something is new or worse; unknown: otherwise, and it did not judge all that the first one did; better: otherwise, and something is better or resolved',
      ),
    reports: both(comparedReport),
    sameCluster: z.boolean(),
    order: z
      .enum(['later', 'earlier', 'overlapping', 'same'])
      .describe('the period of the second report, relative to that of the first'),
    sameLength: z
      .boolean()
      .describe(
        'false: the periods differ in length by more than an hour, so counts and durations are not compared',
      ),
    findings: z
      .array(findingChange)
      .describe('of all subjects and indicators, worst first; also unchanged ones'),
    indicators: z
      .array(z.strictObject({ indicator: z.string(), first: shown, second: shown }))
      .describe('whose status is different'),
    nodes: z.strictObject({
      added: z.array(z.string()),
      removed: z.array(z.string()),
    }),
    readings: z
      .array(readingChange)
      .describe('that changed clearly, by the rules for findings, without a finding; largest change first'),
    thresholds: z
      .array(z.strictObject({ indicator: z.string(), unit, first: thresholds, second: thresholds }))
      .describe('that are different'),
    unchanged: z
      .strictObject({
        findings: z.number().int(),
        indicators: z.number().int(),
        nodes: z.number().int(),
        readings: z
          .number()
          .int()
          .describe('readings without a clear change, of those that could be compared'),
      })
      .describe('numbers of what is the same in both'),
  })
  .describe('The difference of two health reports');

export type Difference = z.infer<typeof differenceSchema>;
export type ComparedReport = z.infer<typeof comparedReport>;
export type ComparedFinding = z.infer<typeof comparedFinding>;
export type FindingChange = z.infer<typeof findingChange>;
export type ReadingChange = z.infer<typeof readingChange>;
export type Kind = FindingChange['kind'];
export type Reason = NonNullable<FindingChange['reason']>;
