import {
  enumerate,
  listSome,
  more,
  PERIODS_BEFORE,
  reasonText,
  spaced,
  spacedText,
} from '../../kit/languages/chinese.ts';
import type { PeriodBefore } from '../../kit/words/facts.ts';
import type { en } from './en.ts';

const comparedPeriod = (before: PeriodBefore | 'week-before') =>
  before === 'week-before' ? '一周前同期' : PERIODS_BEFORE[before];

export const zhCN: typeof en = {
  heading: '变化',
  upgradeLabel: '版本变更',
  upgrade: ({ component, from, to, isFinished }) =>
    spaced`${component === 'agent' ? 'Agent' : 'Controller'} 由 ${from} 变更为 ${to}${isFinished ? '' : '，期末尚未全部完成'}`,
  resolvedLabel: '已恢复',
  stepLabel: '水平变化',
  trendLabel: '趋势',
  shares: (least, greatest) => spacedText`${least} 至 ${greatest}`,
  comparedWith: (periods) => spacedText`对比 ${periods.join('、')}。`,
  notCompared: (before, reason) => {
    const text = reasonText(reason);
    return text === ''
      ? spacedText`Prometheus 中没有${comparedPeriod(before)}的数据。`
      : spacedText`未能与${comparedPeriod(before)}对比：${text}。`;
  },
  unansweredBefore: (titles, before, reason) =>
    spacedText`${listSome(titles, '项指标')}未能与${comparedPeriod(before)}对比（${reasonText(reason)}）。`,
  unanswered: (failed, queries, reason) =>
    spacedText`前几周历史数据的 ${queries} 项查询中有 ${failed} 项失败（${reasonText(reason)}），变化和容量预测可能不全。`,
  resolved: (title, places, severity, value) => {
    const level = severity === 'critical' ? '此前为严重' : '此前为警告';
    return spaced`${enumerate(places)} 的 ${title}（${level}${value === '' ? '' : `，${value}`}）`;
  },
  step: ({ title, places, largest, before, after, share, isRise, isRestart }) => {
    const by = share === '' ? '' : `（${share}）`;
    const stays = `，至今保持该水平${isRestart ? '，始于进程重启' : ''}`;
    const levels = spacedText`由 ${before} ${isRise ? '升至' : '降至'} ${after}`;
    return places.length === 1
      ? spaced`${enumerate(places)} 的 ${title}${levels}${by}${stays}`
      : spaced`${enumerate(places)} 的 ${title}${isRise ? '上升' : '下降'}${by}${stays}；变化最大的是 ${enumerate([largest])}，${levels}`;
  },
  trend: ({ title, places, largest, before, after, perDay, low, high, isRise, isRestart }) => {
    const rate = spacedText`日均 ${perDay}（95% 置信区间 ${low} 至 ${high}），已由 ${before} ${isRise ? '升至' : '降至'} ${after}${isRestart ? '，始于进程重启' : ''}`;
    return places.length === 1
      ? spaced`${enumerate(places)} 的 ${title}${rate}`
      : spaced`${enumerate(places)} 的 ${title}持续${isRise ? '上升' : '下降'}；变化最大的是 ${enumerate([largest])}，${rate}`;
  },
  more,
};
