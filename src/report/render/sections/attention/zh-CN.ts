import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '需要处理',
  nothing: '所有指标均在阈值以内。',
  nothingKnown: '有数据的指标均在阈值以内。',
};
