import type { CoverageCheck } from '../../model/indicator.ts';

export const check: CoverageCheck = {
  id: 'scrape-coverage',
  title: { en: 'Scrape coverage', 'zh-CN': '采集覆盖' },
  explanation: {
    en: 'Gaps in the period in which Prometheus failed to scrape a target or did not scrape it at all. In the first case the target is known but its `/metrics` did not answer; in the second case it has vanished from service discovery, and there is not even an `up` of 0. Nothing is known about Antrea during a gap, neither good nor bad.',
    'zh-CN':
      '统计周期内 Prometheus 采集某个目标失败，或根本没有采集它的时间段。前者目标已知，但 `/metrics` 没有应答；后者目标已从服务发现中消失，连值为 0 的 `up` 也没有。这些时间段内没有 Antrea 的任何数据，无法判断是否正常。',
  },
  impact: {
    en: 'The gap may itself be the fault: while an agent is down, its node sets up no Pods, and while the controller is down, no node receives policy changes. Otherwise only the data is missing; then faults during the gap are not in this report, and totals may be too low. Each scrape needs the API server, which checks its token.',
    'zh-CN':
      '缺口本身可能就是故障：Agent 停止时，所在节点无法为 Pod 配置网络；Controller 停止时，所有节点都收不到策略变更。否则只是缺少数据：缺口内发生的故障不会出现在本报告中，累计值也可能偏低。每次采集的令牌都要由 API server 校验，API server 不可用时也无法采集。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check whether the Pods are running, on which nodes, and since when.',
        'zh-CN': '确认 Pod 是否在运行、位于哪个节点、运行了多久。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea -o wide',
    },
    {
      text: {
        en: 'If they are running, open the targets page of Prometheus (Status, Targets) and read the error of the target. A target that is not listed was not selected: the sample configuration keeps only Pods in `kube-system`.',
        'zh-CN':
          '若 Pod 在运行，打开 Prometheus 的 Targets 页面（Status 菜单），查看该目标的错误信息。若目标不在列表中，说明没有被选中：示例配置只保留 `kube-system` 中的 Pod。',
      },
    },
    {
      text: {
        en: 'If the error is 401 or 403, check that Prometheus may read `/metrics`; replace the namespace and ServiceAccount with yours.',
        'zh-CN':
          '若报错 401 或 403，检查 Prometheus 是否有权读取 `/metrics`；请将命名空间和 ServiceAccount 替换为实际值。',
      },
      command: 'kubectl auth can-i get /metrics --as=system:serviceaccount:monitoring:prometheus',
    },
    {
      text: {
        en: 'If all targets are missing at the same time, read the log of Prometheus itself; replace the namespace and Deployment with yours.',
        'zh-CN':
          '若所有目标在同一时间缺失，查看 Prometheus 自身的日志；请将命名空间和 Deployment 替换为实际值。',
      },
      command: 'kubectl logs -n monitoring deployment/prometheus-deployment',
    },
  ],
};
