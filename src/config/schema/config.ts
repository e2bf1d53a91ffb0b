import * as z from 'zod';
import { prometheus } from '../../adapters/prometheus/schema.ts';
import { OUTPUT_FORMATS } from '../../report/formats.ts';
import { LANGUAGES } from '../../report/model/indicator.ts';
import { PAGE_SIZES } from '../../report/model/rendition.ts';
import { deployment } from './deployment.ts';
import { duration } from './duration.ts';
import { indicators } from './indicators.ts';
import { mail } from './mail.ts';
import { digest, schedule } from './schedules.ts';

/**
 * The configuration file. Every object refuses unknown keys, so that a misspelt one is noticed. Nothing here is
 * transformed, so that `docs/config.schema.json`, generated from it, says the same.
 */

const report = {
  timeZone: z.string().optional().describe('IANA name; UTC when absent'),
  language: z.enum(LANGUAGES).optional(),
  formats: z.array(z.enum(OUTPUT_FORMATS)).min(1).optional(),
  pageSize: z.enum(PAGE_SIZES).optional(),
  range: duration.optional().describe('how far back a report reaches; 24h when absent'),
  step: duration.optional().describe('distance of a chart’s points; planned from the range when absent'),
  prometheus: prometheus.optional(),
  indicators: indicators
    .optional()
    .describe(
      'by id: thresholds of built-in indicators, and indicators of your own; null leaves out one of those, for a cluster',
    ),
  coverage: z
    .strictObject({
      gap: duration
        .optional()
        .describe('the shortest stretch without data that is a finding; 10m when absent'),
      restarts: z
        .strictObject({
          warning: z.number().int().positive().optional(),
          critical: z.number().int().positive().optional(),
        })
        .optional(),
    })
    .optional(),
};

const cluster = z.strictObject({ name: z.string().min(1).max(200), ...report });

export const configSchema = z
  .strictObject({
    ...report,
    clusters: z
      .array(cluster)
      .min(1)
      .optional()
      .describe('what differs by cluster; everything outside of this list holds for all of them'),
    schedules: z
      .array(schedule)
      .min(1)
      .max(50)
      .optional()
      .describe('when the service makes reports by itself'),
    digests: z.array(digest).min(1).max(50).optional().describe('messages about the reports of a period'),
    mail: mail.optional().describe('how digests are sent'),
    aws: deployment.optional(),
  })
  .describe('Configuration of antrea-health-report');

export type ConfigFile = z.infer<typeof configSchema>;
export type ReportConfig = Omit<ConfigFile, 'clusters' | 'schedules' | 'digests' | 'mail' | 'aws'>;
