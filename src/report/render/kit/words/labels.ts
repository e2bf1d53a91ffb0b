import type { Language } from '../../../model/indicator.ts';

/**
 * What the values of labels are called: which of a subject's series a number comes from. As `label=value`, since values
 * alone are not Antrea's own; what is not here is shown as it is.
 */
const EVERYWHERE: Readonly<Record<string, string>> = { 'ip_family=v4': 'IPv4', 'ip_family=v6': 'IPv6' };

const VALUES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    // Antrea's names of its work queues: pkg/controller/networkpolicy, pkg/agent/controller.
    'name=internalNetworkPolicy': 'NetworkPolicy queue',
    'name=addressGroup': 'AddressGroup queue',
    'name=appliedToGroup': 'AppliedToGroup queue',
    'name=internalGroup': 'Group queue',
    'name=networkpolicyrule': 'rule queue',
    'name=networkpolicystatus': 'policy status queue',
    'name=noderoute': 'route queue',
    'reason=selector_limit': 'wildcard limit',
    'reason=total_limit': 'total limit',
    'meter_id=PacketInMeterNetworkPolicy': 'NetworkPolicy packet-ins',
    'meter_id=PacketInMeterTraceflow': 'Traceflow packet-ins',
    'meter_id=PacketInMeterDNSInterception': 'DNS packet-ins',
  },
  'zh-CN': {
    'name=internalNetworkPolicy': 'NetworkPolicy 队列',
    'name=addressGroup': 'AddressGroup 队列',
    'name=appliedToGroup': 'AppliedToGroup 队列',
    'name=internalGroup': 'Group 队列',
    'name=networkpolicyrule': '策略规则队列',
    'name=networkpolicystatus': '策略状态队列',
    'name=noderoute': '节点路由队列',
    'reason=selector_limit': '单个通配符上限',
    'reason=total_limit': '总数上限',
    'meter_id=PacketInMeterNetworkPolicy': 'NetworkPolicy 报文',
    'meter_id=PacketInMeterTraceflow': 'Traceflow 报文',
    'meter_id=PacketInMeterDNSInterception': 'DNS 报文',
  },
};

export function labelValue(language: Language, label: string, value: string): string {
  const key = `${label}=${value}`;
  return VALUES[language][key] ?? EVERYWHERE[key] ?? value;
}
