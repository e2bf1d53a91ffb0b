import type { CoverageCheck } from '../../model/indicator.ts';

export const check: CoverageCheck = {
  id: 'scrape-coverage',
  title: { en: 'Scrape coverage', 'zh-CN': '采集覆盖' },
  explanation: {
    en: 'Stretches of the period in which Prometheus scraped a target without success, or did not scrape it at all. In the first case the target is known and its `/metrics` did not answer; in the second it had vanished from service discovery, and there is not even an `up` of 0. Nothing is known of Antrea in such a stretch, neither good nor bad.',
    'zh-CN':
      '统计周期内 Prometheus 采集某个目标失败，或根本没有采集它的时间段。前者目标已知，但 `/metrics` 没有应答；后者目标已从服务发现中消失，连值为 0 的 `up` 也没有。这些时间段内没有 Antrea 的任何数据，无法判断是否正常。',
  },
  impact: {
    en: 'Faults inside a gap are missing from this report, and totals may be too low. The gap may itself be the fault: an agent that is down does not set up Pods. It may also lie elsewhere: agents check the token of a scrape with the API server, so they cannot be scraped while that is away.',
    'zh-CN':
      '缺口内发生的故障不会出现在本报告中，累计值也可能偏低。缺口本身可能就是故障：Agent 停止时无法为 Pod 配置网络。原因也可能在别处：采集令牌要由 API server 校验，API server 不可用时，正常的 Agent 也无法采集。',
  },
  nextSteps: [
    {
      text: {
        en: 'Open the targets page of Prometheus (Status, Targets) and read the error of the target. A target that is not listed was not selected: the sample configuration keeps Pods of `kube-system` only.',
        'zh-CN':
          '打开 Prometheus 的 Targets 页面（Status 菜单），查看该目标的错误信息。若目标不在列表中，说明没有被选中：示例配置只保留 `kube-system` 中的 Pod。',
      },
    },
    {
      text: {
        en: 'See whether the Pods run, on which nodes, and since when.',
        'zh-CN': '确认 Pod 是否在运行、位于哪个节点、运行了多久。',
      },
      command: 'kubectl get pods -n $namespace -o wide',
    },
    {
      text: {
        en: 'On errors 401 or 403, check that Prometheus may read `/metrics`; put in its own Namespace and ServiceAccount.',
        'zh-CN':
          '若报错 401 或 403，检查 Prometheus 是否有权读取 `/metrics`；命名空间和 ServiceAccount 按实际填写。',
      },
      command: 'kubectl auth can-i get /metrics --as=system:serviceaccount:monitoring:prometheus',
    },
    {
      text: {
        en: 'If all targets are missing at the same time, read the log of Prometheus itself; put in its own Namespace and Deployment.',
        'zh-CN': '若所有目标在同一时间缺失，查看 Prometheus 自身的日志；命名空间和 Deployment 按实际填写。',
      },
      command: 'kubectl logs -n monitoring deployment/prometheus-deployment',
    },
  ],
};
