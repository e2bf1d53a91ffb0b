import type { NextStep } from '../model/indicator.ts';

/** Steps that several records share, so that each is written and translated once. */

export const CONTROLLER_CPU: NextStep = {
  text: {
    en: 'Check whether the controller is short of CPU; by default it requests only 0.2 cores.',
    'zh-CN': '确认 Controller 的 CPU 是否不足（默认只申请 0.2 核）。',
  },
  command: 'kubectl top pod -n $namespace $pod --containers',
};

export const CONTROLLER_LOAD: NextStep = {
  text: {
    en: 'Check how many policies, groups and connected agents the controller handles.',
    'zh-CN': '查看 Controller 承载的策略数、组数和已连接的 Agent 数。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get controllerinfo',
};

/** The pauses are those of the controller's queues (pkg/controller/networkpolicy/networkpolicy_controller.go). */
export const CONTROLLER_FAILED_SYNCS: NextStep = {
  text: {
    en: 'Look for failed syncs; the controller retries each of them after 5 s to 300 s.',
    'zh-CN': '查找同步失败的记录，失败的同步会在 5 到 300 秒后重试。',
  },
  command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
};

export const CONTROLLER_LOG_SYNCS: NextStep = {
  text: {
    en: 'Raise the log level to 2 for a few minutes, so that every sync is logged with its duration, then set it back to 0.',
    'zh-CN': '将日志级别临时调到 2，让每次同步都记录耗时，几分钟后再调回 0。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl log-level 2',
};

/** How API servers and agents reach the controller. */
export const CONTROLLER_ENDPOINT: NextStep = {
  text: {
    en: 'Check that the Service `antrea` has an endpoint.',
    'zh-CN': '确认 Service `antrea` 有可用的 Endpoint。',
  },
  command: 'kubectl get endpointslices -n $namespace -l kubernetes.io/service-name=antrea',
};

/** The level is in `tlsHandshakeErrorWriter` (pkg/server/secure_serving.go in kubernetes/apiserver). */
export const CONTROLLER_CERTIFICATE: NextStep = {
  text: {
    en: 'Look in the controller’s log for errors about its certificate; failed TLS handshakes are only logged from level 5 on, but counted in `apiserver_tls_handshake_errors_total`.',
    'zh-CN':
      '在 Controller 日志中查找与证书有关的错误；TLS 握手失败在日志级别 5 及以上才会记录，但计入 `apiserver_tls_handshake_errors_total`。',
  },
  command:
    'kubectl logs -n $namespace deployment/antrea-controller -c antrea-controller --since-time=$since | grep -i cert',
};

export const FQDN_CACHE: NextStep = {
  text: {
    en: 'Check which names fill the cache.',
    'zh-CN': '查看缓存被哪些域名占用。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get fqdncache',
};

export const FQDN_POLICIES: NextStep = {
  text: {
    en: 'List the policies and look for broad wildcards in their FQDN rules.',
    'zh-CN': '列出策略，检查其 FQDN 规则中是否有过宽的通配符。',
  },
  command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A -o yaml',
};

export const OVS_CONNECTION: NextStep = {
  text: {
    en: 'Check the condition `OpenflowConnectionUp` of the node’s agent.',
    'zh-CN': '检查该节点 Agent 的 `OpenflowConnectionUp` 状态。',
  },
  command: 'kubectl get antreaagentinfos $node -o yaml',
};

export const OVS_RESTARTED: NextStep = {
  text: {
    en: 'Check whether OVS restarted in its container.',
    'zh-CN': '检查 OVS 是否在容器内重启过。',
  },
  command: 'kubectl logs -n $namespace $pod -c antrea-ovs --since-time=$since',
};

export const OVS_STATE: NextStep = {
  text: {
    en: 'Check that OVS works again: that it answers, and has its bridge and ports.',
    'zh-CN': '确认 OVS 已恢复：能够应答，且网桥和端口齐全。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-vsctl show',
};

export const AGENT_FAILED_OPERATIONS: NextStep = {
  text: {
    en: 'Look for the failed operations in the agent’s log.',
    'zh-CN': '在 Agent 日志中查找失败的操作。',
  },
  command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
};

export const SERVICE_GROUPS: NextStep = {
  text: {
    en: 'List the load-balancing groups in OVS on this node.',
    'zh-CN': '列出该节点 OVS 中实际存在的负载均衡组。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get ovsflows -G all',
};

export const CONNECTION_TRACKING: readonly NextStep[] = [
  {
    text: {
      en: 'Check the real number of entries and the limit on the node.',
      'zh-CN': '在节点上查看实际条目数和上限。',
    },
    command:
      'kubectl exec -n $namespace $pod -c antrea-agent -- cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max',
  },
  {
    text: {
      en: 'Look in the kernel’s log of the node for `nf_conntrack: table full, dropping packet`.',
      'zh-CN': '在节点的内核日志中查找 `nf_conntrack: table full, dropping packet`。',
    },
  },
  {
    text: {
      en: 'List the connections that fill the table.',
      'zh-CN': '查看表被哪些连接占用。',
    },
    command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-appctl dpctl/dump-conntrack',
  },
  {
    text: {
      en: 'If memory allows, raise `net.netfilter.nf_conntrack_max`; without kube-proxy the kernel’s default applies, which can be low.',
      'zh-CN':
        '在内存允许的情况下调高 `net.netfilter.nf_conntrack_max`；不运行 kube-proxy 的节点使用内核默认值，可能偏低。',
    },
  },
];
