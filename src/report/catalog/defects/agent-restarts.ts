import type { KnownDefect } from '../../model/defect.ts';

const restarts = { component: 'agent', indicators: ['process-restarts'] } as const;

/** Defects that end the agent, or that show when it starts. */
export const AGENT_RESTARTS: readonly KnownDefect[] = [
  {
    ...restarts,
    id: 'proxy-disabled-crash',
    pullRequest: 7636,
    affected: [{ since: '2.5.0', before: '2.5.1' }],
    title: {
      en: 'The agent crashes at its start if Antrea Proxy is off',
      'zh-CN': '关闭 Antrea Proxy 时 Agent 启动即崩溃',
    },
    explanation: {
      en: 'With `antreaProxy.enable: false`, the agent ends with a nil pointer each time it starts.',
      'zh-CN': '配置 `antreaProxy.enable: false` 时，Agent 每次启动都会因空指针而退出。',
    },
    workaround: { en: 'Turn Antrea Proxy on.', 'zh-CN': '开启 Antrea Proxy。' },
  },
  {
    ...restarts,
    id: 'fqdn-cache-crash',
    pullRequest: 7794,
    affected: [
      { since: '2.4.0', before: '2.4.5' },
      { since: '2.5.0', before: '2.5.2' },
    ],
    title: {
      en: 'Reading the FQDN cache can end the agent',
      'zh-CN': '读取 FQDN 缓存可能导致 Agent 退出',
    },
    explanation: {
      en: 'With FQDN rules in use, `antctl get fqdncache` reads the cache while DNS answers may change it; Go then ends the process (`concurrent map iteration and map write`).',
      'zh-CN':
        '使用 FQDN 规则时，若 `antctl get fqdncache` 在 DNS 应答更新缓存的同时读取缓存，Go 会终止进程（`concurrent map iteration and map write`）。',
    },
    workaround: {
      en: 'Do not use `antctl get fqdncache`.',
      'zh-CN': '不要使用 `antctl get fqdncache`。',
    },
  },
  {
    ...restarts,
    id: 'stale-flows-crash',
    pullRequest: 7952,
    // The flexible pipeline, which assigns the numbers of tables at run time, came with v1.6.0 (antrea-io/antrea#3058).
    affected: [
      { since: '1.6.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.2' },
    ],
    followsRestart: true,
    title: {
      en: 'After an upgrade, the agent can crash on flows of the version before',
      'zh-CN': '升级后 Agent 可能因旧版本遗留的流表项而崩溃',
    },
    explanation: {
      en: 'If an upgrade or a new feature changes the order of the flow tables, the statistics of policies may read flows of the earlier agent before they are deleted, which ends the process. It shows as further restarts after the first one.',
      'zh-CN':
        '升级或开启新特性改变流表顺序后，策略统计可能在旧 Agent 的流表项被清理之前读到它们，导致进程退出，表现为首次重启之后又有多次重启。',
    },
    workaround: {
      en: 'If the agent keeps restarting, turn off the feature gate `NetworkPolicyStats` until the old flows are deleted.',
      'zh-CN': '若 Agent 反复重启，可暂时关闭特性开关 `NetworkPolicyStats`，待旧流表项清理后再开启。',
    },
  },
  {
    ...restarts,
    id: 'pod-addresses-freed',
    pullRequest: 8240,
    affected: [
      { since: '1.15.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    followsRestart: true,
    title: {
      en: 'A restart of the agent can free the address of a running Pod',
      'zh-CN': 'Agent 重启可能释放运行中 Pod 的地址',
    },
    explanation: {
      en: 'When it starts, the agent frees each address that Kubernetes does not report for a Pod yet. A Pod that was created just before can so lose its address to another Pod, and both then share it.',
      'zh-CN':
        'Agent 启动时会释放 Kubernetes 中尚未上报的 Pod 地址。重启前刚创建的 Pod 可能因此失去地址，该地址随后被分配给另一个 Pod，两个 Pod 共用同一地址。',
    },
    workaround: {
      en: 'After a restart, look for Pods of the node that have the same address, and delete one of them.',
      'zh-CN': '重启后检查该节点上是否有地址相同的 Pod，若有则删除其中一个。',
    },
  },
  {
    ...restarts,
    id: 'unusual-packet-crash',
    pullRequest: 8251,
    affected: [
      { since: '1.0.0', before: '2.5.3' },
      { since: '2.6.0', before: '2.6.3' },
    ],
    title: {
      en: 'A short or unusual packet can end the agent',
      'zh-CN': '过短或异常的报文可能导致 Agent 退出',
    },
    explanation: {
      en: 'A very short packet that a rule with the action `Reject` and without ports matches ends the process; since v1.8 so does an ICMPv6 message other than an echo that reaches the agent.',
      'zh-CN':
        '动作为 `Reject` 且未指定端口的规则若匹配到过短的报文，进程会退出；自 v1.8 起，上送 Agent 的非 echo 类 ICMPv6 报文也会导致退出。',
    },
    workaround: {
      en: 'Give such rules protocols and ports, or use `Drop`.',
      'zh-CN': '为这类规则指定协议和端口，或改用 `Drop`。',
    },
  },
  {
    ...restarts,
    id: 'bgp-secret-crash',
    pullRequest: 7042,
    affected: [
      { since: '2.1.0', before: '2.1.2' },
      { since: '2.2.0', before: '2.2.1' },
      { since: '2.3.0', before: '2.3.1' },
    ],
    title: {
      en: 'Deleting the Secret with BGP passwords ends the agents',
      'zh-CN': '删除保存 BGP 密码的 Secret 会导致 Agent 退出',
    },
    explanation: {
      en: 'With the feature `BGPPolicy`, agents end with a nil pointer when the Secret `antrea-bgp-passwords` is deleted.',
      'zh-CN': '开启 `BGPPolicy` 特性时，删除 Secret `antrea-bgp-passwords` 会使 Agent 因空指针而退出。',
    },
    workaround: {
      en: 'Empty the Secret instead of deleting it.',
      'zh-CN': '清空该 Secret 的内容，而不要删除它。',
    },
  },
];
