import type { Indicator } from '../../model/indicator.ts';
import { FQDN_CACHE, FQDN_POLICIES } from '../steps.ts';

export const indicator: Indicator = {
  id: 'fqdn-cache-size',
  section: 'policy',
  components: ['agent'],
  metrics: ['antrea_agent_fqdn_cache_size'],
  query: 'max by ($node) (max_over_time(antrea_agent_fqdn_cache_size{$agents}[$span]))',
  unit: 'domain-names',
  reading: 'maximum',
  thresholds: {
    // 80% of the limit for names found through wildcards (docs/antrea-network-policy.md).
    warning: { above: 8000, forSeconds: 600 },
  },
  // Exposed since v2.5.3, v2.6.3 and v2.7.0, as 0 from the start.
  whenAbsent: 'not-exposed',
  whenEmpty: 'no-data',
  capacity: {
    unit: 'domain-names',
    limits: [
      {
        id: 'fqdn-total',
        title: {
          en: 'domain names tracked through wildcards',
          'zh-CN': '个通配符匹配的域名',
        },
        value: 10_000,
      },
    ],
  },
  title: { en: 'FQDN cache size', 'zh-CN': 'FQDN 缓存大小' },
  explanation: {
    en: 'Domain names that the agent tracks for policy rules with FQDNs; the reading is the highest number in the period. At most 10,000 of these names can come from wildcards; names written in full in a rule count in addition. Without FQDN rules the number is 0; after a restart it starts at 0 and grows as Pods resolve names again.',
    'zh-CN':
      'Agent 为使用 FQDN 的策略规则跟踪的域名数，读数为统计周期内的最大值。通配符匹配到的域名总计最多 10,000 个，规则中写明的完整域名另计。没有使用 FQDN 规则时为 0；重启后从 0 开始，随 Pod 重新解析域名而回升。',
  },
  impact: {
    en: 'None until the limit is reached. After that, every new name evicts another one, and rules stop matching the evicted name.',
    'zh-CN': '达到上限之前没有影响。达到之后，每个新域名都会挤掉一个旧域名，规则不再匹配后者。',
  },
  nextSteps: [
    FQDN_CACHE,
    FQDN_POLICIES,
    {
      text: {
        en: 'If names have already been evicted, deal with the evictions first.',
        'zh-CN': '若已有域名被淘汰，先处理淘汰问题。',
      },
    },
  ],
};
