import type { Indicator } from '../../model/indicator.ts';

const level = (metric: string) =>
  `max by (pool, customresource_kind) (max_over_time(${metric}{$others}[$span]))`;
const USED = level('antrea_state_ip_pool_used_addresses');
const TOTAL = level('antrea_state_ip_pool_addresses');

export const indicator: Indicator = {
  id: 'ip-pool-usage',
  section: 'capacity',
  components: ['controller'],
  exporter: 'antrea-resources',
  scope: 'cluster',
  metrics: ['antrea_state_ip_pool_used_addresses', 'antrea_state_ip_pool_addresses'],
  query: `max by (pool, customresource_kind) (${USED} / (${TOTAL} > 0))`,
  splitBy: ['pool', 'customresource_kind'],
  unit: 'ratio',
  reading: 'last',
  thresholds: {
    // As for node CIDRs, our own estimate: there is time to extend the pool.
    warning: { above: 0.9, forSeconds: 300 },
    // No address is left.
    critical: { atLeast: 1, forSeconds: 300 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  capacity: {
    unit: 'ratio',
    limits: [{ id: 'pool', title: { en: 'addresses of the pool', 'zh-CN': '地址池' }, value: 1 }],
  },
  title: { en: 'IP pool usage', 'zh-CN': 'IP 地址池使用率' },
  explanation: {
    en: 'Share of the addresses of each ExternalIPPool and IPPool that are allocated; the reading is the last point. An ExternalIPPool has the addresses of Egresses and of Services of type LoadBalancer, an IPPool those of Pods.',
    'zh-CN':
      '每个 ExternalIPPool 和 IPPool 中已分配的地址占比，读数为最后一个点。ExternalIPPool 提供 Egress 和 LoadBalancer 类型 Service 的地址，IPPool 提供 Pod 的地址。',
  },
  impact: {
    en: 'When no address is left, new Egresses and Services of the pool get none, and Pods that use an IPPool do not start.',
    'zh-CN': '地址用尽后，使用该地址池的新 Egress 和 Service 分不到地址，使用 IPPool 的 Pod 无法启动。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the ranges and the usage of the pools.',
        'zh-CN': '查看各地址池的网段和用量。',
      },
      command: 'kubectl get externalippools,ippools -o yaml',
    },
    {
      text: {
        en: 'Look for Egresses that are no longer needed.',
        'zh-CN': '查找不再需要的 Egress。',
      },
      command: 'kubectl get egresses',
    },
    {
      text: {
        en: 'Add a range to the pool; ranges in use cannot be changed or removed.',
        'zh-CN': '为地址池增加网段，使用中的网段无法修改或删除。',
      },
    },
  ],
};
