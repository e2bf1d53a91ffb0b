import type { Metric } from '../../model/metric.ts';

const SOURCE = 'pkg/controller/networkpolicy/status_controller.go';
const REQUIRES = {
  en: 'Antrea-native policies: feature gate `AntreaPolicy` (on by default); with it off the value stays at 0.',
  'zh-CN': 'Antrea 原生策略：特性开关 `AntreaPolicy`（默认开启）；关闭时该值恒为 0。',
};

/** Status updates that the controller writes to Antrea-native policies. */
export const CONTROLLER_STATUS_METRICS: readonly Metric[] = [
  {
    name: 'antrea_controller_acnp_status_updates',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'status writes', 'zh-CN': '状态写入次数' },
    labels: [],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How many times the controller wrote a changed status to an Antrea ClusterNetworkPolicy, for instance because one more node reported it as realized. An unchanged status is not written. One policy change can cause many writes in a large cluster, so this is not the number of policy edits.',
      'zh-CN':
        'Controller 向 Antrea ClusterNetworkPolicy 写入有变化的状态的次数，例如又有一个节点上报策略已生效。状态没有变化时不写入。因此大集群中对策略的一次修改可能引发多次写入：它不是策略被编辑的次数。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
  {
    name: 'antrea_controller_annp_status_updates',
    formerNames: [{ name: 'antrea_controller_anp_status_updates', until: 'v1.12.3' }],
    components: ['controller'],
    type: 'counter',
    unit: { en: 'status writes', 'zh-CN': '状态写入次数' },
    labels: [],
    since: ['v1.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How many times the controller wrote a changed status to a namespaced Antrea NetworkPolicy; edits by users are not counted. The metric was renamed in v1.13; from then on a query for the old name returns nothing and no error. Kubernetes NetworkPolicies are not included.',
      'zh-CN':
        'Controller 向命名空间级的 Antrea NetworkPolicy 写入有变化的状态的次数，不含用户的编辑。该指标在 v1.13 改名，此后用旧名称查询只会得到空结果而不报错。Kubernetes NetworkPolicy 不在统计之列。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
];
