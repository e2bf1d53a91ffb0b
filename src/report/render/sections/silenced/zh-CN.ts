import { spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '已静默',
  introduction: '已知问题以及计划维护期间的发现，不影响结论和评分。',
  sentence: (findings) => spacedText`已静默 ${findings.toLocaleString('zh-CN')} 项发现。`,
  count: ({ critical, warning }) => {
    const all = (critical + warning).toLocaleString('zh-CN');
    if (warning === 0) return spacedText`已静默 ${all} 项严重发现`;
    if (critical === 0) return spacedText`已静默 ${all} 项发现`;
    return spacedText`已静默 ${all} 项发现，其中严重 ${critical.toLocaleString('zh-CN')} 项`;
  },
  maintenance: (name) => spacedText`计划维护：${name}`,
  owner: (owner) => spacedText`负责人：${owner}`,
  until: (time) => spacedText`截至 ${time}`,
  windowSeparator: '；',
  expired: '已过期',
  unused: '没有匹配的发现',
  allSubjects: '全部对象',
  everything: '全部指标',
};
