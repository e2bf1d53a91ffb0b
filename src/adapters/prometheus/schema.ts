import * as z from 'zod';
import { duration } from '../../config/duration-schema.ts';
import { type SecretReference, secret } from '../secrets/schema.ts';

/** Since Prometheus 3, any text may be the name of a label. */
const label = z.string().min(1, { error: 'is not the name of a label' });

const COMPONENT_KEYS = ['all', 'agent', 'controller'];

const matchers = z
  .record(label, z.union([z.string(), z.record(label, z.string())], { error: 'is not the value of a label' }))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given))
      if (typeof value !== 'string' && !COMPONENT_KEYS.includes(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `contains labels, which only ${COMPONENT_KEYS.join(', ')} may contain`,
        });
  });

export const prometheus = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }).optional(),
  bearerToken: secret.optional(),
  basic: z.strictObject({ username: z.string().min(1), password: secret }).optional(),
  sigv4: z
    .strictObject({
      region: z
        .string()
        .regex(/^[a-z]{2,}(?:-[a-z0-9]+)+$/, { error: 'is not a region such as eu-central-1' })
        .optional()
        .describe('taken from the address of an Amazon Managed Prometheus workspace when absent'),
      roleArn: z
        .string()
        .regex(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/, {
          error: 'is not the ARN of a role, arn:aws:iam::123456789012:role/name',
        })
        .optional()
        .describe('the role to assume, for workspaces of another account'),
    })
    .optional()
    .describe('signs requests for Amazon Managed Prometheus, with the credentials that AWS’s own tools use'),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of a header' }),
      z.union([z.string(), secret], {
        error:
          'is neither text nor the source of a secret: "file: …", "environment: …", "parameter: …" or "secret: …"',
      }),
    )
    .optional()
    .describe('sent with every request, for example X-Scope-OrgID for Mimir'),
  caFile: z.string().optional().describe('PEM certificates to trust in addition to the system’s'),
  capture: z
    .string()
    .min(1)
    .optional()
    .describe('a recorded capture instead of a live Prometheus, for evaluation; not on AWS'),
  timeout: duration.optional().describe('for each query; 60s when absent'),
  concurrency: z.number().int().min(1).max(64).optional().describe('queries at once; 4 when absent'),
  matchers: matchers
    .optional()
    .describe('labels of the cluster’s series; under all, agent and controller for one or both components'),
  jobs: z
    .strictObject({
      agent: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
      controller: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
    })
    .optional()
    .describe('job names; found by the metrics when absent'),
  nodeLabel: z
    .union([label, z.strictObject({ agent: label.optional(), controller: label.optional() })])
    .optional()
    .describe(
      'the label with the node’s name, for both components or for each; found automatically when absent',
    ),
  scrapeInterval: duration.optional().describe('measured when absent'),
});

/** Keys that authenticate to Prometheus. Only one of them may be set. */
export const AUTHENTICATION_KEYS = ['bearerToken', 'basic', 'sigv4'] as const;

/** How to reach Prometheus, before secrets are looked up. */
export type PrometheusSettings = {
  url: string | undefined;
  /** The path of a capture, which replaces the address. */
  capture: string | undefined;
  bearerToken: SecretReference | undefined;
  basic: { username: string; password: SecretReference } | undefined;
  /** Signs requests for AWS. A missing region is taken from the address. */
  sigv4: { region?: string | undefined; roleArn?: string | undefined } | undefined;
  headers: Readonly<Record<string, string | SecretReference>>;
  caFile: string | undefined;
  timeoutMilliseconds: number | undefined;
  concurrency: number | undefined;
};
