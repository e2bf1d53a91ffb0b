import type { Report, Target } from '../../model/report.ts';

/** Digits and dots: IPv4. What has colons is an address with a port, or IPv6: no name of a node may have one. */
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/** "10.0.0.4" of "10.0.0.4:10350", "fd00::1" of "[fd00::1]:10350". */
function hostOf(address: string): string {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(address) ?? [];
  if (bracketed !== undefined) return bracketed;
  return /^[^:]*:\d+$/.test(address) ? address.replace(/:\d+$/, '') : address;
}

/**
 * The address that stands where a node's name is not known, without its port; null where it is a name.
 * Some clusters name nodes by their IPv4 addresses, so a bare one counts only where no node has a name.
 */
export function addressOf(
  { survey }: Pick<Report, 'survey'>,
  { component, node, instances }: Pick<Target, 'component' | 'node' | 'instances'>,
): string | null {
  if (node.includes(':')) return hostOf(node);
  const isUnnamed = survey?.[component].nodeFrom === 'address' && instances.includes(node);
  return isUnnamed && IPV4.test(node) ? node : null;
}
