import { createHash } from 'node:crypto';

const LONGEST_SLUG = 40;

/**
 * A cluster's name as part of ids, keys and addresses: small letters, digits and single hyphens. Names that need no
 * change stay as they are; others get a hash, so that 生产 and 测试 do not become the same.
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
