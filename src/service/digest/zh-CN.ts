import type { PeriodUnit } from '../../report/model/period.ts';
import { spaced, spacedText } from '../../report/render/kit/languages/chinese.ts';
import { join, name, withCode } from '../../report/render/kit/phrase.ts';
import type { en } from './en.ts';

const number = (value: number) => value.toLocaleString('zh-CN');

const COMPARED_WITH: Readonly<Record<PeriodUnit, string>> = {
  day: '较前一天',
  week: '较前一周',
  month: '较前一个月',
};

const listClusters = (clusters: readonly string[], more: number) =>
  more > 0
    ? spaced`${join(clusters.map(name), '、')} 等 ${number(clusters.length + more)} 个集群`
    : join(clusters.map(name), '、');

export const zhCN: typeof en = {
  kicker: { day: 'Antrea 健康日报', week: 'Antrea 健康周报', month: 'Antrea 健康月报' },
  subject: (verdict, period) => spacedText`${verdict} – ${period}`,
  verdict: (attention, all) => {
    if (all === 0) return '没有可报告的集群';
    if (all === 1) return attention === 0 ? '集群状态正常' : '集群需要处理';
    if (attention === 0) return spacedText`${number(all)} 个集群全部正常`;
    if (attention === all) return spacedText`${number(all)} 个集群全部需要处理`;
    return spacedText`${number(all)} 个集群中有 ${number(attention)} 个需要处理`;
  },
  healthyButSilenced: (silenced, all) =>
    all === 1
      ? '除已静默的发现外，集群状态正常'
      : silenced === all
        ? spacedText`除已静默的发现外，${number(all)} 个集群全部正常`
        : spacedText`${number(all)} 个集群全部正常，其中 ${number(silenced)} 个有已静默的发现`,
  withSilenced: (tally, silenced) => spacedText`${tally}（${number(silenced)} 个有已静默的发现）`,
  statuses: {
    critical: '严重',
    warning: '警告',
    failed: '报告生成失败',
    missing: '没有报告',
    'under-way': '报告生成中',
    unknown: '未知',
    healthy: '正常',
  },
  tally: {
    critical: (count) => spacedText`严重 ${number(count)} 个`,
    warning: (count) => spacedText`警告 ${number(count)} 个`,
    failed: (count) => spacedText`报告生成失败 ${number(count)} 个`,
    missing: (count) => spacedText`没有报告 ${number(count)} 个`,
    'under-way': (count) => spacedText`报告生成中 ${number(count)} 个`,
    unknown: (count) => spacedText`未知 ${number(count)} 个`,
    healthy: (count) => spacedText`正常 ${number(count)} 个`,
  },

  attention: '需要处理',
  noReport: {
    failed: '报告生成失败，集群状态未知。',
    missing: '没有本周期的报告，集群状态未知。',
    'under-way': '报告尚未生成完毕，集群状态未知。',
  },
  reason: (reason) => spaced`原因：${name(reason)}`,
  reasonUnknown: '原因：未知',
  incomplete: (reasons) => spaced`报告不完整。${name(reasons)}`,
  moreHighlights: '其余变化见各报告。',
  moreIncidents: (count) => spacedText`另有 ${number(count)} 个事件`,
  moreClusters: (count) => spacedText`另有 ${number(count)} 个集群需要处理`,
  score: '评分',
  scoreOf: (score) => spacedText`评分 ${score}`,
  change: (change, unit) => spacedText`${COMPARED_WITH[unit]} ${change}`,
  unchanged: (unit) => `${COMPARED_WITH[unit]}持平`,
  report: '报告',
  details: '详情',

  topIncidents: '优先处理',
  sameStep: '步骤同上：',
  moreInReports: (count) => spacedText`其余 ${number(count)} 个事件见各报告。`,
  chartAndSteps: '图表与后续步骤',
  moreIncidentsInReports: '其余事件见各报告。',
  changesAndCapacity: '变化与容量',

  healthy: '正常',

  attached: (clusters, more) => spaced`PDF 附件：${listClusters(clusters, more)}。`,
  leftOut: (clusters, more) => spaced`因邮件大小限制未附 PDF：${listClusters(clusters, more)}。`,
  allReports: '全部报告',
  colon: '：',
  footer: withCode(
    '本邮件由 antrea-health-report 发送。收件人、发送时间、语言和附言可在其配置的 `digests` 部分修改。',
  ),
  noTracking: '本邮件不加载任何外部内容，也不追踪是否已读。',
};
