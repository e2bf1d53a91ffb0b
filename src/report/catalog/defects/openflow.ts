import type { KnownDefect } from '../../model/defect.ts';

const FLOW_ERRORS = ['ovs-flow-operation-errors', 'flow-operation-error-ratio'] as const;

const RESTART = {
  en: 'Restart the agent of the node: it writes everything to OVS again.',
  'zh-CN': '重启该节点的 Agent，它会把全部内容重新写入 OVS。',
} as const;

/** Defects of what happens after a flow operation failed. */
export const OPENFLOW: readonly KnownDefect[] = [
  {
    id: 'service-sync-not-retried',
    pullRequest: 8206,
    component: 'agent',
    // Up to v2.4 the proxier synced at least every 30 s; since v2.5.0 hourly (antrea-io/antrea#7371).
    affected: [
      { since: '2.5.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    indicators: FLOW_ERRORS,
    title: {
      en: 'A Service that could not be written to OVS is not tried again',
      'zh-CN': '写入 OVS 失败的 Service 不会重试',
    },
    explanation: {
      en: 'After a failed flow operation, Antrea Proxy waits for the next change of a Service or its endpoints, or for up to an hour. Meanwhile the node forwards the Service to old endpoints, or not at all.',
      'zh-CN':
        '流表操作失败后，Antrea Proxy 要等到 Service 或其 Endpoint 再次变更才会重试，最长一小时。在此期间，该节点将流量转发到旧的 Endpoint，或无法转发。',
    },
    workaround: RESTART,
  },
  {
    id: 'service-group-exists',
    pullRequest: 8190,
    component: 'agent',
    affected: [
      { since: '1.9.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    indicators: FLOW_ERRORS,
    title: {
      en: 'After a time-out, the group of a Service cannot be installed any more',
      'zh-CN': '超时之后，Service 的组无法再下发',
    },
    explanation: {
      en: 'If OVS installs a group only after the agent has given up, the agent does not know that the group exists. OVS then refuses each further attempt (`OFPGMFC_GROUP_EXISTS`): the errors repeat, and the node does not forward to that Service.',
      'zh-CN':
        '若 OVS 在 Agent 放弃等待之后才完成组的下发，Agent 并不知道该组已存在，此后每次下发都会被 OVS 拒绝（`OFPGMFC_GROUP_EXISTS`）：错误反复出现，该节点无法转发到对应的 Service。',
    },
    workaround: RESTART,
  },
  {
    id: 'bundle-errors-not-counted',
    pullRequest: 8211,
    component: 'agent',
    affected: [
      { since: '0.6.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    indicators: FLOW_ERRORS,
    title: {
      en: 'Some failed flow operations count as successful',
      'zh-CN': '部分失败的流表操作被计为成功',
    },
    explanation: {
      en: 'If a flow or group cannot be added to a bundle, nothing is sent to OVS, but the agent counts no error and does not try again. There may be more failures than the metrics show.',
      'zh-CN':
        '流表项或组未能加入 bundle 时，实际上没有向 OVS 发送任何内容，Agent 却不计为错误，也不会重试。实际的失败次数可能多于指标所示。',
    },
    workaround: RESTART,
  },
];
