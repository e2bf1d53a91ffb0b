import { createHash } from 'node:crypto';

/** Characters of the hash: 32 bits, enough for the few hundred anchors of a page. */
const LENGTH = 8;

/** Returns a short id that depends only on the given facts, for anchors of what has no id that can be one. */
export function stableId(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, LENGTH);
}
