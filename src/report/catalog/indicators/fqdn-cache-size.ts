import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'fqdn-cache-size',
  section: 'policy',
  components: ['agent'],
  metrics: ['antrea_agent_fqdn_cache_size'],
  query: 'max by ($node) (max_over_time(antrea_agent_fqdn_cache_size{$agents}[$span]))',
  unit: 'domain-names',
  reading: 'maximum',
  thresholds: {
    // Four fifths of the limit for names found through wildcards (docs/antrea-network-policy.md).
    warning: { above: 8000, forSeconds: 600 },
  },
  // Since v2.5.3, v2.6.3 and v2.7.0, from the start on with 0.
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
    en: 'Domain names that the agent tracks for policy rules with FQDNs; the reading is the highest number of the period. Names found through wildcards are limited to 10,000 in all, names written out in a rule come on top. Without FQDN rules it is 0, and after a restart it begins at 0 and grows as Pods resolve names again.',
    'zh-CN':
      'Agent 为使用 FQDN 的策略规则跟踪的域名数，读数为统计周期内的最大值。通配符匹配到的域名总计最多 10,000 个，规则中写明的完整域名另计。没有使用 FQDN 规则时为 0；重启后从 0 开始，随 Pod 重新解析域名而回升。',
  },
  impact: {
    en: 'None until the limit is reached. From then on every new name displaces one whose rules then stop matching.',
    'zh-CN': '达到上限之前没有影响。达到之后，每个新域名都会挤掉一个旧域名，规则不再匹配后者。',
  },
  nextSteps: [
    {
      text: {
        en: 'See which names fill the cache.',
        'zh-CN': '查看缓存被哪些域名占用。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get fqdncache',
    },
    {
      text: {
        en: 'List the policies and look for broad wildcards in their FQDN rules.',
        'zh-CN': '列出策略，检查其 FQDN 规则中是否有过宽的通配符。',
      },
      command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A -o yaml',
    },
    {
      text: {
        en: 'If names were evicted as well, treat that first.',
        'zh-CN': '若已有域名被淘汰，先处理淘汰问题。',
      },
    },
  ],
};
