import { count } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '需要处理',
  ongoing: (incidents) => `仍在持续（${count(incidents)}）`,
  over: (incidents) => `期末前已结束（${count(incidents)}）`,
  nothing: '所有指标均在阈值以内。',
  nothingKnown: '有数据的指标均在阈值以内。',
};
