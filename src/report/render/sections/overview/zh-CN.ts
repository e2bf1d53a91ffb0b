import { spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '全部指标',
  columns: {
    section: '类别',
    status: '状态',
    indicator: '指标',
    reading: '读数',
    where: '对象',
    thresholds: '阈值（警告、严重）',
    trend: '趋势',
  },
  trendDescription: (title) => spacedText`${title}：统计周期内的趋势`,
  noThresholds: '无',
};
