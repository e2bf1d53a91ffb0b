/** Simulated clusters with the past that their reports read, as parts to load one after the other. */
import { nodeNames, type Simulation } from '../test/simulation/cluster.ts';
import type { Fault } from '../test/simulation/faults.ts';
import { MONTH, simulatedMonth } from '../test/simulation/months.ts';
import { simulatedDay, timeOfDay } from '../test/simulation/scenarios.ts';

export type Scenario = { period: { start: number; end: number }; parts: readonly Simulation[] };

const DAY = 86_400;

/** Seconds of data before each part, so that look-backs are full at its start. */
const LEAD_SECONDS = 1800;

/** Enough for a history with a point per hour; scraping weeks of 300 nodes every minute would take an hour to load. */
const HISTORY_SCRAPE_SECONDS = 300;

/** Exporters and features that only some clusters have: without them, reports query the same and get less. */
const OPTIONS = { flowExporter: true, kubeStateMetrics: true, allocatablePods: 250 } as const;

/**
 * The faulty day, the day before and a week before, scraped every minute; the rest of four weeks less often.
 * @param isUpgraded whether every agent gets a new Pod in the course of an hour of the day
 */
export function dayWithPast(nodes: number, { isUpgraded = false } = {}): Scenario {
  const { simulation: ofDay, period } = simulatedDay('faulty', { nodes, ...OPTIONS });
  const faults = [...(ofDay.faults ?? []), ...(isUpgraded ? upgrade(nodes) : [])];
  const simulation = { ...ofDay, faults };
  const from = period.start - DAY - LEAD_SECONDS;
  const weekBefore = { start: period.start - 7 * DAY - LEAD_SECONDS, end: period.end - 7 * DAY };
  const healthy = { ...simulation, faults: [] };
  const thin = { ...healthy, scrapeIntervalSeconds: HISTORY_SCRAPE_SECONDS };
  return {
    period,
    parts: [
      { ...thin, start: period.end - 28 * DAY, end: weekBefore.start },
      { ...healthy, ...weekBefore },
      { ...thin, start: weekBefore.end, end: from },
      { ...simulation, start: from },
    ],
  };
}

/** No fault of the day begins, ends or has events in this hour. */
const UPGRADE_START = timeOfDay('22:00');
const UPGRADE_SECONDS = 3600;

/** How long a node has no agent when its Pod is recreated. */
const SECONDS_WITHOUT_AGENT = 45;

/** A rolling update: the nodes follow each other evenly. */
function upgrade(nodes: number): Fault[] {
  return nodeNames(nodes).map((node, index) => {
    const start = UPGRADE_START + Math.floor((index * UPGRADE_SECONDS) / nodes);
    return { kind: 'recreated-pod', node, start, end: start + SECONDS_WITHOUT_AGENT };
  });
}

/** A month and the one before. */
export function monthWithPast(nodes: number): Scenario {
  const { simulation } = simulatedMonth({ nodes });
  const start = MONTH.start - (MONTH.end - MONTH.start) - LEAD_SECONDS;
  return { period: MONTH, parts: [{ ...simulation, start }] };
}
