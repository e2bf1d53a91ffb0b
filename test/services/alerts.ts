/** Evaluates rules over the samples in a real Prometheus, as it would have done while they arrived. */
import type { AlertingRule, RecordingRule, Rules } from '../../src/report/monitoring/rules/model.ts';
import type { SimulatedSeries } from '../simulation/samples.ts';
import type { Database } from './server.ts';

type Period = { start: number; end: number };

export type Labels = Readonly<Record<string, string>>;

/** An alert with its labels, and from when to when it fired, in Unix seconds. */
export type FiredAlert = { alert: string; labels: Labels; times: Period[] };

/** The values of a series by the time in Unix seconds. */
type Result = { metric: Labels; values: readonly [number, string][] };

/**
 * Returns the alerts that fired in a period. The results of recording rules are written to the server first, from
 * `recordFrom` on.
 */
export async function evaluateRules(
  database: Database,
  { groups }: Rules,
  { start, end, recordFrom }: Period & { recordFrom: number },
): Promise<FiredAlert[]> {
  const fired: FiredAlert[] = [];
  for (const { interval, rules } of groups) {
    const step = secondsOf(interval);
    const grid = { start, end, step };
    for (const rule of rules) {
      if ('record' in rule)
        await database.write(await recordedBy(database.url, rule, { ...grid, start: recordFrom }));
      else fired.push(...(await firedBy(database.url, rule, grid)));
    }
  }
  return fired;
}

type RuleGrid = Period & { step: number };

async function recordedBy(url: string, rule: RecordingRule, grid: RuleGrid): Promise<SimulatedSeries[]> {
  const results = await queryRange(url, rule.expr, grid);
  return results.map(({ metric, values }) => ({
    family: { name: rule.record, type: 'gauge' },
    name: rule.record,
    labels: { ...metric, ...rule.labels },
    timestamps: Float64Array.from(values, ([time]) => time * 1000),
    values: Float64Array.from(values, ([, value]) => Number(value)),
  }));
}

async function firedBy(url: string, rule: AlertingRule, grid: RuleGrid): Promise<FiredAlert[]> {
  const results = await queryRange(url, rule.expr, grid);
  return results.flatMap(({ metric, values }) => {
    const times = firingTimes(
      values.map(([time]) => time),
      secondsOf(rule.for),
      grid.step,
    );
    return times.length > 0 ? [{ alert: rule.alert, labels: { ...metric, ...rule.labels }, times }] : [];
  });
}

/**
 * Returns when an alert with results at these times fires: from `forSeconds` after the first of several evaluations in
 * a row (rules/alerting.go of Prometheus).
 */
export function firingTimes(times: readonly number[], forSeconds: number, step: number): Period[] {
  const firing: Period[] = [];
  let activeSince = Number.NaN;
  let last = Number.NaN;
  for (const time of times) {
    if (!(time - last <= step)) activeSince = time;
    const isNew = time - activeSince < forSeconds + step;
    if (time - activeSince >= forSeconds) {
      const open = firing.at(-1);
      if (isNew || open === undefined) firing.push({ start: time, end: time });
      else open.end = time;
    }
    last = time;
  }
  return firing;
}

/** Prometheus answers at most 11,000 points of a series. */
export async function queryRange(
  url: string,
  query: string,
  { start, end, step }: RuleGrid,
): Promise<Result[]> {
  const body = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${step}` });
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const answer = (await response.json()) as { error?: string; data?: { result: Result[] } };
  if (answer.data === undefined) throw new Error(`${query}: ${answer.error}`);
  return answer.data.result;
}

function secondsOf(duration: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (seconds === undefined) throw new Error(`${duration} is not a duration`);
  return Number(number) * seconds;
}
