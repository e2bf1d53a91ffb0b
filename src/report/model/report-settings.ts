import type { Indicator } from './indicator.ts';
import type { Link } from './links.ts';
import type { OptionalSection } from './report-values.ts';
import type { Silence } from './silence.ts';
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
  /** The address of runbooks, with {indicator}. */
  runbook?: string | undefined;
  /** Findings that do not count. */
  silences: readonly Silence[];
  /** Links to other pages, for each incident and each indicator. */
  links: readonly Link[];
  /** Sections that renderings leave out. */
  leaveOut: readonly OptionalSection[];
  coverage: {
    gapSeconds: number | undefined;
    restarts: { warning?: number | undefined; critical?: number | undefined };
  };
};
