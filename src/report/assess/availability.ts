import type { PeriodGrid } from '../model/gathered.ts';
import { mergePeriods, type Period } from '../model/period.ts';
import type { Availability } from '../model/report-analysis.ts';
import type { Silence } from '../model/silence.ts';
import { pointAt, stepStart } from '../model/time.ts';
import type { JudgedIndicator } from './judge-indicator.ts';
import { silenceWindows } from './silences.ts';

/** What is known of the control path at the points of a period; NaN: unknown. */
export type ControlPath = {
  /** The number of controllers that answered. */
  controllers: Float64Array;
  /** The number of agents that answered their scrapes and were not connected to the controller. */
  unconnected: Float64Array;
  /** Whether any agent was scraped with success. */
  agentsScraped: readonly boolean[];
};

type State = 'available' | 'noController' | 'unconnected' | 'unknown';

/**
 * Returns for how long the control path was available. Maintenance of the whole cluster does not count;
 * docs/decisions/0029-availability.md has the definition.
 */
export function availabilityOf(
  path: ControlPath,
  facts: Pick<PeriodGrid, 'grid' | 'period'>,
  silences: readonly Silence[],
): Availability {
  const maintenance = mergePeriods(
    silences
      .filter(({ kind, subject }) => kind === 'maintenance' && subject === null)
      .flatMap((silence) => silenceWindows(silence, facts.period)),
  );
  const seconds: Record<State, number> = { available: 0, noController: 0, unconnected: 0, unknown: 0 };
  let left = 0;
  for (let index = 0; index < facts.grid.count; index += 1) {
    const step = {
      start: stepStart(facts, index),
      end: Math.min(facts.period.end, pointAt(facts.grid, index)),
    };
    const within = overlapOf(step, maintenance);
    left += within;
    seconds[stateAt(path, index)] += step.end - step.start - within;
  }
  return {
    availableSeconds: Math.round(seconds.available),
    noControllerSeconds: Math.round(seconds.noController),
    unconnectedSeconds: Math.round(seconds.unconnected),
    unknownSeconds: Math.round(seconds.unknown),
    maintenanceSeconds: Math.round(left),
  };
}

/** What is bad is known even if the rest is not; what is good must be known in full. */
function stateAt({ controllers, unconnected, agentsScraped }: ControlPath, index: number): State {
  const [running = Number.NaN, missing = Number.NaN] = [controllers[index], unconnected[index]];
  if (running < 1) return 'noController';
  if (missing > 0) return 'unconnected';
  return running >= 1 && missing === 0 && agentsScraped[index] === true ? 'available' : 'unknown';
}

/** @param periods disjoint */
function overlapOf({ start, end }: Period, periods: readonly Period[]): number {
  let seconds = 0;
  for (const period of periods)
    seconds += Math.max(0, Math.min(end, period.end) - Math.max(start, period.start));
  return seconds;
}

/** Returns the control path as the indicators of the catalog know it; null if the report lacks one of them. */
export function controlPathOf(
  judged: readonly Pick<JudgedIndicator, 'controlPath'>[],
  agentsScraped: readonly boolean[],
): ControlPath | null {
  const find = (wanted: string) =>
    judged.find(({ controlPath }) => controlPath?.part === wanted)?.controlPath?.values;
  const [controllers, unconnected] = [find('controllers'), find('unconnected-agents')];
  return controllers && unconnected ? { controllers, unconnected, agentsScraped } : null;
}
