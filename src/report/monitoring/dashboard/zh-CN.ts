import type { en } from './en.ts';

export const zhCN: typeof en = {
  title: 'Antrea 健康状况',
  description: '与 antrea-health-report 的健康报告使用相同的指标、查询、阈值和说明。',
  datasource: '数据源',
  cluster: '集群',
  node: '节点',
  keyIndicators: '关键指标',
  sentenceSpace: '',
};
