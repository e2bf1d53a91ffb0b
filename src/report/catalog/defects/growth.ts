import type { KnownDefect } from '../../model/defect.ts';

/** Defects through which the agent takes more and more. */
export const GROWTH: readonly KnownDefect[] = [
  {
    id: 'fqdn-tracking-unbounded',
    pullRequest: 8251,
    component: 'agent',
    affected: [
      { since: '1.3.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    indicators: ['resident-memory'],
    title: {
      en: 'There is no limit for the domain names that FQDN rules track',
      'zh-CN': 'FQDN 规则跟踪的域名数没有上限',
    },
    explanation: {
      en: 'With wildcards in FQDN rules, the agent keeps each name that matches and resolves it again when it expires, so its memory grows with the number of names that Pods resolve.',
      'zh-CN':
        'FQDN 规则使用通配符时，Agent 会保留每个匹配的域名，并在过期后再次解析，因此内存随 Pod 解析的域名数不断增长。',
    },
    workaround: {
      en: 'Use narrower wildcards or exact names, and restart agents that have grown.',
      'zh-CN': '缩小通配符的范围或使用完整域名，并重启内存已增长的 Agent。',
    },
  },
  {
    id: 'node-port-local-sockets',
    pullRequest: 8110,
    component: 'agent',
    affected: [{ since: '1.9.0', before: '2.7.0' }],
    indicators: ['open-file-descriptors'],
    title: {
      en: 'NodePortLocal leaves sockets open when iptables fails',
      'zh-CN': 'iptables 失败时 NodePortLocal 不关闭套接字',
    },
    explanation: {
      en: 'Each time a rule of NodePortLocal cannot be installed, the socket that reserves the port stays open, and the open file descriptors grow.',
      'zh-CN': 'NodePortLocal 的规则每次下发失败，占用端口的套接字都不会关闭，打开的文件描述符因此不断增加。',
    },
    workaround: {
      en: 'Fix what makes iptables fail (see the agent’s log), and restart the agent.',
      'zh-CN': '根据 Agent 日志解决 iptables 失败的原因，然后重启 Agent。',
    },
  },
];
