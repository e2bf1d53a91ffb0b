import * as z from 'zod';

/** What all parts of `report.json` are made of. */

export const instant = z.iso.datetime({ offset: false }).describe('ISO 8601, UTC');

export const STATUSES = [
  'healthy',
  'warning',
  'critical',
  'no-data',
  'not-enabled',
  'not-exposed',
  'failed',
] as const;

/** Of what could be judged. */
export const JUDGED_STATUSES = ['healthy', 'warning', 'critical'] as const;

export function isJudged(status: (typeof STATUSES)[number]): boolean {
  return JUDGED_STATUSES.some((judged) => judged === status);
}

export const status = z
  .enum(STATUSES)
  .describe(
    'no-data: should be there, is not; not-enabled: its feature is off; not-exposed: not in this Antrea version; failed: the query failed',
  );
