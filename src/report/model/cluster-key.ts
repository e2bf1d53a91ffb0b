import { createHash } from 'node:crypto';

/** Longest readable part of a key, in characters, so that ids and addresses stay short. */
const LONGEST_SLUG = 40;

/**
 * Returns a cluster's name for ids, keys and addresses: lowercase letters, digits and single hyphens. A name that has
 * to be changed for that also gets a hash, so that 生产 and 测试 do not get the same key.
 */
export function clusterKey(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-+$/, '');
  if (slug === name) return slug;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${slug || 'cluster'}-${hash}`;
}
