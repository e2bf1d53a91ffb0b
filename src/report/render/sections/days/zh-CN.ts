import { spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '逐日情况',
  summary: ({ days, critical, warning }) => {
    if (critical + warning === 0) return spacedText`${days} 天均未发现问题。`;
    const parts = [
      critical > 0 ? spacedText`${critical} 天出现严重问题` : '',
      warning > 0 ? spacedText`${warning} 天${critical > 0 ? '仅' : ''}有警告` : '',
      days > critical + warning ? spacedText`${days - critical - warning} 天未发现问题` : '',
    ].filter((part) => part !== '');
    return spacedText`${days} 天中，${parts.join('，')}。`;
  },
  availability: {
    sentence: (share, facts) =>
      spacedText`控制链路可用率为 ${share}${facts.length === 0 ? '' : `：${facts.join('，')}`}。`,
    noController: (duration) => spacedText`Controller 无应答 ${duration}`,
    unconnected: (duration) => spacedText`有 Agent 未连接 Controller ${duration}`,
    unknown: (duration, share) => spacedText`情况不明 ${duration}（${share}）`,
    allUnknown: '控制链路的可用率未知。',
    maintenance: (duration) => spacedText`已扣除计划维护 ${duration}。`,
    onlyMaintenance: '整个统计周期均为计划维护，不计算控制链路的可用率。',
  },
  day: '日期',
  newFindings: '新增发现',
  columns: {
    availability: '可用性',
    policy: '策略',
    service: 'Service',
    datapath: '数据通路',
    'flow-export': '流量导出',
    capacity: '容量',
    resources: '进程',
    own: '自定义',
    coverage: '采集',
  },
  cell: ({ day, column, status, titles }) =>
    spacedText`${day}，${column}：${status}${titles.length === 0 ? '' : `（${titles.join('、')}）`}`,
  from: (time) => spacedText`自 ${time} 起`,
  until: (time) => spacedText`至 ${time}`,
};
