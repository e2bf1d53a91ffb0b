import * as z from 'zod';
import { COMPONENTS, SEVERITIES, UNITS } from './indicator.ts';

/** Values that all parts of `report.json` use. */

/** One line of text from a configuration, without control characters. */
export const oneLine = (maxLength: number) =>
  z
    .string()
    .regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, { error: 'must be one line of text' })
    .max(maxLength, { error: `is longer than ${maxLength} characters` });

export const instant = z.iso.datetime({ offset: false }).describe('ISO 8601, UTC');

export const component = z.enum(COMPONENTS);
export const severity = z.enum(SEVERITIES);
export const unit = z.enum(UNITS);
export const labels = z.record(z.string(), z.string());

export const STATUSES = [
  'healthy',
  'warning',
  'critical',
  'no-data',
  'not-enabled',
  'not-exposed',
  'not-captured',
  'failed',
] as const;

/** The sections of a report that readers who know them can do without. */
export const OPTIONAL_SECTIONS = ['metrics'] as const;
export type OptionalSection = (typeof OPTIONAL_SECTIONS)[number];

/** The statuses of what could be judged. */
export const JUDGED_STATUSES = ['healthy', 'warning', 'critical'] as const;

export function isJudged(status: (typeof STATUSES)[number]): boolean {
  return JUDGED_STATUSES.some((judged) => judged === status);
}

export const status = z
  .enum(STATUSES)
  .describe(
    'no-data: it should exist, but does not; not-enabled: its feature is off; not-exposed: this version of Antrea does not have it; not-captured: the capture was recorded without its query; failed: the query failed',
  );
