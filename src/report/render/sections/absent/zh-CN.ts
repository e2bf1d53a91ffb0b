import { spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '未测量的指标',
  labels: { 'not-enabled': '未启用：', 'not-exposed': '当前 Antrea 版本不提供：' },
  separator: '、',
  stop: '。',
  sentenceSpace: '',
  exporters: '若同时采集以下来源，本报告还能看到：',
  titles: (titles) => titles.join('、'),
  noMetric: (exporter, names) =>
    spacedText`Prometheus 中缺少 ${exporter} 的部分指标：${names.map((name) => `\`${name}\``).join('、')}。`,
  off: '相关功能未启用。',
  since: (releases) => spacedText`自 ${releases.join('、')} 起提供。`,
  notExposed: '当前 Antrea 版本没有该 Prometheus 指标。',
  unknown: 'Prometheus 中没有该指标。',
};
