import type { en } from './en.ts';

export const zhCN: typeof en = {
  copy: '复制',
  copied: '已复制',
  failed: '复制失败，请选中文本后手动复制。',
  anchor: '此处的链接',
  chartKeys: '用方向键、Home 和 End 查看数值。',
  noData: '无数据',
  highest: '最高值',
  median: '中位数',
  lowest: '最低值',
  filter: '筛选',
  allStatuses: '全部状态',
  status: '状态',
  node: '节点',
  text: '文本',
  clear: '清除',
  indicators: '指标 {shown}/{all}',
  incidents: '事件 {shown}/{all}',
  comma: '，',
};
