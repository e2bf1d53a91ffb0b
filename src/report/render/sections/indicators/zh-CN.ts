import { count, list, PERIODS_BEFORE, spaced, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  highest: (value, place, time) =>
    spaced`最高读数：${place === null ? spaced`` : spaced`${place}，`}${value}${time === null ? '' : `，${time}`}。`,
  highestTotal: (value, place) =>
    spaced`最高合计：${place === null ? spaced`` : spaced`${place}，`}${value}。`,
  rangeAtEnd: (low, high) => spacedText`期末为 ${low} 至 ${high}。`,
  valueAtEnd: (value) => spacedText`期末为 ${value}。`,
  worstLevel: (place, value, range) =>
    spaced`${place === null ? '' : spaced`${place} `}曾为 ${value}，${range}。`,
  none: '统计周期内未发生。',
  information: '仅供参考，不设阈值。',
  idle: '统计周期内无活动：该 Prometheus 指标存在，但没有任何记录。',
  noData: '没有数据，而所有 Antrea 版本都暴露该 Prometheus 指标，因此无法判断。',
  notCaptured: '录制文件中没有该指标的查询结果，因此无法判断。请重新录制。',
  failed: '查询失败，无法判断：',
  customNoData: '没有数据：查询没有返回结果，因此无法判断。',
  customIdle: '统计周期内无活动：查询没有返回结果。',
  unknown: '当前版本的 antrea-health-report 不识别该指标，仅显示数值，不附说明。',

  readings: '读数',
  worstReadings: '读数最差的对象',
  where: '对象',
  value: { maximum: '最高值', last: '期末值', total: '合计' },
  time: '时间',
  median: '中位数',
  before: (before) => PERIODS_BEFORE[before],
  weekBefore: '一周前',
  moreWithinThresholds: (value) => spacedText`另有 ${count(value)} 项在阈值以内`,
  noActivity: '无活动',
  earlier: (period, before, weekBefore) => {
    const values = [
      before === '' ? '' : spacedText`${PERIODS_BEFORE[period]}为 ${before}`,
      weekBefore === '' ? '' : spacedText`一周前为 ${weekBefore}`,
    ].filter((value) => value !== '');
    return values.length === 0 ? '' : spacedText`${values.join('，')}。`;
  },
  query: 'PromQL',
  details: '详情',

  chart: {
    description: ({ lines, highest, lowest, from, to }) =>
      spacedText`${count(lines)} 条曲线，${from} 至 ${to}，数值在 ${lowest} 与 ${highest} 之间。`,
    threshold: (severity, value) => spacedText`${severity === 'critical' ? '严重' : '警告'} ${value}`,
    thresholdsAbove: (thresholds) => spacedText`阈值（${thresholds.join('、')}）超出纵轴范围。`,
    settling: (duration) => spacedText`进程启动后 ${duration}内的数据仅绘图，不参与判断。`,
    noData: '无数据',
    noDataFrom: (subject) => spacedText`无数据：${subject}`,
    hatched: (subjects) =>
      spacedText`斜线区域：${subjects.length > 0 ? spacedText`${list(subjects)} ` : ''}无数据。`,
    others: (value) => spacedText`灰线：其余 ${count(value)} 条。`,
    band: (value) => spacedText`灰色带：全部 ${count(value)} 条曲线的取值范围；灰线：中位数。`,
    bandWithoutCount: '灰色带：全部曲线的取值范围；灰线：中位数。',
    small: '深色线为读数最差的对象，灰色为其余对象。',
  },
};
