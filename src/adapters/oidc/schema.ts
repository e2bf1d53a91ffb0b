import * as z from 'zod';
import { isPrivateAddress } from '../../config/schema/private-address.ts';
import { secret } from '../secrets/schema.ts';

/** A session has one bit for each group, so that its cookie stays small. */
const MOST_GROUPS = 1000;

const groups = z
  .strictObject({
    claim: z
      .string()
      .min(1)
      .describe('claim of the ID token or of UserInfo that lists the groups of a person'),
    clusters: z
      .record(z.string().min(1), z.array(z.string().min(1)).min(1))
      .refine((all) => Object.keys(all).length <= MOST_GROUPS, {
        error: `has more than ${MOST_GROUPS} groups`,
      })
      .describe('by group: the clusters that its people see, or "*" for all of them'),
  })
  .describe('who sees which clusters; everybody who signs in sees all of them when absent');

/** How people sign in to the pages with the login of their company. */
export const signIn = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/, error: 'is not an https address' })
      .refine(isPrivateAddress, { error: 'must be an https address' })
      .describe('address of the OpenID Connect issuer, as the issuer names itself'),
    clientId: z.string().min(1).max(200).describe('id under which the issuer knows this service'),
    clientSecret: secret.optional().describe('a reference; a public client, which has none, when absent'),
    clientAuthentication: z
      .enum(['basic', 'post'])
      .optional()
      .describe(
        'how the client sends its secret, as it is registered; when absent, basic unless the issuer does not support it',
      ),
    sessionKeys: z
      .array(secret)
      .min(1)
      .max(3)
      .describe(
        'references to keys of at least 32 bytes that encrypt the cookies; the first encrypts, and all decrypt, so that a key can be replaced',
      ),
    sessionHours: z
      .number()
      .positive()
      .max(168)
      .optional()
      .describe('hours after which a person signs in again; 12 when absent'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'is not a scope' }))
      .optional()
      .describe('what to ask the issuer for in addition to openid; profile when absent'),
    groups: groups.optional(),
    caFile: z
      .string()
      .optional()
      .describe('PEM file with certificates to trust in addition to the system’s; only for serve'),
  })
  .describe('people sign in with an OpenID Connect issuer, such as the login of their company');
export type SignInConfig = z.infer<typeof signIn>;
