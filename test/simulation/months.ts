/** A month of a cluster with a working week. On two nodes a level changes for good; nothing else happens. */
import type { Simulation } from './cluster.ts';

const DAY = 86_400;
const END = Date.UTC(2026, 10, 1) / 1000;

/** The period of the report, in Unix seconds. */
export const MONTH = { start: END - 30 * DAY, end: END };

/** A fifth of an agent's memory every two days; no threshold is reached within the month. */
const LEAK_BYTES_PER_DAY = 9 * 1024 ** 2;

/** Less than the change by half that the threshold of the flow count requires. */
const STEP_RATIO = 1.4;

/** A Tuesday afternoon. */
const STEP_AT = Date.UTC(2026, 9, 20, 14, 20) / 1000;

/** @param changes may set anything: `faults: []` makes the month healthy */
export function simulatedMonth(changes: Partial<Simulation> = {}) {
  const simulation: Simulation = {
    ...MONTH,
    start: MONTH.start - 3600,
    scrapeIntervalSeconds: 300,
    nodes: 4,
    weekly: 0.3,
    flowExporter: true,
    kubeStateMetrics: true,
    bystanders: false,
    faults: [
      { kind: 'memory-leak', node: 'worker-01', ...MONTH, bytesPerDay: LEAK_BYTES_PER_DAY },
      { kind: 'flows-step', node: 'worker-02', start: STEP_AT, end: MONTH.end, ratio: STEP_RATIO },
    ],
    ...changes,
  };
  return {
    simulation,
    truth: {
      leak: { node: 'worker-01', perDay: LEAK_BYTES_PER_DAY },
      step: { node: 'worker-02', ratio: STEP_RATIO, at: new Date(STEP_AT * 1000).toISOString() },
    },
  };
}
