import type { Indicator } from '../../model/indicator.ts';
import { FQDN_CACHE, FQDN_POLICIES } from '../steps.ts';

export const indicator: Indicator = {
  id: 'fqdn-cache-evictions',
  section: 'policy',
  components: ['agent'],
  metrics: ['antrea_agent_fqdn_cache_eviction_count'],
  query: 'sum by ($node, reason) (increase(antrea_agent_fqdn_cache_eviction_count{$agents}[$window]))',
  counter: 'antrea_agent_fqdn_cache_eviction_count{$agents}',
  splitBy: ['reason'],
  unit: 'evictions',
  reading: 'total',
  thresholds: {
    // Rules do not match an evicted name until it is resolved again (docs/antrea-network-policy.md).
    warning: { above: 0, forSeconds: 0 },
  },
  // Exposed since v2.5.3, v2.6.3 and v2.7.0, as 0 from the start.
  whenAbsent: 'not-exposed',
  whenEmpty: 'no-data',
  title: { en: 'FQDN cache evictions', 'zh-CN': 'FQDN 缓存淘汰' },
  explanation: {
    en: 'Domain names that the agent stopped tracking in the period because a limit was reached; the least recently used names go first. The limits are 1024 names for each wildcard (`selector_limit`) and 10,000 in total (`total_limit`); names written in full in a rule are exempt. Without FQDN rules the number is 0.',
    'zh-CN':
      '统计周期内因达到上限而不再由 Agent 跟踪的域名数，最久未使用的先淘汰。上限为每个通配符 1024 个（`selector_limit`）、总计 10,000 个（`total_limit`），规则中写明的完整域名不受限制。没有使用 FQDN 规则时为 0。',
  },
  impact: {
    en: 'Until a Pod resolves the name again, rules do not match it: an allow rule blocks traffic that it should allow, and a deny rule lets through traffic that it should block.',
    'zh-CN':
      '在 Pod 重新解析该域名之前，规则不再匹配它：允许规则误拦应放行的流量，拒绝规则误放应拦截的流量。',
  },
  nextSteps: [
    FQDN_CACHE,
    FQDN_POLICIES,
    {
      text: {
        en: 'Split broad wildcards, or write out in full the names that must never fail.',
        'zh-CN': '拆分过宽的通配符，或将不允许失效的域名完整写出。',
      },
    },
  ],
};
