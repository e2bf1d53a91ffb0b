import { count, places, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '受影响的节点',
  restart: '重启',
  mostNodes: (nodes, all) =>
    nodes.length === all
      ? spacedText`全部 ${places(nodes)}`
      : spacedText`${count(all)} 个节点中的 ${count(nodes.length)} 个`,
  more: (nodes) => spacedText`另有 ${count(nodes)} 个节点`,
  barTitle: (place) => spacedText`周期内的异常：${place}`,
  barItem: (title, severity, ranges, further) =>
    spacedText`${title}（${severity}）：${ranges.join('、')}${further > 0 ? spacedText`，另有 ${count(further)} 个时段` : ''}`,
  separator: '；',
};
