import * as z from 'zod';
import { alerts } from './alert.ts';
import { antrea } from './antrea-version.ts';
import { SECTIONS } from './indicator.ts';
import { link, runbook } from './links.ts';
import {
  availability,
  capacity,
  change,
  comparison,
  history,
  incident,
  ownWords,
  reportDay,
  unanswered,
} from './report-analysis.ts';
import {
  findingColumns,
  missingColumns,
  readingColumns,
  resolvedColumns,
  targetColumns,
} from './report-columns.ts';
import { finding, reading, resolved, target } from './report-rows.ts';
import { component, instant, labels, OPTIONAL_SECTIONS, status, unit } from './report-values.ts';
import { MAX_POINTS } from './series.ts';
import { reportSilence } from './silence.ts';
import { survey } from './survey.ts';

/**
 * `report.json` contains everything that a rendering needs, but neither layout nor interface text, so that a stored
 * report can be rendered again in any format and language. `docs/report.schema.json` is generated from this file.
 *
 * Times are ISO 8601 in UTC with whole seconds, ratios are 0 to 1, durations are in seconds, and other numbers are in
 * the unit next to them.
 */
export const REPORT_SCHEMA_VERSION = '4';

/** The subject of the controller: a cluster has one, which may move between nodes. */
export const CONTROLLER_SUBJECT = 'antrea-controller';

/** The subject of indicators with one number for the cluster. */
export const CLUSTER_SUBJECT = 'cluster';

/** The subject of a gap of all targets, which concerns Prometheus itself. */
export const PROMETHEUS_SUBJECT = 'prometheus';

/** A target with a successful scrape in these last seconds is present at the end; a container restarts faster. */
export const AT_END_SECONDS = 120;

export const VERDICTS = ['healthy', 'warning', 'critical', 'unknown'] as const;

const threshold = z
  .strictObject({
    above: z.number().optional().describe('breached by greater values'),
    atLeast: z.number().optional().describe('breached by equal or greater values'),
    below: z.number().optional().describe('breached by smaller values'),
    change: z
      .number()
      .optional()
      .describe('breached by values that differ by this share from the usual level of the subject'),
    rise: z
      .number()
      .optional()
      .describe('breached by values that exceed the usual level of the subject by this share'),
    forSeconds: z.number().describe('how long it must hold without a break'),
    times: z.number().int().optional().describe('in how many separate steps it must hold; 1 if absent'),
  })
  .describe('all conditions that are present must hold together');

export const thresholds = z.strictObject({ warning: threshold.optional(), critical: threshold.optional() });

const chartSeries = z.strictObject({
  subject: z.string(),
  labels,
  values: z.array(z.number().nullable()).describe('one value per chart step; null: none'),
});

const indicator = z.strictObject({
  id: z.string(),
  section: z.enum(SECTIONS),
  components: z.array(component),
  status,
  judged: z.boolean().describe('false: it has no thresholds and is for information only'),
  idle: z.boolean().describe('true: its metrics are present, but nothing happened that they measure'),
  reason: z.string().nullable().describe('why the query failed; null for other statuses'),
  unit,
  value: z.number().nullable().describe('the worst reading’s value'),
  subject: z.string().nullable().describe('the worst reading’s subject'),
  aggregation: z.enum(['maximum', 'last', 'total']).describe('which number of the period a reading is'),
  thresholds,
  own: ownWords.nullable().describe('the words of a custom indicator; null: the catalog has them'),
  runbook: runbook.optional().describe('the address of its runbook, if that differs'),
  settleSeconds: z.number().describe('for this long after a process start, points are drawn but not judged'),
  readings: z.array(reading).describe('worst first; the first ones if there are very many'),
  otherReadings: z.array(readingColumns).describe('the others, of each group worst first'),
  missing: z
    .array(z.strictObject({ subject: z.string(), component }))
    .describe(
      'subjects that were scraped and should have a reading, but do not; the first ones of very many',
    ),
  otherMissing: z.array(missingColumns).describe('the others'),
  series: z.array(chartSeries).describe('the series that a chart names: all, or the worst of many'),
  envelope: z
    .strictObject({
      low: z.array(z.number().nullable()),
      median: z.array(z.number().nullable()),
      high: z.array(z.number().nullable()),
    })
    .nullable()
    .describe('over all subjects, if there are too many to name each'),
  query: z
    .string()
    .describe('the PromQL of the series; counted events come from the values of their counter instead'),
});

