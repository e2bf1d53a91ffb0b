import { MAX_STEP_SECONDS, planWindows } from '../gather/plan.ts';
import type { Windows } from '../model/series.ts';
import { DAY_SECONDS } from '../model/time.ts';
import type { DurationTexts } from '../promql/placeholders.ts';
import { durationOf } from './queries.ts';

export type RuleWindows = { windows: Windows; texts: DurationTexts };

/** Returns the look-backs of rules: those of a report on a day. */
export function planRuleWindows(scrapeIntervalSeconds: number): RuleWindows {
  const step = Math.max(MAX_STEP_SECONDS, scrapeIntervalSeconds);
  const windows = planWindows(step, scrapeIntervalSeconds, true);
  return {
    windows,
    texts: {
      window: durationOf(windows.rateSeconds),
      span: durationOf(windows.spanSeconds),
      interval: durationOf(windows.scrapeIntervalSeconds),
      step: durationOf(step),
      period: durationOf(DAY_SECONDS),
    },
  };
}
