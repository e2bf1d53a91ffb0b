import { count, enumerate, list, listSome, spaced, spacedText } from '../../render/kit/languages/chinese.ts';
import { name } from '../../render/kit/phrase.ts';
import type { Kind, Reason } from '../difference.ts';
import type { en } from './en.ts';
import type { Which } from './facts.ts';

const REPORTS: Readonly<Record<Which, string>> = { first: '第一份报告', second: '第二份报告' };

const KINDS: readonly (readonly [Kind, string, string])[] = [
  ['new', '新增', '仅第二个集群有'],
  ['worse', '加重', '第二个集群更严重'],
  ['better', '减轻', '第二个集群更轻'],
  ['resolved', '恢复', '仅第一个集群有'],
  ['unchanged', '不变', '相同'],
  ['not-judged', '有一方未判断', '有一方未判断'],
];

const REASONS: Readonly<Record<Reason, string>> = {
  'indicator-absent': '没有该指标',
  'no-data': '无数据',
  'not-enabled': '未启用',
  'not-exposed': '未暴露',
  'not-captured': '未录制',
  failed: '查询失败',
  'no-thresholds': '没有阈值',
  'coverage-unknown': '采集覆盖情况未知',
  'subject-absent': '没有该节点',
  'scraped-too-little': '采集到的时间不足一半',
  'no-reading': '没有读数',
};

export const zhCN: typeof en = {
  headings: {
    new: '新增',
    worse: '加重',
    'not-judged': '有一方未判断',
    better: '减轻',
    resolved: '已恢复',
    unchanged: '不变',
  },
  clusterHeadings: {
    new: (_, second) => spaced`仅 ${name(second)} 有`,
    worse: (_, second) => spaced`${name(second)} 更严重`,
    'not-judged': () => spaced`有一方未判断`,
    better: (_, second) => spaced`${name(second)} 更轻`,
    resolved: (first) => spaced`仅 ${name(first)} 有`,
    unchanged: () => spaced`两个集群相同`,
  },
  sections: {
    indicators: '指标状态',
    coverage: '采集覆盖',
    readings: '明显不同的读数（未构成发现）',
    versions: '版本',
    judgement: '判断方式不同',
  },

  incidents: '事件',
  findings: (counts, isSameCluster) => {
    const parts = KINDS.flatMap(([kind, word, clusterWord]) =>
      counts[kind] > 0 ? [spacedText`${isSameCluster ? word : clusterWord} ${count(counts[kind])} 项`] : [],
    );
    return parts.length === 0 ? '两份报告都没有发现。' : `发现：${parts.join('，')}。`;
  },

  otherCluster: '两份报告属于不同的集群，同名节点视为同一对象进行对比。',
  order: {
    earlier: '第二份报告的统计周期早于第一份。',
    overlapping: '两份报告的统计周期有重叠。',
    same: '两份报告的统计周期相同。',
  },
  otherLength: (first, second) =>
    spacedText`两个统计周期长度不同（${first}和 ${second}），因此不比较次数和持续时间。`,
  incomplete: (which) =>
    which.length > 1 ? '两份报告都不完整。' : `${REPORTS[which[0] ?? 'second']}不完整。`,
  nothingSeen: (which) => spacedText`${REPORTS[which]}未找到 Antrea 的 Prometheus 指标。`,

  subject: (title, places) =>
    places.every(({ kind }) => kind === 'cluster' || kind === 'everything')
      ? spaced`${title}`
      : spaced`${enumerate(places)} 的 ${title}`,
  worst: (first, second, isBelow) => spacedText`${isBelow ? '最低' : '最高'} ${first} → ${second}`,
  lasted: (first, second) => spacedText`持续 ${first} → ${second}`,
  over: '已结束',
  otherThresholds: '所用阈值不同',
  reason: (reason, which) => `${REPORTS[which]}中${REASONS[reason]}`,
  explained: (findings) => spacedText`另有 ${count(findings)} 项连带异常`,

  absent: '报告中没有',
  titles: (titles) => listSome(titles, '项指标'),
  nodesAdded: '新增节点',
  nodesRemoved: '移除节点',
  nodes: (nodes) => listSome(nodes, '个节点'),
  gaps: '缺口',
  gapsOf: (gaps, duration) => (gaps === 0 ? '无' : spacedText`${count(gaps)} 个（最长 ${duration}）`),
  unknown: '未知',
  none: '无',

  kinds: { median: '中位数', total: '合计' },
  typical: (title) => spacedText`全部节点的${title}`,
  moved: (subject, isRise) => spaced`${subject}${isRise ? '上升' : '下降'}`,
  isOther: (subject, isHigher) => spaced`${subject}${isHigher ? '较高' : '较低'}`,
  change: (values, share) => `${values}（${share}）`,
  largest: (place) => spaced`；相差最大的是 ${enumerate([place])}`,

  generator: 'antrea-health-report 版本',
  schema: 'report.json 的 schema 版本',
  step: '步长',
  rateWindow: '速率窗口',

  unchanged: ({ findings, indicators, readings, nodes }, hasChanges) => {
    const parts = [
      findings > 0 ? spacedText`${count(findings)} 项发现` : '',
      indicators > 0 ? spacedText`${count(indicators)} 项指标的状态` : '',
      readings > 0 ? spacedText`${count(readings)} 个读数` : '',
      nodes > 0 ? spacedText`${count(nodes)} 个节点` : '',
    ].filter((part) => part !== '');
    const start = hasChanges ? '其余没有变化' : '没有变化';
    return parts.length === 0 ? `${start}。` : spacedText`${start}（${list(parts)}）。`;
  },
};
