import { isIP } from 'node:net';
import type { Report, Target } from '../../model/report.ts';

/** `HOST:PORT`, where an IPv6 address stands in brackets: what Prometheus puts into `instance`. */
const INSTANCE = /^(?:\[([\da-fA-F:.]+)\]|([^\s:;]+)):\d+$/;

/**
 * The address, without its port, that stands in place of a node's name; null for a name. Node names have no colons, but
 * some clusters name their nodes by IPv4 addresses: such a name counts as an address only where no label names nodes.
 */
export function addressOf(
  { survey }: Pick<Report, 'survey'>,
  { component, node, instances }: Pick<Target, 'component' | 'node' | 'instances'>,
): string | null {
  const [, bracketed, host] = INSTANCE.exec(node) ?? [];
  const found = bracketed ?? host;
  if (found !== undefined) return found;
  if (isIP(node) === 6) return node;
  const isUnnamed = survey?.[component].nodeFrom === 'address' && instances.includes(node);
  return isUnnamed && isIP(node) === 4 ? node : null;
}
