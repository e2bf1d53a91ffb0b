import type { Indicator } from './indicator.ts';
import type { TargetSettings } from './survey.ts';

/** How the reports of a cluster are made: what is queried, and by which rules it is judged. */
export type ReportSettings = {
  timeZone: string;
  targetSettings: TargetSettings;
  /** Seconds between two points; derived from the length of the period if undefined. */
  stepSeconds: number | undefined;
  /** Measured if undefined. */
  scrapeIntervalSeconds: number | undefined;
  indicators: readonly Indicator[];
  coverage: {
    gapSeconds: number | undefined;
    restarts: { warning?: number | undefined; critical?: number | undefined };
  };
};
