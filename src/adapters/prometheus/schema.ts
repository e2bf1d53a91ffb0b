import * as z from 'zod';
import { duration } from '../../config/schema/duration.ts';
import { headers, type SecretReference, secret } from '../secrets/schema.ts';

/** Prometheus 3 allows any text as the name of a label. */
const label = z.string().min(1, { error: 'is not a label name' });

/** The name of a job, or a list of names. */
const jobs = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const COMPONENT_KEYS = ['all', 'agent', 'controller'];

const matchers = z
  .record(label, z.union([z.string(), z.record(label, z.string())], { error: 'is not a label value' }))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given))
      if (typeof value !== 'string' && !COMPONENT_KEYS.includes(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `must be a label value; only ${COMPONENT_KEYS.join(', ')} can contain labels`,
        });
  });

export const prometheus = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'is not an http or https address' })
    .optional()
    .describe('address of the Prometheus API, with its path prefix if it has one'),
  bearerToken: secret.optional(),
  basic: z
    .strictObject({ username: z.string().min(1), password: secret })
    .optional()
    .describe('authenticate with user name and password (HTTP Basic)'),
  sigv4: z
    .strictObject({
      region: z
        .string()
        .regex(/^[a-z]{2,}(?:-[a-z0-9]+)+$/, { error: 'is not a region such as eu-central-1' })
        .optional()
        .describe(
          'AWS region; when absent, it is taken from the address of an Amazon Managed Prometheus workspace',
        ),
      roleArn: z
        .string()
        .regex(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/, {
          error: 'is not the ARN of a role such as arn:aws:iam::123456789012:role/name',
        })
        .optional()
        .describe('the role to assume for a workspace of another account'),
    })
    .optional()
    .describe('sign requests for Amazon Managed Prometheus with the credentials that the AWS tools find'),
  headers: headers
    .optional()
    .describe('headers to send with every request, such as X-Scope-OrgID for a tenant of Mimir'),
  caFile: z.string().optional().describe('PEM file with certificates to trust in addition to the system’s'),
  capture: z
    .string()
    .min(1)
    .optional()
    .describe('file of a recorded capture to use instead of url; to try the program, not for AWS'),
  timeout: duration.optional().describe('time limit of each query, at most 1h; 60s when absent'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('number of queries at the same time; 4 when absent'),
  matchers: matchers
    .optional()
    .describe(
      'labels that the series of the cluster must have, for all series or by component (all, agent, controller)',
    ),
  jobs: z
    .strictObject({ agent: jobs.optional(), controller: jobs.optional() })
    .optional()
    .describe(
      'job names of Antrea’s targets by component, one or a list; found by their metrics when absent',
    ),
  nodeLabel: z
    .union([label, z.strictObject({ agent: label.optional(), controller: label.optional() })])
    .optional()
    .describe(
      'label that contains the node name, for both components or by component; found automatically when absent',
    ),
  scrapeInterval: duration.optional().describe('scrape interval of Antrea’s targets; measured when absent'),
});

/** The keys that authenticate requests to Prometheus. At most one of them may be set. */
export const AUTHENTICATION_KEYS = ['bearerToken', 'basic', 'sigv4'] as const;

/** How to reach Prometheus. Secrets are still references. */
export type PrometheusSettings = {
  url: string | undefined;
  /** The file of a capture, instead of an address. */
  capture: string | undefined;
  bearerToken: SecretReference | undefined;
  basic: { username: string; password: SecretReference } | undefined;
  /** Set when requests are signed for AWS. When the region is absent, it is taken from the address. */
  sigv4: { region?: string | undefined; roleArn?: string | undefined } | undefined;
  headers: Readonly<Record<string, string | SecretReference>>;
  caFile: string | undefined;
  timeoutMilliseconds: number | undefined;
  concurrency: number | undefined;
};
