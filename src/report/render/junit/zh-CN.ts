import { spacedText } from '../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  completeness: '报告完整性',
  incident: (headline) => spacedText`所属事件：${headline}`,
  times: (zone) => spacedText`以上时间均为 ${zone} 时区。`,
};
