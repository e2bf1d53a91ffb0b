import type { Metric } from '../../model/metric.ts';

const SINCE = ['v2.5.3', 'v2.6.3', 'v2.7.0'];
const SOURCE = 'pkg/agent/controller/networkpolicy/fqdn_cache.go';
const REQUIRES = {
  en: 'At least one policy rule with an FQDN; without one the value stays at 0.',
  'zh-CN': '至少有一条使用 FQDN 的策略规则，否则该值恒为 0。',
};

/** The agent's cache of domain names for policy rules with FQDNs. */
export const AGENT_FQDN_METRICS: readonly Metric[] = [
  {
    name: 'antrea_agent_fqdn_cache_size',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'domain names', 'zh-CN': '域名' },
    labels: [],
    since: SINCE,
    stability: 'ALPHA',
    explanation: {
      en: 'Domain names that the agent tracks for policy rules with FQDNs. Names found through wildcards are limited to 1024 for each wildcard and to 10,000 in total; names written in full in a rule are exempt, so the value can exceed 10,000. After a restart it starts at 0 and grows as Pods resolve names again.',
      'zh-CN':
        'Agent 为使用 FQDN 的策略规则跟踪的域名数。通配符匹配到的域名有上限：每个通配符 1024 个，总计 10,000 个；规则中写明的完整域名不受限制，因此该值可能超过 10,000。重启后从 0 开始，随 Pod 重新解析域名而回升。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
  {
    name: 'antrea_agent_fqdn_cache_eviction_count',
    components: ['agent'],
    type: 'counter',
    unit: { en: 'evictions', 'zh-CN': '淘汰次数' },
    labels: [{ name: 'reason', values: ['selector_limit', 'total_limit'] }],
    since: SINCE,
    stability: 'ALPHA',
    explanation: {
      en: 'Names that were dropped because a limit was reached, least recently used first: `selector_limit` is the limit of one wildcard, `total_limit` the limit of all wildcards together. Rules do not match a dropped name until a Pod resolves it again. Meanwhile an allow rule blocks and a deny rule lets through, so every increase is a gap in enforcement, not just a matter of memory.',
      'zh-CN':
        '因达到上限而被淘汰的域名数，最久未使用的先淘汰：`selector_limit` 是单个通配符的上限，`total_limit` 是总上限。被淘汰的域名在 Pod 再次解析之前不再被规则匹配：允许规则会误拦，拒绝规则会误放。因此任何增长都意味着策略执行出现缺口，而不只是内存问题。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
];
