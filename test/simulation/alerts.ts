/** The series `ALERTS` that Prometheus and vmalert write for each alert while it fires. */
import type { Labels } from './cluster.ts';
import type { SimulatedSeries } from './samples.ts';
import { timeOfDay } from './scenarios.ts';

type Span = { start: number; end: number };

/** An alert with the labels of its series, and when it fired, in Unix seconds. */
export type SimulatedAlert = { name: string; labels: Labels; times: readonly Span[] };

/** Prometheus's default (evaluation_interval). */
const EVALUATION_SECONDS = 60;

export function* alertSeries(alerts: readonly SimulatedAlert[]): Generator<SimulatedSeries> {
  for (const { name, labels, times } of alerts) {
    const seconds = times.flatMap(({ start, end }) =>
      Array.from(
        { length: Math.floor((end - start) / EVALUATION_SECONDS) + 1 },
        (_, index) => start + index * EVALUATION_SECONDS,
      ),
    );
    yield {
      family: { name: 'ALERTS', type: 'gauge' },
      name: 'ALERTS',
      labels: { alertname: name, alertstate: 'firing', ...labels },
      timestamps: Float64Array.from(seconds, (one) => one * 1000),
      values: new Float64Array(seconds.length).fill(1),
    };
  }
}

const span = (from: string, to: string): Span => ({ start: timeOfDay(from), end: timeOfDay(to) });

/**
 * The alerts of the faulty day (scenarios.ts): one of our rules about a slow proxy, one about the job of the agents while one was not
 * scraped, one that belongs to no incident, and those of other applications. Nothing fires for the descriptors of
 * worker-07.
 */
export const FAULTY_DAY_ALERTS: readonly SimulatedAlert[] = [
  {
    name: 'AntreaProxySyncDuration',
    labels: { severity: 'critical', component: 'agent', node: 'worker-05' },
    times: [span('17:16', '17:57')],
  },
  {
    name: 'TargetDown',
    labels: { severity: 'warning', job: 'antrea-agents', namespace: 'kube-system' },
    times: [span('04:11', '05:58')],
  },
  {
    name: 'AntreaFlowsUnusual',
    labels: { severity: 'page', instance: 'worker-10' },
    times: [span('10:01', '10:19'), span('12:31', '12:39')],
  },
  { name: 'Watchdog', labels: { severity: 'none' }, times: [span('00:00', '23:59')] },
  {
    name: 'KubePodCrashLooping',
    labels: { severity: 'warning', namespace: 'shop', pod: 'web-worker-07', node: 'worker-07' },
    times: [span('19:40', '21:00')],
  },
  {
    name: 'NodeHighCpu',
    labels: { severity: 'warning', job: 'node-exporter', instance: 'worker-07:9100' },
    times: [span('19:40', '21:00')],
  },
];
