import { FORMATS } from '../../report/formats.ts';
import { spacedText } from '../../report/render/kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  states: { queued: '排队中', running: '生成中', ready: '已完成', failed: '生成失败' },
  details: {
    queued: (since) => spacedText`自 ${since} 起。本页自动刷新，报告完成后在此打开。`,
    running: (since) => spacedText`自 ${since} 起。本页自动刷新，报告完成后在此打开。`,
    ready: (since) => spacedText`生成于 ${since}，没有 HTML 文件。`,
    failed: (since) => spacedText`未能生成报告（${since}）。`,
  },
  reason: '原因',
  lastAttempt: '上一次尝试',
  period: '统计周期',
  language: '语言',
  files: '文件',
  missing: (format) => spacedText`没有 ${FORMATS[format].label}`,
};
