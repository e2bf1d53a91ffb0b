import * as z from 'zod';
import { COMPONENTS, SECTIONS, SEVERITIES, UNITS } from './indicator.ts';
import {
  antrea,
  capacity,
  change,
  comparison,
  history,
  incident,
  ownWords,
  reportDay,
} from './report-analysis.ts';
import { instant, JUDGED_STATUSES, status } from './report-values.ts';
import { survey } from './survey.ts';

/**
 * `report.json`: the product. It says everything that a rendering needs and nothing of how it looks or in which
 * language, so that any stored report can be rendered again. `docs/report.schema.json` is generated from this file.
 *
 * Times are ISO 8601 in UTC with whole seconds, ratios 0–1, durations seconds, numbers in the unit named beside them.
 */
export const REPORT_SCHEMA_VERSION = '3';

/** The subject of the controller: there is one per cluster, and it may move between nodes. */
export const CONTROLLER_SUBJECT = 'antrea-controller';

/** The subject of what is one number for all of the cluster. */
export const CLUSTER_SUBJECT = 'cluster';

/** The subject of what concerns no single target: Prometheus itself saw nothing. */
export const PROMETHEUS_SUBJECT = 'prometheus';

const severity = z.enum(SEVERITIES);
const unit = z.enum(UNITS);
const component = z.enum(COMPONENTS);
const labels = z.record(z.string(), z.string());

export const VERDICTS = ['healthy', 'warning', 'critical', 'unknown'] as const;

const threshold = z
  .strictObject({
    above: z.number().optional().describe('breached by greater values'),
    atLeast: z.number().optional().describe('breached by equal or greater values'),
    below: z.number().optional().describe('breached by smaller values'),
    change: z
      .number()
      .optional()
      .describe("breached this far from the subject's usual level, as a ratio of it"),
    rise: z
      .number()
      .optional()
      .describe("breached this far above the subject's usual level, as a ratio of it"),
    forSeconds: z.number().describe('how long it must hold without a break'),
    times: z.number().int().optional().describe('in how many separate steps it must hold'),
  })
  .describe('all the conditions named must hold at once');

const reading = z.strictObject({
  subject: z.string().describe('the node, the component where there is one per cluster, or the cluster'),
  component: component.nullable().describe('null: the cluster, or what is none of Antrea’s'),
  status: z.enum(JUDGED_STATUSES),
  value: z.number().nullable().describe('null: nothing happened, or every point was left out after a start'),
  at: instant.nullable().describe('when the value was reached; null for totals'),
  last: z.number().nullable().describe('the last value of the period'),
  median: z.number().nullable().describe('the median of the period'),
  before: z.number().nullable().describe('the same number of the period before; null: not known'),
  weekBefore: z.number().nullable().describe('the same number of the same period a week before'),
  labels: labels.describe('which of the subject’s series the value comes from, for instance its ip_family'),
});

const chartSeries = z.strictObject({
  subject: z.string(),
  labels,
  values: z.array(z.number().nullable()).describe('one per chart step, null where there is none'),
});

const indicator = z.strictObject({
  id: z.string(),
  section: z.enum(SECTIONS),
  components: z.array(component),
  status,
  judged: z.boolean().describe('false: it has no thresholds and is given for information'),
  idle: z.boolean().describe('true: its metrics are there, but nothing of the kind happened in the period'),
  reason: z.string().nullable().describe('failed: why the query failed'),
  unit,
  value: z.number().nullable().describe('the worst reading’s value'),
  subject: z.string().nullable().describe('the worst reading’s subject'),
  aggregation: z.enum(['maximum', 'last', 'total']).describe('which number of the period a reading is'),
  thresholds: z.strictObject({ warning: threshold.optional(), critical: threshold.optional() }),
  own: ownWords.nullable().describe('what a user’s own indicator is called; null: the catalog knows'),
  settleSeconds: z.number().describe('so long after a process start, points are drawn but not judged'),
  readings: z.array(reading).describe('worst first'),
  missing: z
    .array(z.strictObject({ subject: z.string(), component }))
    .describe('who was scraped, but has no reading although everybody should have one'),
  series: z.array(chartSeries).describe('the subjects to draw by name: all, or the worst of many'),
  envelope: z
    .strictObject({
      low: z.array(z.number().nullable()),
      median: z.array(z.number().nullable()),
      high: z.array(z.number().nullable()),
    })
    .nullable()
    .describe('over all subjects, where they are too many to draw each by name'),
  query: z
    .string()
    .describe('the PromQL of the series; counted events come from the levels of their counter instead'),
});

const episode = z.strictObject({ start: instant, end: instant, value: z.number() });

const finding = z.strictObject({
  indicator: z.string().describe('the id of an indicator or of a coverage check'),
  subject: z.string(),
  component: component.nullable().describe('null: all of them, or Prometheus itself'),
  severity,
  value: z.number().describe('the worst value, in the unit'),
  unit,
  threshold: z.number().describe('the bound that was crossed, in the unit'),
  condition: z.enum(['above', 'at-least', 'below']).describe('on which side of the bound the value lies'),
  usual: z
    .number()
    .nullable()
    .describe('what the subject had before, where the threshold compares with that'),
  labels,
  start: instant,
  end: instant,
  durationSeconds: z.number().describe('how long it lasted, pauses between episodes left out'),
  ongoing: z.boolean().describe('true: it still held at the end of the period'),
  episodes: z.array(episode).min(1).describe('the stretches it consists of, in order'),
  compared: z
    .enum(['new', 'worse', 'unchanged', 'better'])
    .nullable()
    .describe('with the period before; null: nothing is known of that, or it was not judged then'),
  weekBefore: z
    .boolean()
    .nullable()
    .describe('whether the same was found in the same period a week before; null: not known'),
});

