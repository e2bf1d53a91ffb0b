import type { Language } from '../../report/model/indicator.ts';
import { spacedText } from '../../report/render/kit/languages/chinese.ts';

/** How a cluster stands by its reports, worst first: the verdict of the latest, unless there is none to go by. */
export const STANDINGS = ['critical', 'warning', 'missing', 'outdated', 'unknown', 'healthy'] as const;
export type Standing = (typeof STANDINGS)[number];

export type CourseFacts = {
  reports: number;
  first: number;
  latest: number;
  lowest: number;
  incomplete: number;
};

/** What the page that lists the reports says beyond the words of the report. */
export type ArchiveWords = {
  kicker: string;
  title: string;
  titleOfCluster(cluster: string): string;
  allClusters: string;
  /** A language, in itself. */
  language: string;
  clusters(count: number): string;
  standings: Readonly<Record<Standing, string>>;
  /** How many clusters there are of each standing, worst first; only those that there are. */
  tally(counts: readonly (readonly [Standing, number])[]): string;
  findings(critical: number, warning: number): string;
  noFindings: string;
  /** Where not everything was seen. */
  noFindingsSeen: string;
  findingsOfLatest(findings: string): string;
  noReport: string;
  incomplete: string;
  change: string;
  changeFrom(score: number, period: string): string;
  behind(duration: string): string;

  latestOfEach: string;
  latest: string;
  reports: string;
  olderReports: string;
  status: string;
  cluster: string;
  period: string;
  score: string;
  course: string;
  courseHeading(reports: number): string;
  courseDescription(facts: CourseFacts): string;
  courseNote: string;
  findingsColumn: string;
  languageColumn: string;
  files: string;

  howToAsk: string;
  howToAskMore: string;
  nothingOlder: string;
  next: string;
  first: string;

  times(timeZone: string): string;
  timesOfEach: string;
};

const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** A number and what it counts stay on one line. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

const TALLIED: Readonly<Record<Standing, string>> = {
  critical: 'critical',
  warning: 'with warnings',
  missing: 'without a report',
  outdated: 'out of date',
  unknown: 'unknown',
  healthy: 'healthy',
};

const en: ArchiveWords = {
  kicker: 'Antrea health reports',
  title: 'Antrea health reports',
  titleOfCluster: (cluster) => `${cluster} – Antrea health reports`,
  allClusters: 'All clusters',
  language: 'English',
  clusters: (count) => plural(count, 'cluster', 'clusters'),
  standings: {
    critical: 'Critical',
    warning: 'Warning',
    missing: 'No report yet',
    outdated: 'Out of date',
    unknown: 'Unknown',
    healthy: 'Healthy',
  },
  tally: (counts) =>
    `${counts.map(([standing, count]) => unbroken(`${count.toLocaleString('en-GB')} ${TALLIED[standing]}`)).join(', ')}.`,
  findings: (critical, warning) =>
    [
      critical > 0 ? `${critical.toLocaleString('en-GB')} critical` : '',
      warning > 0 ? plural(warning, 'warning', 'warnings') : '',
    ]
      .filter((part) => part !== '')
      .map(unbroken)
      .join(', '),
  noFindings: 'none',
  noFindingsSeen: 'none seen',
  findingsOfLatest: (findings) => `The latest report has: ${findings}.`,
  noReport: 'No report has been finished yet, so nothing is known.',
  incomplete: 'incomplete',
  change: 'Change',
  changeFrom: (score, period) => `from ${score}, ${period}`,
  behind: (duration) => `${duration} behind the newest`,

  latestOfEach: 'Latest report of each cluster',
  latest: 'Latest report',
  reports: 'All reports',
  olderReports: 'Older reports',
  status: 'Status',
  cluster: 'Cluster',
  period: 'Period',
  score: 'Score',
  course: 'Course',
  courseHeading: (reports) => `Score over the last ${plural(reports, 'report', 'reports')}`,
  courseDescription: ({ reports, first, latest, lowest, incomplete }) =>
    reports === 1
      ? `Score of the only report: ${latest}${incomplete > 0 ? '; it is incomplete' : ''}`
      : `Scores of the last ${reports} reports: first ${first}, lowest ${lowest}, latest ${latest}${
          incomplete > 0 ? `; ${incomplete} incomplete` : ''
        }`,
  courseNote:
    'Course of the score, 0 to 100: a point per report, the latest at the right; hollow where the report is incomplete.',
  findingsColumn: 'Needs attention',
  languageColumn: 'Language',
  files: 'Open',

  howToAsk:
    'No report has been finished yet. Schedules make reports on their own; to ask for one now, send this request to the address of this page:',
  howToAskMore:
    'A report takes seconds and then stands here. docs/openapi.json says what else can be asked for.',
  nothingOlder: 'There are no older reports.',
  next: 'Older reports',
  first: 'Back to the newest',

  times: (timeZone) => `Days and times are in ${timeZone}.`,
  timesOfEach: 'Days and times are in the time zone of each cluster.',
};

