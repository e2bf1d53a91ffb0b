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
      titles.more > 0
        ? spacedText`${count(titles.names.length + titles.more)} 项指标缺少 ${listSome(subjects, '个对象')}的读数。`
        : spacedText`${list(titles.names)}：缺少 ${listSome(subjects, '个对象')}的读数。`,
    moreReadings: (indicators) => spacedText`另有 ${count(indicators)} 项指标缺少部分读数。`,
    agents: ({ agentsAtEnd, agentsDesired }, unread) => {
      const desired = agentsDesired ?? 0;
      const missing = desired - agentsAtEnd;
      const sentence = spacedText`期末 ${count(desired)} 个 Agent 中有 ${count(missing)} 个缺失`;
      if (unread === null) return `${sentence}。`;
      if (unread === missing) return `${sentence}，${missing === 1 ? '' : '均'}在上述节点中。`;
      if (unread > 0) return spacedText`${sentence}，其中 ${count(unread)} 个在上述节点中。`;
      return `${sentence}，${missing === 1 ? '' : '均'}在其他节点上。`;
    },
    warnings: (warnings) => spacedText`Prometheus 返回了 ${count(warnings)} 条警告，数据可能不完整。`,
    other: '统计周期内有部分时段没有数据。',
  },
};
