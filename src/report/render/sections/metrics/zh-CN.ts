import { count, spaced, spacedText } from '../../kit/languages/chinese.ts';
import { code } from '../../kit/phrase.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: 'Prometheus 指标说明',
  summary: (metrics) => spacedText`${count(metrics)} 个 Prometheus 指标的数值与说明`,
  introduction:
    'Gauge：期末各序列的最小值和最大值。Counter：统计周期内的增量，所有序列合计。Histogram：统计周期内的观测次数和平均值。',
  columns: { name: 'Prometheus 指标', value: '数值', explanation: '说明' },
  former: (name, until) => spaced`${until} 及以前名为 ${code(name)}`,
  bothComponents: 'Agent 和 Controller 的进程',
  notExposed: '未暴露',
  featureOff: '功能未启用',
  requires: '前提：',
  since: (releases) => spacedText`自 ${releases} 起提供。`,
  range: (low, high) => spacedText`${low} – ${high}`,
  increase: (value) => spacedText`+${value}`,
  observations: (amount) => spacedText`${amount} 次`,
  mean: (value) => spacedText`平均值 ${value}`,
  noObservations: '无观测',
};
