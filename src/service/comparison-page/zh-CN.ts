import { spacedText } from '../../report/render/kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  title: (cluster) => spacedText`${cluster} 的报告对比`,
  heading: '报告对比',
  first: '第一份报告',
  second: '第二份报告',
  swap: '交换两份报告',
};
