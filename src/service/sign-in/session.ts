import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import * as z from 'zod';
import { ALL_CLUSTERS, type SignInSettings } from '../../config/sign-in.ts';
import type { VisibleClusters } from '../api/caller.ts';
import type { Claims } from './provider.ts';

/** What the cookie of a session says about a person. */
export type Session = { sub: string; name: string; groups: string };

const sessionSchema = z.object({ sub: z.string(), name: z.string(), groups: z.string() });

type Groups = SignInSettings['groups'];

/** OpenID Connect Core 1.0, section 2: "It MUST NOT exceed 255 ASCII characters in length." */
const LONGEST_SUBJECT = 255;

/** In characters. A longer name has no room on the page. */
const LONGEST_NAME = 60;

/** Which clusters a person sees is decided with each request, so that a new configuration counts at once. */
export function sessionOf(claims: Claims, groups: Groups): Session {
  const { sub } = claims;
  const named = ['name', 'preferred_username', 'email'].map((claim) => claims[claim]);
  const name =
    named.find((value): value is string => typeof value === 'string' && value.trim() !== '') ?? sub;
  return {
    sub: sub.slice(0, LONGEST_SUBJECT),
    name: [...name.trim()].slice(0, LONGEST_NAME).join(''),
    groups: groups ? encodeGroups(claims[groups.claim], groups) : '',
  };
}

export function readSession(content: JWTPayload | null): Session | null {
  const parsed = sessionSchema.safeParse(content);
  return parsed.success ? parsed.data : null;
}

/** The configured groups in an order that does not depend on that of the file. */
const groupNames = (groups: NonNullable<Groups>): string[] => Object.keys(groups.clusters).sort();

/** One bit for each configured group, in base64url: people can have thousands of groups, and a cookie 4 KB. */
function encodeGroups(claim: unknown, groups: NonNullable<Groups>): string {
  const member = new Set<unknown>(Array.isArray(claim) ? claim : [claim]);
  const bits = Buffer.alloc(Math.ceil(groupNames(groups).length / 8));
  for (const [index, name] of groupNames(groups).entries())
    if (member.has(name)) bits.writeUInt8(bits.readUInt8(index >> 3) | (1 << (index & 7)), index >> 3);
  return bits.toString('base64url');
}

/** Identifies the groups that the bits of a session are about. Sessions of other groups must not be read. */
export function groupsFingerprint(groups: Groups): string {
  if (!groups) return '';
  return createHash('sha256')
    .update(JSON.stringify([groups.claim, ...groupNames(groups)]))
    .digest('hex');
}

/** Returns the clusters that the groups of a session let a person see. */
export function clustersOfSession({ groups: encoded }: Session, groups: Groups): VisibleClusters {
  if (!groups) return 'all';
  const bits = Buffer.from(encoded, 'base64url');
  const names = groupNames(groups).filter((_, index) => ((bits[index >> 3] ?? 0) >> (index & 7)) & 1);
  return clustersOfGroups(names, groups);
}

/** Returns the clusters that the groups in a claim let a caller see. */
export function clustersOfClaim(claim: unknown, groups: Groups): VisibleClusters {
  if (!groups) return 'all';
  const member = new Set<unknown>(Array.isArray(claim) ? claim : [claim]);
  return clustersOfGroups(
    groupNames(groups).filter((name) => member.has(name)),
    groups,
  );
}

function clustersOfGroups(names: readonly string[], { clusters }: NonNullable<Groups>): VisibleClusters {
  const visible = new Set(names.flatMap((name) => clusters[name] ?? []));
  return visible.has(ALL_CLUSTERS) ? 'all' : visible;
}
