import { because, count, list, listSome, PERIODS_BEFORE, spacedText } from '../../kit/languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  kicker: 'Antrea 健康报告',
  period: '统计周期',
  scoreBefore: (score, before) => spacedText`${PERIODS_BEFORE[before]} ${score} 分`,
  generated: '生成时间',
  coverage: '采集覆盖',
  coverageSeen: (share) => spacedText`采集成功率 ${share}`,
  coverageUnknown: '未知',
  afterPeriod: (duration) => spacedText`统计周期结束后 ${duration}`,
  recorded: (when) => spacedText`录制于 ${when}`,
  missing: {
    failed: (titles) => spacedText`${list(titles)}查询失败。`,
    notCaptured: (titles) => spacedText`录制文件不包含${list(titles)}。`,
    noData: (titles) => spacedText`${list(titles)}没有数据。`,
    targets: (reason) => spacedText`查找采集目标的查询失败，可能遗漏部分目标${because(reason ?? '')}`,
    agentsWanted: (reason) => spacedText`应运行的 Agent 数量未知${because(reason ?? '')}`,
    restarts: '部分采集目标缺少 process_start_time_seconds，其重启情况未知。',
    usualLevel: (titles, before, reason) =>
      reason === null
        ? spacedText`${PERIODS_BEFORE[before]}没有${list(titles)}的数据，可能遗漏偏离平时水平的情况。`
        : spacedText`${PERIODS_BEFORE[before]}的${list(titles)}查询失败，可能遗漏偏离平时水平的情况${because(reason)}`,
    interval: '无法测得采集间隔，速率的回溯窗口可能偏短。',
    readings: (titles, subjects) =>
      spacedText`${listSome(titles, '项指标')}：缺少 ${listSome(subjects, '个对象')}的读数。`,
    moreReadings: (indicators) => spacedText`另有 ${count(indicators)} 项指标缺少部分读数。`,
    agents: ({ agentsAtEnd, agentsDesired }, unread) => {
      const desired = agentsDesired ?? 0;
      const sentence = spacedText`期末仅采集到 ${count(agentsAtEnd)}/${count(desired)} 个 Agent`;
      if (unread === null) return `${sentence}。`;
      const others = spacedText`缺失的 ${count(desired - agentsAtEnd)} 个`;
      const { all, missing } = unread;
      const nodes = spacedText`缺少读数的 ${count(all)} 个节点`;
      if (missing === all) return spacedText`${sentence}；${nodes}均在${others}之中。`;
      if (missing === 0) return spacedText`${sentence}；${nodes}均不在${others}之中。`;
      return spacedText`${sentence}；${nodes}中，有 ${count(missing)} 个属于${others}。`;
    },
    warnings: (warnings) => spacedText`Prometheus 返回了 ${count(warnings)} 条警告，数据可能不完整。`,
    other: '统计周期内有部分时段没有数据。',
  },
};
