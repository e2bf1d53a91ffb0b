import type { AxisTick } from './charts/time-axis.ts';
import type { Context } from './context.ts';
import { timeTicks } from './time-ticks.ts';

/** Returns the ticks of the time axis that all charts and bars of a report share. */
export function periodTicks({ report: { period }, format }: Context): AxisTick[] {
  const from = Date.parse(period.start);
  const to = Date.parse(period.end);
  return timeTicks(from, to, format.timeZone).map(({ at, startsDay, minor }) => ({
    at: (at.getTime() - from) / (to - from),
    label: startsDay ? format.day(at) : format.clock(at),
    startsDay,
    minor,
  }));
}
