import * as z from 'zod';
import { DURATION_PATTERN } from '../duration.ts';

export const duration = z
  .string()
  .regex(DURATION_PATTERN, {
    error: (issue) => `"${issue.input}" is not a duration such as 30s, 10m, 24h or 7d`,
  })
  .describe('such as 30s, 10m, 24h or 7d');
