import { z } from 'zod';
import { LANGUAGES } from '../model/indicator.ts';
import { DURATION_PATTERN } from './duration.ts';

/**
 * The configuration file. Every object refuses unknown keys, so that a misspelt one is noticed. Nothing here is
 * transformed, so that `docs/config.schema.json`, generated from it, says the same.
 */

export const FORMATS = ['html', 'pdf', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export const PAGE_SIZES = ['A4', 'Letter'] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

const duration = z
  .string()
  .regex(DURATION_PATTERN, {
    error: (issue) => `"${issue.input}" is not a duration such as 30s, 10m, 24h or 7d`,
  })
  .describe('such as 30s, 10m, 24h or 7d');

const secret = z
  .union(
    [
      z.strictObject({ file: z.string().min(1).describe('a file that holds it') }),
      z.strictObject({ environment: z.string().min(1).describe('an environment variable that holds it') }),
    ],
    { error: 'is not "file: …" or "environment: …", the place where the secret is found' },
  )
  .describe('where a secret is found; secrets themselves do not belong in this file');
export type SecretReference = z.infer<typeof secret>;

const threshold = z
  .strictObject({
    above: z.number().optional().describe('breached by greater values'),
    atLeast: z.number().optional().describe('breached by equal or greater values'),
    below: z.number().optional().describe('breached by smaller values'),
    change: z.number().positive().optional().describe('breached this far from the usual level, 0.5 = 50 %'),
    rise: z.number().positive().optional().describe('breached this far above the usual level, 0.5 = 50 %'),
    for: duration.optional().describe('how long it must hold; at once when absent'),
    times: z.number().int().positive().optional().describe('in how many separate steps it must hold'),
  })
  .refine(
    ({ above, atLeast, below, change, rise }) => {
      const given = [above, atLeast, below, change, rise].filter((value) => value !== undefined).length;
      return given === 1 || (given === 2 && above !== undefined && rise !== undefined);
    },
    { error: 'needs one of above, atLeast, below, change and rise, or above together with rise' },
  );

const prometheus = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }).optional(),
  bearerToken: secret.optional(),
  basic: z.strictObject({ username: z.string().min(1), password: secret }).optional(),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of a header' }),
      z.union([z.string(), secret], {
        error: 'is neither text nor "file: …" or "environment: …", the place where it is found',
      }),
    )
    .optional()
    .describe('sent with every request, for instance X-Scope-OrgID for Mimir'),
  caFile: z.string().optional().describe('PEM certificates to trust beside the usual ones'),
  timeout: duration.optional().describe('for each query; 60s when absent'),
  concurrency: z.number().int().min(1).max(64).optional().describe('queries at once; 4 when absent'),
  matchers: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'is not the name of a label' }), z.string())
    .optional()
    .describe('labels that all of the cluster’s series have, in a Prometheus of several clusters'),
  jobs: z
    .strictObject({
      agent: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
      controller: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
    })
    .optional()
    .describe('job names; antrea-agents and antrea-controllers when absent'),
  nodeLabel: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'is not the name of a label' })
    .optional()
    .describe('the label that holds the node’s name; node when absent'),
  scrapeInterval: duration.optional().describe('measured when absent'),
});

const report = {
  timeZone: z.string().optional().describe('IANA name; UTC when absent'),
  language: z.enum(LANGUAGES).optional(),
  formats: z.array(z.enum(FORMATS)).min(1).optional(),
  pageSize: z.enum(PAGE_SIZES).optional(),
  range: duration.optional().describe('how far back a report reaches; 24h when absent'),
  step: duration.optional().describe('distance of a chart’s points; planned from the range when absent'),
  prometheus: prometheus.optional(),
  indicators: z
    .record(
      z.string(),
      z.strictObject({
        warning: threshold.nullable().optional().describe('null: no warning'),
        critical: threshold.nullable().optional().describe('null: never critical'),
      }),
    )
    .optional()
    .describe('thresholds by indicator id, in the indicator’s unit'),
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
  })
  .describe('Configuration of antrea-health-report');

export type ConfigFile = z.infer<typeof configSchema>;
export type ReportConfig = Omit<ConfigFile, 'clusters'>;
export type ThresholdConfig = z.infer<typeof threshold>;
