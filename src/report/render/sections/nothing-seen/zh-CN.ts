import { withCode } from '../../kit/phrase.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  title: '未找到 Antrea 指标',
  incomplete: '未找到 Antrea 指标。',
  verdict: '该集群在本周期内的健康状况未知。',
  noTargets: '没有目标',
  sentence: {
    prometheus: 'Prometheus 有响应，但统计周期内没有包含 Antrea 指标的序列。',
    capture: '录制文件在统计周期内没有包含 Antrea 指标的序列。',
  },
  excluded: withCode(
    '配置的 job 和标签（`prometheus.jobs`、`prometheus.matchers`）与 Prometheus 在统计周期内的 Antrea 指标均不匹配。',
  ),
  ended: withCode('Prometheus 中只有统计周期之前的 Antrea 指标。请检查采集为何停止，或选择更早的周期。'),
  found: '包含 Antrea 指标的 job',
  columns: { job: 'Job', component: '组件', labels: '共有标签', lastSample: '最后一个样本' },
  configuration: withCode('如果这些 job 属于该集群，请在 `antrea-health.yaml` 中添加：'),
  or: (values) => `或 ${values.join('、')}`,
  remove: (label) => `从 matchers 中删除 ${label}：这些序列没有该标签`,
  reasonsHeading: '可能的原因（从常见到少见）',
  notScraped: withCode('Prometheus 没有采集 Antrea。采集配置参见 Antrea 文档：'),
  otherSettings: withCode(
    '`antrea-health.yaml` 中的 `prometheus.jobs` 或 `prometheus.matchers` 指定的 job 或标签与序列不符。',
  ),
  otherPeriod: withCode(
    '数据属于其他时段：采集开始得更晚，或该时段的数据已被 Prometheus 清理。请选择其他周期。',
  ),
  otherServer: withCode('采集该集群的是另一台服务器。请检查 `antrea-health.yaml` 中的 `prometheus.url`。'),
};
