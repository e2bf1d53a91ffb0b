import type { SilencedCounts } from '../../../model/silence.ts';
import { count, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

function countText({ critical, warning }: SilencedCounts): string {
  const all = count(critical + warning);
  if (warning === 0) return spacedText`已静默 ${all} 项严重发现`;
  if (critical === 0) return spacedText`已静默 ${all} 项发现`;
  return spacedText`已静默 ${all} 项发现，其中严重 ${count(critical)} 项`;
}

export const zhCN: typeof en = {
  heading: '已静默',
  introduction: '已知问题以及计划维护期间的发现，不影响结论和评分。',
  sentence: (counts) => `${countText(counts)}。`,
  count: countText,
  maintenance: (name) => spacedText`计划维护：${name}`,
  owner: (owner) => spacedText`负责人：${owner}`,
  until: (time) => spacedText`截至 ${time}`,
  windowSeparator: '；',
  expired: '已过期',
  unused: '没有匹配的发现',
  allSubjects: '全部对象',
  everything: '全部指标',
};
