import type { Language } from '../../report/model/indicator.ts';
import type { CalendarUnit } from '../../report/model/period.ts';
import { spaced, spacedText } from '../../report/render/kit/languages/chinese.ts';
import { join, name, type Phrase, phrase, withCode } from '../../report/render/kit/phrase.ts';

/** How a cluster stands in the digest, worst first. Only the last of them is health. */
export const DIGEST_STANDINGS = [
  'critical',
  'warning',
  'failed',
  'missing',
  'under-way',
  'unknown',
  'healthy',
] as const;
export type DigestStanding = (typeof DIGEST_STANDINGS)[number];

/** Why nothing is known of a cluster. */
export type Absence = 'failed' | 'missing' | 'under-way';

/** What the digest says beyond the words of the report and of the list of reports. */
export type DigestWords = {
  kicker: Readonly<Record<CalendarUnit, string>>;
  subject(verdict: string, period: string): string;
  /** How many of all clusters need attention. */
  verdict(attention: number, all: number): string;
  standings: Readonly<Record<DigestStanding, string>>;
  tally: Readonly<Record<DigestStanding, (count: number) => string>>;

  attention: string;
  absent: Readonly<Record<Absence, string>>;
  reason(reason: string): Phrase;
  reasonUnknown: string;
  incomplete(reasons: string): Phrase;
  /** Of clusters that had no room for theirs. */
  moreChanges: string;
  moreFindings(count: number): string;
  moreClusters(count: number): string;
  score: string;
  /** In a sentence. */
  scoreIs(score: string): string;
  /** With its sign; from the period before. */
  change(change: string, unit: CalendarUnit): string;
  unchanged(unit: CalendarUnit): string;
  report: string;
  details: string;

  findings: string;
  /** Said with the commands alone, where the finding above had the same step. */
  sameStep: string;
  moreElsewhere(count: number): string;
  steps: string;

  healthy: string;

  attached(clusters: readonly string[], more: number): Phrase;
  leftOut(clusters: readonly string[], more: number): Phrase;
  all: string;
  /** In text, where what follows is an address. */
  colon: string;
  footer: Phrase;
  noTracking: string;
};

const number = (value: number) => value.toLocaleString('en-GB');

const PERIODS: Readonly<Record<CalendarUnit, string>> = { day: 'a day', week: 'a week', month: 'a month' };

function clustersNamed(clusters: readonly string[], more: number): Phrase {
  const names = clusters.map(name);
  if (more > 0) return phrase`${join(names, ', ')} and ${number(more)} more`;
  const last = names.at(-1) ?? [];
  return names.length < 2 ? last : phrase`${join(names.slice(0, -1), ', ')} and ${last}`;
}

const en: DigestWords = {
  kicker: {
    day: 'Antrea health, daily digest',
    week: 'Antrea health, weekly digest',
    month: 'Antrea health, monthly digest',
  },
  subject: (verdict, period) => `${verdict} – ${period}`,
  verdict: (attention, all) => {
    if (all === 0) return 'No clusters to report on';
    if (all === 1) return attention === 0 ? 'The cluster is healthy' : 'The cluster needs attention';
    if (attention === 0) return `All ${number(all)} clusters are healthy`;
    if (attention === all) return `All ${number(all)} clusters need attention`;
    return `${number(attention)} of ${number(all)} clusters ${attention === 1 ? 'needs' : 'need'} attention`;
  },
  standings: {
    critical: 'Critical',
    warning: 'Warning',
    failed: 'Report failed',
    missing: 'No report',
    'under-way': 'Report under way',
    unknown: 'Unknown',
    healthy: 'Healthy',
  },
  tally: {
    critical: (count) => `${number(count)} critical`,
    warning: (count) => `${number(count)} with warnings`,
    failed: (count) => `${number(count)} ${count === 1 ? 'report' : 'reports'} failed`,
    missing: (count) => `${number(count)} without a report`,
    'under-way': (count) => `${number(count)} ${count === 1 ? 'report' : 'reports'} under way`,
    unknown: (count) => `${number(count)} unknown`,
    healthy: (count) => `${number(count)} healthy`,
  },

  attention: 'Needs attention',
  absent: {
    failed: 'The report could not be made, so nothing is known of this cluster.',
    missing: 'There is no report of this period, so nothing is known of this cluster.',
    'under-way': 'The report is not finished yet, so nothing is known of this cluster.',
  },
  reason: (reason) => phrase`Reason: ${name(reason)}`,
  reasonUnknown: 'Reason: not known',
  incomplete: (reasons) => phrase`The report is incomplete. ${name(reasons)}`,
  moreChanges: 'More changes are in the reports.',
  moreFindings: (count) => `and ${number(count)} more ${count === 1 ? 'thing' : 'things'}`,
  moreClusters: (count) => `${number(count)} more ${count === 1 ? 'needs' : 'need'} attention`,
  score: 'Score',
  scoreIs: (score) => `score ${score}`,
  change: (change, unit) => `${change} in ${PERIODS[unit]}`,
  unchanged: (unit) => `the same as ${PERIODS[unit]} before`,
  report: 'Report',
  details: 'Details',

  findings: 'What to do first',
  sameStep: 'The same step as above:',
  moreElsewhere: (count) =>
    `${number(count)} more ${count === 1 ? 'thing is' : 'things are'} in the reports.`,
  steps: 'Chart and further steps',

  healthy: 'Healthy',

  attached: (clusters, more) => phrase`Attached as PDF: ${clustersNamed(clusters, more)}.`,
  leftOut: (clusters, more) =>
    phrase`Not attached, as the message would be too large: ${clustersNamed(clusters, more)}.`,
  all: 'All reports',
  colon: ': ',
  footer: withCode(
    'Sent by antrea-health-report, as its configuration says under `digests`. Recipients, time, language and note are changed there.',
  ),
  noTracking: 'This message loads nothing from anywhere and does not tell anyone that it was read.',
};

