import * as z from 'zod';
import { duration } from '../../config/duration-schema.ts';
import { type SecretReference, secret } from '../secrets/schema.ts';

/** Since Prometheus 3 any text may be the name of a label. */
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
          message: `has labels of its own, which only ${COMPONENT_KEYS.join(', ')} may have`,
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
        .describe('the role to ask as, for workspaces of another account'),
    })
    .optional()
    .describe(
      'sign requests for Amazon Managed Prometheus, with the credentials that AWS’s own tools would use',
    ),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of a header' }),
      z.union([z.string(), secret], {
        error:
          'is neither text nor "file: …", "environment: …", "parameter: …" or "secret: …", the place where it is found',
      }),
    )
    .optional()
    .describe('sent with every request, for instance X-Scope-OrgID for Mimir'),
  caFile: z.string().optional().describe('PEM certificates to trust beside the usual ones'),
  capture: z
    .string()
    .min(1)
    .optional()
    .describe('a recorded capture instead of a live Prometheus; for trying things out, not for AWS'),
  timeout: duration.optional().describe('for each query; 60s when absent'),
  concurrency: z.number().int().min(1).max(64).optional().describe('queries at once; 4 when absent'),
  matchers: matchers
    .optional()
    .describe('labels that the cluster’s series have; under all, agent and controller also by component'),
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
    .describe('the label that holds the node’s name, for both components or for each; found when absent'),
  scrapeInterval: duration.optional().describe('measured when absent'),
});

/** Ways to prove to Prometheus who asks. */
export const PROOFS = ['bearerToken', 'basic', 'sigv4'] as const;

/** How to reach Prometheus, secrets not yet looked up. */
export type PrometheusSettings = {
  url: string | undefined;
  /** A capture's file, instead of an address. */
  capture: string | undefined;
  bearerToken: SecretReference | undefined;
  basic: { username: string; password: SecretReference } | undefined;
  /** Requests are signed for AWS; a missing region follows from the address. */
  sigv4: { region?: string | undefined; roleArn?: string | undefined } | undefined;
  headers: Readonly<Record<string, string | SecretReference>>;
  caFile: string | undefined;
  timeoutMilliseconds: number | undefined;
  concurrency: number | undefined;
};
