import { BlockList, isIPv6 } from 'node:net';
import * as z from 'zod';
import { keyRule } from '../../config/schema/key-rule.ts';

/** Adds an address or a range such as 10.0.0.0/8 to a list, and returns whether it is one. */
export function addRange(list: BlockList, range: string): boolean {
  const [address = '', bits] = range.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  try {
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(bits)) list.addSubnet(address, Number(bits), family);
    else return false;
    return true;
  } catch {
    return false;
  }
}

const jwt = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }),
    audience: z.array(z.string().min(1)).min(1),
    caFile: z.string().optional().describe('PEM file with certificates to trust in addition to the system’s'),
  })
  .describe('callers send a token of an OpenID Connect issuer: Authorization: Bearer …');

const proxy = z
  .strictObject({
    userHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, { error: 'is not the name of a header' })
      .describe('header in which the proxy names the user, such as X-Forwarded-User'),
    from: z
      .array(
        z.string().refine((range) => addRange(new BlockList(), range), {
          error: 'is not an address or a range such as 10.0.0.0/8',
        }),
      )
      .min(1)
      .describe('addresses of the proxy; requests from other addresses are refused'),
  })
  .describe('a proxy authenticates callers, and removes the header from their requests');

/** The ways to authenticate callers, by the key that chooses and configures one. */
const ways = { jwt: jwt.optional(), proxy: proxy.optional() };
export type AuthenticationKey = keyof typeof ways;

/** Who may use the pages and the HTTP API of `serve`. */
export const serve = z
  .strictObject({
    authentication: z
      .strictObject(ways)
      .refine(
        (config) => (Object.keys(ways) as AuthenticationKey[]).filter((key) => config[key]).length === 1,
        keyRule(`needs exactly one of ${Object.keys(ways).join(' and ')}`),
      )
      .optional()
      .describe('when absent, serve answers only requests from its own machine'),
    basePath: z
      .string()
      .regex(/^(?:\/[\w.~-]+)+$/, { error: 'is not a path such as /antrea-health' })
      .optional()
      .describe('path below which a proxy serves the pages'),
  })
  .describe('the command serve');
export type ServeConfig = z.infer<typeof serve>;
export type AuthenticationConfig = NonNullable<ServeConfig['authentication']>;
