import { count, enumerate, spaced, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  heading: '容量余量',
  columns: { indicator: '指标', where: '对象', used: '用量', growth: '日均增长', full: '预计用尽' },
  amounts: ({ value, limit }) => (limit === '' ? '' : spacedText`${value} / ${limit}`),
  barTitle: (title, share) => spacedText`${title}：已用上限的 ${share}`,
  growth: ({ sign, value, low, high }) =>
    low === high ? `${sign}${value}` : spacedText`${sign}${value}（${low}–${high}）`,
  noGrowth: '无稳定增长',
  isFull: '已用尽',
  fullIn: ({ days, low, high }) => {
    if (days < 1) return '1 天之内';
    if (high === null) return spacedText`约 ${days} 天后（最早 ${low} 天）`;
    return low === high ? spacedText`约 ${days} 天后` : spacedText`约 ${days} 天后（${low}–${high} 天）`;
  },
  more: (value, share) => spacedText`另有 ${count(value)} 项，用量均不超过 ${share}。`,
  note: ([low, high]) =>
    spacedText`增长：根据最近 ${low === high ? high : `${low}–${high}`} 天的历史数据判断是否稳定增长，括号内为 95% 置信区间。`,
  emptyText: ({ title, place, value, limit, limitTitle, share }) =>
    spaced`各项用量均远离上限。用量最高的是 ${place} 的 ${title}：${limit === '' ? '' : spacedText`${value} / ${limit} ${limitTitle}，`}已用 ${share}。`,
  runsOut: ({ title, places, first, full, value, limit, limitTitle }) => {
    const now =
      limit === ''
        ? spacedText`目前为${limitTitle}的 ${value}`
        : spacedText`目前为 ${value} / ${limit} ${limitTitle}`;
    const whose = spaced`${enumerate(places)} 的 ${title}`;
    if (places.length === 1)
      return full === '' ? spaced`${whose}已达上限，${now}` : spaced`${whose}预计 ${full}达到上限，${now}`;
    return full === ''
      ? spaced`${whose}已达上限；用量最高的是 ${enumerate([first])}，${now}`
      : spaced`${whose}预计将达到上限；最早的是 ${enumerate([first])}，${full}，${now}`;
  },
};