const coverage = z.strictObject({
  known: z.boolean().describe('false: nothing is known about the scrapes'),
  reason: z.string().nullable(),
  scrapeIntervalSeconds: z.number(),
  scrapeIntervalKnown: z.boolean(),
  dataFrom: instant.nullable().describe('when the data of the server begins, if that is within the period'),
  seenRatio: z.number().nullable().describe('over all targets'),
  agentsSeen: z.number().int().describe('nodes with an agent that was seen at any time'),
  agentsAtEnd: z.number().int().describe('nodes with an agent that was seen at the end'),
  agentsDesired: z.number().int().nullable().describe('how many the DaemonSet wants; null: unknown'),
  controllersAtEnd: z.number().int(),
  targets: z.array(target).describe('lowest share of scrapes first; the worst ones if there are very many'),
  otherTargets: z.array(targetColumns).describe('the others'),
});

const metricValue = z.strictObject({
  name: z.string(),
  exposedAs: z.string().optional().describe('the former name under which the server has it'),
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
      .describe('also the name of the report’s folder'),
    cluster: z.string(),
    period: z
      .strictObject({
        start: instant,
        end: instant,
        stepSeconds: z.number().positive().describe('distance of the points that are judged'),
        chartStepSeconds: z.number().positive().describe('distance of the points of series and presence'),
        timeZone: z.string().describe('IANA name; renderings show times in this time zone'),
      })
      // Renderings list the times of all points.
      .refine(
        ({ start, end, chartStepSeconds }) =>
          (Date.parse(end) - Date.parse(start)) / 1000 / chartStepSeconds <= MAX_POINTS,
        `has more than ${MAX_POINTS} points`,
      ),
    generatedAt: instant,
    generator: z.strictObject({ name: z.string(), version: z.string() }),
    source: z.strictObject({ kind: z.enum(['prometheus', 'capture']), recordedAt: instant.nullable() }),
    verdict: z.enum(VERDICTS),
    score: z.number().int().min(0).max(100).describe('docs/scoring.md has the rule'),
    complete: z.boolean().describe('false: something could not be queried or judged'),
    unanswered: z
      .array(unanswered)
      .default([])
      .describe('questions that failed; if findings depend on them, the report is not complete'),
    rateWindowSeconds: z.number(),
    subjects: z
      .array(z.string())
      .describe('the names that columns refer to; empty in a report without columns'),
    indicators: z.array(indicator),
    findings: z.array(finding).describe('worst first; the worst ones if there are very many'),
    otherFindings: z.array(findingColumns).describe('the others'),
    silences: z
      .array(reportSilence)
      .default([])
      .describe('silences and maintenance windows of the configuration'),
    silenced: z
      .array(z.strictObject({ silence: z.number().int().nonnegative(), finding }))
      .default([])
      .describe('findings that do not count, with the place of their silence; the first ones of very many'),
    incidents: z.array(incident).describe('worst first; each finding is in exactly one'),
    alerts: alerts
      .optional()
      .describe('the alerts of Prometheus; absent: it has none of this cluster, or was not asked'),
    alertsReason: z.string().optional().describe('why alerts is absent, if the query failed'),
    comparisons: z.array(comparison).describe('the earlier periods that this one is compared with'),
    resolved: z
      .array(resolved)
      .describe('findings of the period before that are over; the first ones of very many'),
    otherResolved: z.array(resolvedColumns).describe('the others'),
    changes: z.array(change).describe('levels that changed for good, within or beyond their thresholds'),
    capacity: z.array(capacity).describe('levels with a limit, worst first'),
    history,
    calendar: z
      .array(reportDay)
      .nullable()
      .describe('the days of the period in its time zone; null for periods of up to two days'),
    availability: availability
      .optional()
      .describe('of the control path; absent for periods of up to two days, and in earlier documents'),
    antrea,
    survey: survey.nullable().describe('the targets and how they were found; null: unknown'),
    coverage,
    metrics: z.array(metricValue).nullable().describe('null: unknown'),
    metricsReason: z.string().nullable().describe('why metrics is null'),
    runbook: runbook
      .optional()
      .describe('the address of runbooks; {indicator} is the id of an indicator or check'),
    links: z.array(link).default([]).describe('links of the configuration to other pages, with placeholders'),
    leaveOut: z
      .array(z.enum(OPTIONAL_SECTIONS))
      .default([])
      .describe('sections that renderings leave out; metrics: the explanation of every metric'),
    warnings: z
      .array(z.strictObject({ text: z.string(), query: z.string() }))
      .describe('warnings of Prometheus'),
  })
  .describe('A health report of an Antrea cluster');

export type Report = z.infer<typeof reportSchema>;
export type ReportIndicator = z.infer<typeof indicator>;
export type ChartSeries = z.infer<typeof chartSeries>;
export type Coverage = z.infer<typeof coverage>;
export type MetricValue = z.infer<typeof metricValue>;
export type { Episode, Finding, Reading, ResolvedFinding, Target } from './report-rows.ts';
export type Status = z.infer<typeof status>;
export type Verdict = z.infer<typeof reportSchema>['verdict'];
