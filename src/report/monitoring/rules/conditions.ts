import type { Indicator, Severity, Threshold } from '../../model/indicator.ts';
import { lookBackOf } from '../../model/look-back.ts';
import type { Windows } from '../../model/series.ts';
import { labelName, quote } from '../../promql/placeholders.ts';
import type { Queries } from '../queries.ts';
import type { Labels, RecordingRule } from './model.ts';

/** How often recording rules are evaluated, in seconds: the step of a report's day. */
export const RECORD_SECONDS = 300;

const DAY = '1d';

/** Half of a day must be known for a usual level, as in a report (assess/usual-level.ts). */
const LEAST_RECORDS = 86_400 / RECORD_SECONDS / 2;

/** When an alert fires, and what must be recorded for that. */
export type Condition = { expr: string; records: readonly RecordingRule[] };

export type ConditionRequest = {
  indicator: Indicator;
  severity: Severity;
  threshold: Threshold;
  queries: Queries;
  windows: Windows;
  /** The labels that name the cluster, which records need to be separate from those of other clusters. */
  cluster: Labels;
};

/** Returns the expression whose results are the subjects beyond a threshold; their values are the readings. */
export function conditionOf(request: ConditionRequest): Condition {
  const { indicator, severity, threshold, queries } = request;
  const on = `on (${queries.subjectLabels(indicator)})`;
  const compared = indicator.reading === 'total' ? compareTotal(request, on) : compareLevel(request, on);
  const settled = withoutStartUp(request, compared.expr);
  const { times = 1, forSeconds } = threshold;
  // A condition that must hold for so long without a break holds in as many steps.
  if (times < 2 || times * RECORD_SECONDS <= forSeconds) return { ...compared, expr: settled };
  const record = recordOf(request, `${severity}_steps`, settled);
  return {
    expr: `(${settled})\nand ${on} (count_over_time(${record.selector}[${DAY}]) >= ${times})`,
    records: [...compared.records, record.rule],
  };
}

function compareLevel(request: ConditionRequest, on: string): Condition {
  const { indicator, threshold, queries } = request;
  const level = queries.bySubject(indicator);
  const { above, rise, change } = threshold;
  if (rise === undefined && change === undefined)
    return { expr: compare(`(${level})`, threshold), records: [] };
  const { selector, rule } = recordOf(request, 'level', level);
  const known = `(quantile_over_time(0.5, ${selector}[${DAY}]) and count_over_time(${selector}[${DAY}]) >= ${LEAST_RECORDS})`;
  // Any value would be a change from a usual level of 0, unless there is a bound as well.
  const usual = above === undefined ? `(${known} > 0)` : known;
  if (change === undefined) {
    const base = above === undefined ? `(${level})` : `((${level}) > ${above})`;
    return { expr: `${base} > ${on} ${1 + (rise ?? 0)} * ${usual}`, records: [rule] };
  }
  const beyond = [`> ${on} ${1 + change}`, `< ${on} ${1 - change}`].map(
    (bound) => `((${level}) ${bound} * ${usual})`,
  );
  return { expr: beyond.join('\nor '), records: [rule] };
}

/** The bound applies to the events of the last day; the alert fires while there are events. */
function compareTotal({ indicator, threshold, queries }: ConditionRequest, on: string): Condition {
  const { query, counter = '', splitBy = [] } = indicator;
  const recent = `(${queries.bySubject(indicator)}) > 0`;
  if (threshold.above === 0) return { expr: recent, records: [] };
  const by = [...(/\$node\b/.test(query) ? ['$node'] : []), ...splitBy].map((label) =>
    label.startsWith('$') ? label : labelName(label),
  );
  const total = queries.bySubject(
    indicator,
    `sum${by.length > 0 ? ` by (${by.join(', ')})` : ''} (increase(${counter}[${DAY}]))`,
  );
  return { expr: `(${recent})\nand ${on} (${compare(`(${total})`, threshold)})`, records: [] };
}

function compare(expression: string, { above, atLeast, below }: Threshold): string {
  if (above !== undefined) return `${expression} > ${above}`;
  return atLeast !== undefined ? `${expression} >= ${atLeast}` : `${expression} < ${below}`;
}

/** Leaves out the moments that look back on the start of a process, as a report does. */
function withoutStartUp({ indicator, queries, windows }: ConditionRequest, condition: string): string {
  const { settleSeconds, components, query } = indicator;
  if (settleSeconds === undefined) return condition;
  const seconds = settleSeconds + lookBackOf(indicator, RECORD_SECONDS, windows);
  const isPerNode = /\$node\b/.test(query);
  const [component = 'agent'] = components;
  const selector = `process_start_time_seconds{$${component}s}`;
  const started = isPerNode ? queries.byNode(component, selector) : queries.fill(`max(${selector})`);
  return `(${condition})\nunless on (${isPerNode ? 'node' : ''}) (time() - ${started} < ${seconds})`;
}

function recordOf(
  { indicator, cluster }: ConditionRequest,
  suffix: string,
  expr: string,
): { selector: string; rule: RecordingRule } {
  const record = `antrea_health:${indicator.id.replaceAll('-', '_')}:${suffix}`;
  const labels = Object.entries(cluster);
  const matchers = labels.map(([name, value]) => `${labelName(name)}=${quote(value)}`).join(',');
  return {
    selector: matchers === '' ? record : `${record}{${matchers}}`,
    rule: { record, expr, ...(labels.length > 0 && { labels: cluster }) },
  };
}
