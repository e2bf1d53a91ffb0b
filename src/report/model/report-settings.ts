import type { Indicator } from './indicator.ts';
import type { TargetSettings } from './survey.ts';

/** How a cluster's reports are made: what is asked, and by what the answers are judged. */
export type ReportSettings = {
  timeZone: string;
  targetSettings: TargetSettings;
  /** Distance of the points of a chart; planned from the period when absent. */
  stepSeconds: number | undefined;
  /** Measured when absent. */
  scrapeIntervalSeconds: number | undefined;
  indicators: readonly Indicator[];
  coverage: {
    gapSeconds: number | undefined;
    restarts: { warning?: number | undefined; critical?: number | undefined };
  };
};
