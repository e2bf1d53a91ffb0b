import { count, listSome, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '需要处理',
  ongoing: (incidents, end) => spacedText`截至${end} 仍在持续（${count(incidents)}）`,
  over: (incidents) => `期末前已结束（${count(incidents)}）`,
  nodes: (names) => listSome(names, '个节点'),
  nothing: (isComplete, isSilenced) =>
    `${isSilenced ? '除静默的发现外，' : ''}${isComplete ? '所有' : '有数据的'}指标均在阈值以内。`,
};
