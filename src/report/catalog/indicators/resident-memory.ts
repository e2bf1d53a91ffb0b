import type { Indicator } from '../../model/indicator.ts';
import { withNodeOfExporter } from '../../promql/shapes.ts';

const CONTAINERS = 'container=~"antrea-agent|antrea-controller"';
const LIMIT_BY_NODE = (limits: string) =>
  `min by (node, component) (label_replace(${limits}, "component", "$1", "container", "antrea-(.+)"))`;

export const indicator: Indicator = {
  id: 'resident-memory',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_resident_memory_bytes'],
  query: 'max by ($node) (max_over_time(process_resident_memory_bytes{$components}[$span]))',
  unit: 'bytes',
  reading: 'maximum',
  thresholds: {
    // No fixed limit fits every cluster: 0.75 GB (antrea-io/antrea#2457) and over 1 GB with 500 nodes (#4479) were
    // reported as normal. So the warning needs more than 512 MiB and also 50% more than the process usually has.
    warning: { above: 512 * 1024 ** 2, rise: 0.5, forSeconds: 1800 },
    // There is no critical threshold, because Antrea's chart sets no memory limit. If you set a limit, use 80% of it.
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  capacity: {
    unit: 'bytes',
    limits: [
      {
        id: 'container-limit',
        title: { en: 'that the container may use', 'zh-CN': '容器内存上限' },
        // From kube-state-metrics or else from cAdvisor, where 0 means that there is no limit. Both identify the
        // process by its container, so the container's name gives the component.
        query: `${LIMIT_BY_NODE(`kube_pod_container_resource_limits{resource="memory",${CONTAINERS},$others}`)} or ${LIMIT_BY_NODE(withNodeOfExporter(`container_spec_memory_limit_bytes{${CONTAINERS},$others} > 0`))}`,
      },
    ],
  },
  title: { en: 'Resident memory', 'zh-CN': '常驻内存' },
  explanation: {
    en: 'Physical memory that the agent or controller process uses (RSS): the highest value in each look-back window; the reading is the highest of the period. `ovs-vswitchd` runs in a separate container and is not included. The level follows the size of the cluster, and more than 1 GB can be normal, so a warning requires a high level and a clear rise over the usual one. A drop at a restart is not a recovery.',
    'zh-CN':
      'Agent 或 Controller 进程占用的物理内存（RSS），取每个回溯窗口内的最大值，读数为统计周期内的最大值。`ovs-vswitchd` 运行在单独的容器中，不计入。内存水平随集群规模变化，超过 1 GB 也可能正常，因此只有水平较高且明显高于平时才会给出警告。重启造成的下降不代表恢复正常。',
  },
  impact: {
    en: 'A process that is killed for lack of memory restarts. While the agent is down, no Pod on the node can be added or deleted and no rule is updated; while the controller is down, policy changes do not take effect. Flows already installed keep forwarding traffic.',
    'zh-CN':
      '内存耗尽时进程会被终止并重启。Agent 停止期间，该节点无法增删 Pod，规则也不再更新；Controller 停止期间，策略变更不会生效。已下发的流表项继续转发。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check whether the last state of a container is `OOMKilled` and whether it has a memory limit; Antrea’s chart sets none.',
        'zh-CN':
          '检查容器上次终止原因是否为 `OOMKilled`，以及是否设置了内存上限（Antrea 的 chart 默认不设）。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Compare the current memory (`VmRSS`) with the peak since the process started (`VmHWM`).',
        'zh-CN': '对比当前内存（`VmRSS`）与进程启动以来的峰值（`VmHWM`）。',
      },
      command: "kubectl exec -n $namespace $pod -c $container -- grep -E '^Vm(RSS|HWM)' /proc/1/status",
    },
    {
      text: {
        en: 'Compare the rise with Pods, policies and flows: memory that grows with them comes from scale, memory that grows alone may be a leak.',
        'zh-CN': '与 Pod、策略、流表项数量的变化对照：同步增长属于规模因素，单独增长才可能是泄漏。',
      },
    },
    {
      text: {
        en: 'If you suspect a leak, take heap profiles some hours apart with `go tool pprof` through `antctl proxy`.',
        'zh-CN':
          '若怀疑泄漏，通过 `antctl proxy` 用 `go tool pprof` 间隔数小时各采集一份 heap profile 对比。',
      },
    },
  ],
};
