import * as z from 'zod';
import { incidentAlert } from './alert.ts';
import { defectOfVersion } from './antrea-version.ts';
import { LANGUAGES } from './indicator.ts';
import { component, instant, labels, severity, status, unit } from './report-values.ts';

/** Derived parts of `report.json`: incidents, comparisons, changes, capacity, and days. */

/** Findings that overlap in time on one subject or have the same cause: one thing to read and one thing to do. */
export const incident = z.strictObject({
  severity: severity.describe('the worst of its findings that no other finding explains'),
  start: instant,
  end: instant,
  ongoing: z.boolean(),
  findings: z
    .array(z.number().int().nonnegative())
    .min(1)
    .describe(
      'places in the list of all findings: first what it began with or is about, then the others by start',
    ),
  links: z
    .array(
      z.strictObject({
        cause: z.number().int().nonnegative(),
        effect: z.number().int().nonnegative(),
        rule: z.string().describe('the id of the rule of causes'),
        explained: z
          .boolean()
          .describe(
            'true: the effect is what such a cause usually brings and was over in time, so it needs no attention',
          ),
      }),
    )
    .describe('which finding probably caused which other; places in the list of all findings'),
  timeline: z
    .array(
      z.strictObject({
        at: instant,
        kind: z
          .enum(['start', 'end', 'restart', 'events'])
          .describe('start, end: of an episode; restart: a process start; events: counted events'),
        finding: z.number().int().nonnegative(),
        subject: z.string(),
        value: z.number().nullable().describe('the worst value of the episode, or the number of events'),
      }),
    )
    .describe('in the order of time; empty for incidents with one finding'),
  upgrade: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('the place in antrea.images.upgrades of the upgrade that explains its restarts; absent: none'),
  defects: z
    .array(defectOfVersion)
    .optional()
    .describe('known defects of this version that show in such findings'),
  alerts: z
    .array(incidentAlert)
    .optional()
    .describe('the alerts that fired for it, worst first; empty: none did; absent: that is not known'),
});

/** An earlier period, assessed by the same rules. */
export const comparison = z.strictObject({
  kind: z.enum(['before', 'week-before']),
  start: instant,
  end: instant,
  known: z.boolean().describe('false: less than half of it was scraped, or the queries failed'),
  reason: z.string().nullable(),
  score: z
    .number()
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe('its score by the same rules; absent if a part of it is not known'),
});

const estimate = z.strictObject({
  value: z.number(),
  low: z.number().describe('lower end of the 95 % confidence interval'),
  high: z.number(),
});

/**
 * Age in seconds up to which a step may still become certain. Most steps are certain after a day: half a day × 28 / 13
 * with the shortest history in which steps are searched for. A step takes longer if the new level had occurred for some
 * hours before.
 */
export const LATEST_CERTAIN_SECONDS = 36 * 3600;

/** A level that changed and did not return, found in the history by medians; docs/changes.md has the rule. */
export const change = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  labels,
  unit,
  kind: z.enum(['step', 'trend']).describe('step: within an hour or two; trend: steadily over days'),
  at: instant.describe('step: when it happened; trend: when it began'),
  before: z.number().describe('step: the median before it; trend: the level at its beginning'),
  after: z.number().describe('step: the median after it; trend: the level at the end'),
  perDay: estimate.nullable().describe('the slope of a trend; null for steps'),
  deviations: z
    .number()
    .describe('the change as a multiple of the usual scatter (1.4826 × MAD); its sign is the direction'),
  explainedBy: z
    .enum(['restart'])
    .nullable()
    .describe('restart: the process, and with it the level, started at that time'),
});

/** How much of a limit is used, and when it will be full. */
export const capacity = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  labels,
  unit,
  value: z.number().describe('the highest of the last hour'),
  limit: z.strictObject({ id: z.string(), value: z.number() }).describe('the lowest known limit'),
  usedRatio: z.number(),
  historyDays: z.number().describe('length of the history that was searched for a trend'),
  trend: estimate.nullable().describe('per day; null: no significant trend'),
  fullInDays: z
    .strictObject({
      value: z.number(),
      low: z.number(),
      high: z.number().nullable().describe('null: possibly never'),
    })
    .nullable()
    .describe('null: already full, no significant rise, or too far away for a forecast'),
});

/** The requests about the weeks before, on which changes and capacity are based. */
export const history = z.strictObject({
  questions: z.number().int().nonnegative().describe('the number of requests'),
  unanswered: z
    .array(
      z.strictObject({
        questions: z.number().int().positive().describe('the number of requests that failed for this reason'),
        indicators: z.array(z.string()).describe('the indicators that they were about'),
        reason: z.string(),
      }),
    )
    .describe('if there are any, the absence of changes and forecasts does not mean that there are none'),
});

/** A kind of questions without an answer, besides those that give indicators their status, and those of the history. */
export const unanswered = z.strictObject({
  about: z
    .enum(['targets', 'agents', 'restarts', 'usual-level', 'before', 'week-before'])
    .describe(
      'targets: which there are; agents: how many are wanted; restarts: of targets without a start time; usual-level: what relative thresholds compare with; before, week-before: the earlier readings',
    ),
  indicators: z.array(z.string()).describe('the indicators that it concerns; empty: not certain ones'),
  reason: z.string().nullable().describe('why it failed; null: there was no data'),
});

/** One day of a longer period. */
export const reportDay = z.strictObject({
  start: instant,
  end: instant,
  statuses: z.record(z.string(), status).describe('by id of the indicator or coverage check'),
});

const wholeSeconds = z.number().int().nonnegative();

/** For how long the control path was available in a longer period; the parts add up to the period. */
export const availability = z.strictObject({
  availableSeconds: wholeSeconds.describe(
    'a controller answered, and each agent that answered was connected to it',
  ),
  noControllerSeconds: wholeSeconds.describe('no controller answered'),
  unconnectedSeconds: wholeSeconds.describe('agents that answered were not connected to the controller'),
  unknownSeconds: wholeSeconds,
  maintenanceSeconds: wholeSeconds.describe('maintenance of the whole cluster, whatever happened in it'),
});
export type Availability = z.infer<typeof availability>;

/** The words of a custom indicator; texts that its author did not give are empty. `code` in back-quotes. */
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
export type Unanswered = z.infer<typeof unanswered>;
export type HistoryCompleteness = z.infer<typeof history>;
export type ReportDay = z.infer<typeof reportDay>;

/** Returns the indices of the findings that others explain in full, so that they need no attention themselves. */
export function explainedFindings(incidents: readonly Pick<Incident, 'links'>[]): Set<number> {
  const links = incidents.flatMap((incident) => incident.links);
  return new Set(links.flatMap(({ effect, explained }) => (explained ? [effect] : [])));
}
