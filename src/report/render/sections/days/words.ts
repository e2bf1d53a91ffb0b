import type { Language, Section } from '../../../model/indicator.ts';
import { spacedText } from '../../kit/words/chinese.ts';
import { plural } from '../../kit/words/english.ts';

export type DayCounts = { days: number; critical: number; warning: number };

/** The days of a longer period, one under the other. */
export type DaysWords = {
  heading: string;
  summary(counts: DayCounts): string;
  day: string;
  about: string;
  /** Heads of narrow columns. */
  columns: Readonly<Record<Section | 'coverage', string>>;
  /** "Tue 17 Nov, Datapath: critical (OVS flow count)"; without titles where there is nothing to name. */
  cell(facts: { day: string; column: string; status: string; titles: readonly string[] }): string;
  more(count: number): string;
  /** Of days that the period has only a part of. */
  from(time: string): string;
  until(time: string): string;
};

const en: DaysWords = {
  heading: 'Day by day',
  summary: ({ days, critical, warning }) => {
    if (critical + warning === 0) return `No findings on any of the ${days} days.`;
    const told = [
      critical > 0 ? `critical on ${plural(critical, 'day', 'days')}` : '',
      warning > 0
        ? `${critical > 0 ? 'no worse than a' : 'a'} warning on ${plural(warning, 'day', 'days')}`
        : '',
      days > critical + warning ? `nothing on ${plural(days - critical - warning, 'day', 'days')}` : '',
    ].filter((one) => one !== '');
    const text = told.join(', ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  },
  day: 'Day',
  about: 'What began',
  columns: {
    availability: 'Availability',
    policy: 'Policy',
    service: 'Services',
    datapath: 'Datapath',
    'flow-export': 'Flow export',
    capacity: 'Capacity',
    resources: 'Processes',
    own: 'Own',
    coverage: 'Coverage',
  },
  cell: ({ day, column, status, titles }) =>
    `${day}, ${column}: ${status.toLowerCase()}${titles.length === 0 ? '' : ` (${titles.join(', ')})`}`,
  more: (count) => `and ${count} more`,
  from: (time) => `from ${time}`,
  until: (time) => `until ${time}`,
};

const zhCN: DaysWords = {
  heading: '逐日情况',
  summary: ({ days, critical, warning }) => {
    if (critical + warning === 0) return spacedText`${days} 天均未发现问题。`;
    const told = [
      critical > 0 ? spacedText`${critical} 天出现严重问题` : '',
      warning > 0 ? spacedText`${warning} 天${critical > 0 ? '仅' : ''}有警告` : '',
      days > critical + warning ? spacedText`${days - critical - warning} 天未发现问题` : '',
    ].filter((one) => one !== '');
    return spacedText`${days} 天中，${told.join('，')}。`;
  },
  day: '日期',
  about: '新出现的问题',
  columns: {
    availability: '可用性',
    policy: '策略',
    service: 'Service',
    datapath: '数据通路',
    'flow-export': '流量导出',
    capacity: '容量',
    resources: '进程',
    own: '自定义',
    coverage: '采集',
  },
  cell: ({ day, column, status, titles }) =>
    spacedText`${day}，${column}：${status}${titles.length === 0 ? '' : `（${titles.join('、')}）`}`,
  more: (count) => spacedText`另有 ${count} 项`,
  from: (time) => spacedText`自 ${time} 起`,
  until: (time) => spacedText`至 ${time}`,
};

export const DAYS_WORDS: Readonly<Record<Language, DaysWords>> = { en, 'zh-CN': zhCN };
