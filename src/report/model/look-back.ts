import type { Indicator } from './indicator.ts';
import type { Windows } from './series.ts';

/** Returns how far the query of an indicator looks back from each point, in seconds. */
export function lookBackOf(
  { query, reading }: Pick<Indicator, 'query' | 'reading'>,
  stepSeconds: number,
  windows: Windows,
): number {
  if (reading === 'total') return stepSeconds;
  return query.includes('$window') ? windows.rateSeconds : windows.spanSeconds;
}
