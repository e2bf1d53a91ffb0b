import type { Indicator } from '../../model/indicator.ts';

/**
 * The queues whose controllers put an item back only after an error, in Antrea 1.0 to 2.7 (`AddRateLimited` and `AddAfter`
 * in pkg/ and third_party/). It is a list of what counts, because client-go counts every delayed item as a retry
 * (`AddAfter` in util/workqueue/delaying_queue.go), so a queue that only waits for a time has retries without an error.
 * `multicastgroup` does that whenever the last member of a group leaves, `fqdn` for each record that expires,
 * `podConfigurator` for each new Pod on Windows. Queues that only write a status or collect data are not features.
 */
const QUEUES = [
  // Egress, addresses of Services, and the nodes that hold both.
  ...['egress', 'egressgroup', 'serviceExternalIP', 'AgentServiceExternalIP'],
  ...['externalIPPool', 'memberlistKeys', 'memberlistKeyProvisioner'],
  ...['nodeportlocal', 'bgpPolicy', 'trafficControlGroup', 'nodeUpdate', 'AntreaNodeConfig'],
  ...['podcontroller', 'secondaryNetworkBridge', 'statefulSetPreallocationAndCleanup', 'cidrallocator_node'],
  // The controller's queue is `externalnode` until v2.1.
  ...['externalNode', 'externalnode'],
  ...['flowexporterdestination', 'L7FlowExporterController'],
  ...[
    'gatewayroute',
    'MCPodRouteControllerForPod',
    'MCPodRouteControllerForGateway',
    'stretchedNetworkPolicy',
  ],
  ...['IPsecCertificateController', 'certificateSigningRequest', 'certificateSigningRequestFixtures'],
  ...['CACertController', 'selfSignedCertProvider'],
];

const RETRIES = `increase(workqueue_retries_total{$components,name=~"${QUEUES.join('|')}"}[$window])`;

export const indicator: Indicator = {
  id: 'feature-sync-retries',
  section: 'availability',
  components: ['agent', 'controller'],
  metrics: ['workqueue_retries_total'],
  // Only what fails, because a large cluster would answer with thousands of zeros. Rounded, because increase() of
  // Prometheus extrapolates whole retries to the edges of the window.
  query: `round(sum by ($node, name) (${RETRIES})) > 0`,
  splitBy: ['name'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // Writes that conflict, and an API server that is away for a moment, cause single retries. The longest pause between
    // retries is 300 s in nearly all of these queues (`maxRetryDelay`), so an item that always fails shows in every step
    // of five minutes. With client-go's default of 1000 s (`selfSignedCertProvider`, `stretchedNetworkPolicy`,
    // `cidrallocator_node`), six steps take up to two hours. `times` is needed because an episode continues over an hour
    // without retries.
    warning: { above: 0, forSeconds: 1800, times: 6 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'Failed feature syncs', 'zh-CN': '功能同步失败' },
  explanation: {
    en: 'How often a feature of the agent or controller retried within one look-back window, shown per queue; the reading is the highest number of the period. Every retry in these queues follows an error, and an item that always fails is retried at least every few minutes. Most names say the feature; `externalIPPool` and `memberlistKeys` choose the nodes that hold addresses of Egresses and Services, `podcontroller` and `secondaryNetworkBridge` make secondary networks, `nodeUpdate` is multicast, `gatewayroute`, `stretchedNetworkPolicy` and `MCPodRoute…` are Multi-cluster, `certificateSigningRequest` is IPsec, `CACertController` and `selfSignedCertProvider` distribute the controller’s certificate, `statefulSetPreallocationAndCleanup` is Antrea IPAM, and `cidrallocator_node` gives nodes their Pod CIDRs. Other indicators show policies, rules and routes, and queues that only write a status are left out.',
    'zh-CN':
      '一个回溯窗口内 Agent 或 Controller 的各项功能重试的次数，按队列分开统计，读数为统计周期内的最大值。这些队列的每次重试都源于一次错误，始终失败的任务至少每隔几分钟重试一次。多数队列的名称即为功能名；`externalIPPool` 和 `memberlistKeys` 负责选出承载 Egress 与 Service 地址的节点，`podcontroller` 和 `secondaryNetworkBridge` 对应辅助网络，`nodeUpdate` 对应组播，`gatewayroute`、`stretchedNetworkPolicy` 和 `MCPodRoute…` 对应多集群，`certificateSigningRequest` 对应 IPsec，`CACertController` 和 `selfSignedCertProvider` 负责分发 Controller 的证书，`statefulSetPreallocationAndCleanup` 对应 Antrea IPAM，`cidrallocator_node` 为节点分配 Pod 网段。策略、规则和路由另有指标，只写状态的队列不计入。',
  },
  impact: {
    en: 'The object that fails is not in effect: depending on the queue, an Egress or Service has no address, a Pod lacks its port or secondary network, or a certificate does not arrive. Other objects of the feature still work.',
    'zh-CN':
      '失败的对象没有生效：视队列而定，可能是 Egress 或 Service 没有地址、Pod 缺少端口或辅助网络，或证书未能送达。该功能的其他对象不受影响。',
  },
  nextSteps: [
    {
      text: {
        en: 'Find the object that fails and the reason in the log; an error repeats with each retry.',
        'zh-CN': '在日志中查找失败的对象及其原因，每次重试都会重复同一错误。',
      },
      command: "kubectl logs -n $namespace $pod -c $container --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'If the queue is about addresses, check the conditions of Egresses, and the usage and node selectors of the pools.',
        'zh-CN': '若队列与地址有关，检查 Egress 的状态，以及地址池的用量和节点选择器。',
      },
      command: 'kubectl get egresses,externalippools,ippools -o yaml',
    },
    {
      text: {
        en: 'If the queue is about IPsec, check whether the certificate requests of the agents were approved and signed.',
        'zh-CN': '若队列与 IPsec 有关，确认 Agent 的证书请求是否已批准并签发。',
      },
      command: 'kubectl get certificatesigningrequests',
    },
    {
      text: {
        en: 'For any other feature, look for warnings about its objects in the events.',
        'zh-CN': '对于其他功能，在事件中查找与其对象有关的告警。',
      },
      command: 'kubectl get events -A --field-selector type=Warning',
    },
  ],
};
