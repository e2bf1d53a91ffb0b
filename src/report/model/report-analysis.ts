import * as z from 'zod';
import { COMPONENTS, LANGUAGES, SEVERITIES, UNITS } from './indicator.ts';
import { instant, status } from './report-values.ts';

/**
 * The parts of `report.json` that were read out of the lines rather than off them: what belongs together, what
 * changed, and what runs out.
 */

const component = z.enum(COMPONENTS);
const unit = z.enum(UNITS);
const labels = z.record(z.string(), z.string());

/** Findings that overlap in time on one subject, or have one cause: one thing to read, and one thing to do. */
export const incident = z.strictObject({
  severity: z.enum(SEVERITIES).describe('the worst of its findings that no other of them explains'),
  start: instant,
  end: instant,
  ongoing: z.boolean(),
  findings: z
    .array(z.number().int().nonnegative())
    .min(1)
    .describe('indices of report.findings: what it began with or is about first, then by time'),
  links: z
    .array(
      z.strictObject({
        cause: z.number().int().nonnegative(),
        effect: z.number().int().nonnegative(),
        rule: z.string().describe('the id of the rule that says so'),
        explained: z
          .boolean()
          .describe(
            'true: the effect is what such a cause usually brings and over in time: no alarm of its own',
          ),
      }),
    )
    .describe('which finding is likely to have caused which; indices of report.findings'),
  timeline: z
    .array(
      z.strictObject({
        at: instant,
        kind: z
          .enum(['start', 'end', 'restart', 'events'])
          .describe(
            'start, end: a stretch beyond the threshold; restart: a process start; events: counted ones',
          ),
        finding: z.number().int().nonnegative(),
        subject: z.string(),
        value: z.number().nullable().describe('of the stretch that begins, or how many events'),
      }),
    )
    .describe('in order; empty for incidents of one finding'),
});

/** An earlier period, judged by the same rules. */
export const comparison = z.strictObject({
  kind: z.enum(['before', 'week-before']),
  start: instant,
  end: instant,
  known: z.boolean().describe('false: it was not seen for half of its time, or could not be asked about'),
  reason: z.string().nullable(),
});

const estimate = z.strictObject({
  value: z.number(),
  low: z.number().describe('lower end of the 95 % confidence interval'),
  high: z.number(),
});

/**
 * Most steps are certain after a day: half a day × 28 / 13 where just enough is known to look for them. Some take longer,
 * as where the new level had been tried for some hours before; none is told by a report that begins later than this.
 */
export const LATEST_CERTAIN_SECONDS = 36 * 3600;

/** A level that moved and did not come back, found in the history by medians; docs/changes.md has the rule. */
export const change = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  labels,
  unit,
  kind: z.enum(['step', 'trend']).describe('step: within an hour or two; trend: steadily over days'),
  at: instant.describe('step: when; trend: since when it was watched'),
  before: z.number().describe('the median before a step; the level at the beginning of a trend'),
  after: z.number().describe('the median after a step; the level at the end of a trend'),
  perDay: estimate.nullable().describe('the slope of a trend; null for steps'),
  deviations: z
    .number()
    .describe('how many times its usual scatter (1.4826 × MAD) the change is; its sign is the direction'),
  explainedBy: z
    .enum(['restart'])
    .nullable()
    .describe('restart: the process was started at that time, and the level with it'),
});

/** How much of a limit is used, and when the rest will be. */
export const capacity = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  labels,
  unit,
  value: z.number().describe('the highest of the last hour'),
  limit: z.strictObject({ id: z.string(), value: z.number() }).describe('the lowest of those known'),
  usedRatio: z.number(),
  historyDays: z.number().describe('how much history the trend was looked for in'),
  trend: estimate.nullable().describe('per day; null: none that is significant'),
  fullInDays: z
    .strictObject({
      value: z.number(),
      low: z.number(),
      high: z.number().nullable().describe('null: perhaps never'),
    })
    .nullable()
    .describe('null: full already, no significant rise, or further away than can be said'),
});

/** What was asked of the weeks before, which changes and capacity are read from. */
export const history = z.strictObject({
  questions: z.number().int().nonnegative(),
  unanswered: z
    .array(
      z.strictObject({
        questions: z.number().int().positive().describe('how many of them'),
        indicators: z.array(z.string()).describe('which they are about'),
        reason: z.string(),
      }),
    )
    .describe('where there are any, no change and no forecast does not mean that there is none'),
});

/** One day of a longer period. */
export const calendarDay = z.strictObject({
  start: instant,
  end: instant,
  statuses: z.record(z.string(), status).describe('by id of the indicator or coverage check'),
});

/** Which Antrea it is, as far as the metrics present tell. */
export const antrea = z.strictObject({
  from: z.string().nullable().describe('the first release that has them all, without the v: "2.5.0"'),
  before: z.string().nullable().describe('the first release that has one of them no more'),
  evidence: z.array(z.string()).describe('the metrics that tell'),
});

/** A user's own indicator in the words of its author; texts that were not given are empty. `code` in back-quotes. */
const words = z.record(z.enum(LANGUAGES), z.string());
export const ownWords = z.strictObject({
  title: words,
  explanation: words,
  impact: words,
  nextSteps: z.array(z.strictObject({ text: words, command: z.string().optional() })),
});

export type Incident = z.infer<typeof incident>;
export type Comparison = z.infer<typeof comparison>;
export type Change = z.infer<typeof change>;
export type CapacityReading = z.infer<typeof capacity>;
export type HistoryAsked = z.infer<typeof history>;
export type CalendarDay = z.infer<typeof calendarDay>;
export type AntreaVersion = z.infer<typeof antrea>;
