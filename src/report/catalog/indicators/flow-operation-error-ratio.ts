import type { Indicator } from '../../model/indicator.ts';
import { AGENT_FAILED_OPERATIONS, OVS_CONNECTION } from '../steps.ts';

const FAILED = 'sum by ($node) (increase(antrea_agent_ovs_flow_ops_error_count{$agents}[$window]))';
const SUCCEEDED = 'sum by ($node) (increase(antrea_agent_ovs_flow_ops_count{$agents}[$window]))';

export const indicator: Indicator = {
  id: 'flow-operation-error-ratio',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_error_count', 'antrea_agent_ovs_flow_ops_count'],
  // Successes and failures have separate counters, so the number of attempts is their sum. With fewer than ten
  // attempts a single failure would be a large share.
  query: `${FAILED} / ((${SUCCEEDED} + ${FAILED}) >= 10)`,
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // No warning is needed: `ovs-flow-operation-errors` warns at the first failure. More than 1% for a quarter of an
    // hour is not an isolated failure, but a node on which changes keep failing.
    critical: { above: 0.01, forSeconds: 900 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // Failures while OVS or the agent starts are expected.
  settleSeconds: 300,
  title: { en: 'OVS flow operation error ratio', 'zh-CN': 'OVS 流表操作失败率' },
  explanation: {
    en: 'Share of bundles (transactions) that failed, out of all that the agent tried in the look-back window; the reading is the highest point. A bundle with several operations counts once for each operation, in failures and successes alike. Points with fewer than ten bundles and the first five minutes after an agent starts are left out.',
    'zh-CN':
      '对应回溯窗口内失败的事务（bundle）占 Agent 尝试的全部事务的比例，读数为最大值。含多种操作的事务按操作各计一次，成功与失败均如此。事务数不足 10 个的点，以及 Agent 启动后 5 分钟内的点，不参与判断。',
  },
  impact: {
    en: 'Changes to Pods, policies and Services keep failing on this node, so OVS does not contain what it should.',
    'zh-CN': '该节点上 Pod、策略和 Service 的变更持续失败，OVS 中的内容与预期不符。',
  },
  nextSteps: [
    AGENT_FAILED_OPERATIONS,
    {
      text: {
        en: 'Check that OVS responds and that its bridge and ports exist.',
        'zh-CN': '确认 OVS 能够应答，且网桥和端口齐全。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-vsctl show',
    },
    OVS_CONNECTION,
    {
      text: {
        en: 'Before you restart anything, collect the state of the node with `antctl supportbundle`.',
        'zh-CN': '重启之前，先用 `antctl supportbundle` 收集该节点的现场信息。',
      },
    },
  ],
};
