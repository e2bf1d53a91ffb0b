import { SEVERITIES, type Severity, type Thresholds, type Unit } from '../../model/indicator.ts';
import { UNIT_FORMATS } from '../../render/kit/units.ts';

/** From this value on, a chart of Grafana has the color; `null` is below all others. */
export type ThresholdStep = { value: number | null; color: string };

const COLORS: Readonly<Record<Severity, string>> = { warning: 'orange', critical: 'red' };
const HEALTHY = 'green';

/** A value that is just above 0, for amounts that need not be whole. */
const ABOVE_ZERO = 1e-6;

/** Returns the fixed thresholds. Those that compare with the usual level or count episodes cannot be drawn. */
export function thresholdSteps({ warning, critical }: Thresholds, unit: Unit): ThresholdStep[] {
  const steps: ThresholdStep[] = [];
  let lowest = HEALTHY;
  for (const severity of SEVERITIES) {
    const threshold = { warning, critical }[severity];
    if (threshold === undefined) continue;
    const { above, atLeast, below, change, rise, times = 1 } = threshold;
    if (change !== undefined || rise !== undefined || times > 1) continue;
    const from = above === undefined ? atLeast : justAbove(above, unit);
    if (from !== undefined) steps.push({ value: from, color: COLORS[severity] });
    if (below !== undefined) {
      lowest = COLORS[severity];
      steps.push({ value: below, color: HEALTHY });
    }
  }
  steps.sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
  return [{ value: null, color: lowest }, ...steps];
}

/** Grafana includes the value itself, which `above` does not. */
function justAbove(value: number, unit: Unit): number {
  if (UNIT_FORMATS[unit].noun === 'counted') return Math.floor(value) + 1;
  return value === 0 ? ABOVE_ZERO : value;
}
