import type { ReportIndicator } from '../model/report.ts';
import type { Difference } from './difference.ts';
import type { Sides } from './side.ts';

type Thresholds = ReportIndicator['thresholds'];

/** Returns the thresholds that are different in the two reports. */
export function compareThresholds(sides: Sides): Difference['thresholds'] {
  return [...sides.second.indicators.values()].flatMap(({ id, unit, thresholds }) => {
    const before = sides.first.indicators.get(id)?.thresholds;
    if (before === undefined || hasSameThresholds(id, sides)) return [];
    return [{ indicator: id, unit, first: before, second: thresholds }];
  });
}

/** Whether both reports judge an indicator by the same thresholds; true if one of them does not have it. */
export function hasSameThresholds(id: string, { first, second }: Sides): boolean {
  const [before, after] = [first, second].map(({ indicators }) => indicators.get(id)?.thresholds);
  return before === undefined || after === undefined || textOf(before) === textOf(after);
}

/** The order of keys depends on the version of the program and on the configuration. */
function textOf({ warning, critical }: Thresholds): string {
  return JSON.stringify([warning, critical].map((threshold) => Object.entries(threshold ?? {}).sort()));
}