const count = (value: number) => value.toLocaleString('zh-CN');

const zhCN: ArchiveWords = {
  kicker: 'Antrea 健康报告',
  title: 'Antrea 健康报告',
  titleOfCluster: (cluster) => spacedText`${cluster} – Antrea 健康报告`,
  allClusters: '全部集群',
  language: '中文',
  clusters: (clusters) => spacedText`${count(clusters)} 个集群`,
  standings: {
    critical: '严重',
    warning: '警告',
    missing: '尚无报告',
    outdated: '报告滞后',
    unknown: '未知',
    healthy: '正常',
  },
  tally: (counts) =>
    spacedText`${counts
      .map(([standing, clusters]) => unbroken(spacedText`${zhCN.standings[standing]} ${count(clusters)} 个`))
      .join('，')}。`,
  findings: (critical, warning) =>
    [
      critical > 0 ? spacedText`严重 ${count(critical)} 项` : '',
      warning > 0 ? spacedText`警告 ${count(warning)} 项` : '',
    ]
      .filter((part) => part !== '')
      .map(unbroken)
      .join('，'),
  noFindings: '无',
  noFindingsSeen: '未发现',
  findingsOfLatest: (findings) => spacedText`最新报告发现：${findings}。`,
  noReport: '尚未生成报告，集群状况不明。',
  incomplete: '不完整',
  change: '变化',
  changeFrom: (score, period) => spacedText`上一份：${score} 分，${period}`,
  behind: (duration) => spacedText`比最新的报告早 ${duration}`,

  latestOfEach: '各集群的最新报告',
  latest: '最新报告',
  reports: '全部报告',
  olderReports: '更早的报告',
  status: '状态',
  cluster: '集群',
  period: '统计周期',
  score: '评分',
  course: '走势',
  courseHeading: (reports) => spacedText`最近 ${count(reports)} 份报告的评分`,
  courseDescription: ({ reports, first, latest, lowest, incomplete }) =>
    reports === 1
      ? spacedText`唯一一份报告的评分：${latest}${incomplete > 0 ? '；该报告不完整' : ''}`
      : spacedText`最近 ${count(reports)} 份报告的评分：最早 ${first}，最低 ${lowest}，最新 ${latest}${
          incomplete > 0 ? spacedText`；其中 ${count(incomplete)} 份不完整` : ''
        }`,
  courseNote: '走势为评分（0 至 100）的变化：每个点代表一份报告，最新的在最右侧；空心点表示报告不完整。',
  findingsColumn: '问题',
  languageColumn: '语言',
  files: '查看',

  howToAsk: '尚未生成报告。定时任务会自动生成；如需立即生成，请向本页地址发送以下请求：',
  howToAskMore: '报告数秒内即可生成，随后显示在此处。其他参数见 docs/openapi.json。',
  nothingOlder: '没有更早的报告。',
  next: '更早的报告',
  first: '返回最新报告',

  times: (timeZone) => spacedText`日期和时间均为 ${timeZone}。`,
  timesOfEach: '日期和时间均按各集群所在时区显示。',
};

export const ARCHIVE_WORDS: Readonly<Record<Language, ArchiveWords>> = { en, 'zh-CN': zhCN };
