import type { CapacityReading } from './report-analysis.ts';

/** Returns the days until the limit is reached: 0 at the limit, infinity without a forecast. */
export function daysUntilFull({ usedRatio, fullInDays }: CapacityReading): number {
  return usedRatio >= 1 ? 0 : (fullInDays?.value ?? Number.POSITIVE_INFINITY);
}

/** Whether the capacity has reached its limit or is forecast to. */
export function runsOut(reading: CapacityReading): boolean {
  return Number.isFinite(daysUntilFull(reading));
}
