import { isIP } from 'node:net';
import type { Report, Target } from '../../model/report.ts';

/** `HOST:PORT`, with IPv6 addresses in brackets: what Prometheus puts into `instance`. */
const INSTANCE = /^(?:\[([\da-fA-F:.]+)\]|([^\s:;]+)):\d+$/;

/**
 * Returns the address, without its port, that a target has in place of a node's name; null for a name. Node names have
 * no colons, but some clusters name their nodes by IPv4 addresses. Such a name counts as an address only where no
 * label names the nodes.
 */
export function addressOf(
  { survey }: Pick<Report, 'survey'>,
  { component, node, instances }: Pick<Target, 'component' | 'node' | 'instances'>,
): string | null {
  const [, bracketed, host] = INSTANCE.exec(node) ?? [];
  const address = bracketed ?? host;
  if (address !== undefined) return address;
  if (isIP(node) === 6) return node;
  const isUnnamed = survey?.[component].nodeFrom === 'address' && instances.includes(node);
  return isUnnamed && isIP(node) === 4 ? node : null;
}