const resolved = z.strictObject({
  indicator: z.string(),
  subject: z.string(),
  component: component.nullable(),
  severity,
  value: z.number(),
  unit,
  labels,
  start: instant,
  end: instant,
});

const gap = z.strictObject({
  start: instant,
  end: instant,
  kind: z.enum(['down', 'absent']).describe('down: scraped without success; absent: not scraped at all'),
});

const target = z.strictObject({
  subject: z.string(),
  component,
  node: z.string(),
  instances: z.array(z.string()).describe('the values of its instance label, oldest first'),
  pods: z.array(z.string()).describe('the names of its Pods, the newest last; empty: not known'),
  seenRatio: z
    .number()
    .nullable()
    .describe('successful scrapes among those expected from its first to the end'),
  firstSeen: instant.nullable(),
  lastSeen: instant.nullable(),
  gaps: z.array(gap),
  restarts: z.array(instant).describe('when its processes were started within the period'),
  presence: z
    .array(z.number().nullable())
    .describe('share of expected scrapes that succeeded, a value per chart step'),
});

const coverage = z.strictObject({
  known: z.boolean().describe('false: nothing could be learnt of the scrapes'),
  reason: z.string().nullable(),
  scrapeIntervalSeconds: z.number(),
  scrapeIntervalKnown: z.boolean(),
  dataFrom: instant
    .nullable()
    .describe('when the server’s data begins, where that is within the period and there is none before it'),
  seenRatio: z.number().nullable().describe('over all targets'),
  agentsSeen: z.number().int().describe('nodes whose agent was seen at any time'),
  agentsAtEnd: z.number().int().describe('nodes whose agent was seen at the end'),
  agentsDesired: z.number().int().nullable().describe('what the DaemonSet wants; null: not known'),
  controllersAtEnd: z.number().int(),
  targets: z.array(target),
});

const metricValue = z.strictObject({
  name: z.string(),
  exposedAs: z.string().optional().describe('the former name that it had here'),
  series: z.number().int(),
  low: z.number().optional(),
  high: z.number().optional(),
  sum: z.number().optional(),
  increase: z.number().optional(),
  observations: z.number().optional(),
  mean: z.number().optional(),
});

export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,100}$/)
      .describe('also the name of its folder'),
    cluster: z.string(),
    period: z.strictObject({
      start: instant,
      end: instant,
      stepSeconds: z.number().positive().describe('distance of the points that were judged'),
      chartStepSeconds: z.number().positive().describe('distance of the points of series and presence'),
      timeZone: z.string().describe('IANA name; renderings show times in it'),
    }),
    generatedAt: instant,
    generator: z.strictObject({ name: z.string(), version: z.string() }),
    source: z.strictObject({ kind: z.enum(['prometheus', 'capture']), recordedAt: instant.nullable() }),
    verdict: z.enum(VERDICTS),
    score: z.number().int().min(0).max(100).describe('docs/scoring.md has the rule'),
    complete: z.boolean().describe('false: something could not be asked or judged'),
    rateWindowSeconds: z.number(),
    indicators: z.array(indicator),
    findings: z.array(finding).describe('worst first'),
    incidents: z.array(incident).describe('worst first; each finding is in exactly one'),
    comparisons: z.array(comparison).describe('the earlier periods that this one is compared with'),
    resolved: z.array(resolved).describe('findings of the period before that are not there any more'),
    changes: z.array(change).describe('levels that changed for good, within their thresholds or beyond'),
    capacity: z.array(capacity).describe('what has a limit, worst first'),
    history,
    calendar: z
      .array(reportDay)
      .nullable()
      .describe('the days of the period in its time zone; null for periods of at most two days'),
    antrea,
    survey: survey.nullable().describe('who the targets are and how they were found; null: not known'),
    coverage,
    metrics: z.array(metricValue).nullable().describe('null: could not be learnt'),
    metricsReason: z.string().nullable().describe('why metrics is null'),
    warnings: z.array(z.strictObject({ text: z.string(), query: z.string() })).describe('said by Prometheus'),
  })
  .describe('A health report of an Antrea cluster');

export type Report = z.infer<typeof reportSchema>;
export type ReportIndicator = z.infer<typeof indicator>;
export type Reading = z.infer<typeof reading>;
export type ChartSeries = z.infer<typeof chartSeries>;
export type Finding = z.infer<typeof finding>;
export type Episode = z.infer<typeof episode>;
export type ResolvedFinding = z.infer<typeof resolved>;
export type Coverage = z.infer<typeof coverage>;
export type Target = z.infer<typeof target>;
export type MetricValue = z.infer<typeof metricValue>;
export type Status = z.infer<typeof status>;
export type Verdict = z.infer<typeof reportSchema>['verdict'];