const count = (value: number) => value.toLocaleString('zh-CN');

const BEFORE: Readonly<Record<CalendarUnit, string>> = {
  day: '较前一天',
  week: '较前一周',
  month: '较前一月',
};

const clustersListed = (clusters: readonly string[], more: number) =>
  more > 0
    ? spaced`${join(clusters.map(name), '、')} 等 ${count(clusters.length + more)} 个集群`
    : join(clusters.map(name), '、');

const zhCN: DigestWords = {
  kicker: { day: 'Antrea 健康日报', week: 'Antrea 健康周报', month: 'Antrea 健康月报' },
  subject: (verdict, period) => spacedText`${verdict} – ${period}`,
  verdict: (attention, all) => {
    if (all === 0) return '没有可报告的集群';
    if (all === 1) return attention === 0 ? '集群状态正常' : '集群需要处理';
    if (attention === 0) return spacedText`${count(all)} 个集群全部正常`;
    if (attention === all) return spacedText`${count(all)} 个集群全部需要处理`;
    return spacedText`${count(all)} 个集群中有 ${count(attention)} 个需要处理`;
  },
  standings: {
    critical: '严重',
    warning: '警告',
    failed: '报告生成失败',
    missing: '没有报告',
    'under-way': '报告生成中',
    unknown: '未知',
    healthy: '正常',
  },
  tally: {
    critical: (clusters) => spacedText`严重 ${count(clusters)} 个`,
    warning: (clusters) => spacedText`警告 ${count(clusters)} 个`,
    failed: (clusters) => spacedText`报告失败 ${count(clusters)} 个`,
    missing: (clusters) => spacedText`无报告 ${count(clusters)} 个`,
    'under-way': (clusters) => spacedText`报告生成中 ${count(clusters)} 个`,
    unknown: (clusters) => spacedText`未知 ${count(clusters)} 个`,
    healthy: (clusters) => spacedText`正常 ${count(clusters)} 个`,
  },

  attention: '需要处理',
  absent: {
    failed: '报告未能生成，集群状况不明。',
    missing: '没有本周期的报告，集群状况不明。',
    'under-way': '报告尚未生成完毕，集群状况不明。',
  },
  reason: (reason) => spaced`原因：${name(reason)}`,
  reasonUnknown: '原因：未知',
  incomplete: (reasons) => spaced`报告不完整。${name(reasons)}`,
  moreChanges: '其余变化见各报告。',
  moreFindings: (more) => spacedText`另有 ${count(more)} 项问题`,
  moreClusters: (more) => spacedText`另有 ${count(more)} 个集群需要处理`,
  score: '评分',
  scoreIs: (score) => spacedText`评分 ${score}`,
  change: (change, unit) => spacedText`${BEFORE[unit]} ${change}`,
  unchanged: (unit) => `${BEFORE[unit]}持平`,
  report: '报告',
  details: '详情',

  findings: '优先处理',
  sameStep: '步骤同上：',
  moreElsewhere: (more) => spacedText`其余 ${count(more)} 项问题见各报告。`,
  steps: '图表与后续步骤',

  healthy: '正常',

  attached: (clusters, more) => spaced`PDF 附件：${clustersListed(clusters, more)}。`,
  leftOut: (clusters, more) => spaced`因邮件大小限制未附 PDF：${clustersListed(clusters, more)}。`,
  all: '全部报告',
  colon: '：',
  footer: withCode(
    '本邮件由 antrea-health-report 按配置中的 `digests` 发送，收件人、发送时间、语言和附言均可在该处修改。',
  ),
  noTracking: '本邮件不加载任何外部内容，也不追踪是否已读。',
};

export const DIGEST_WORDS: Readonly<Record<Language, DigestWords>> = { en, 'zh-CN': zhCN };
