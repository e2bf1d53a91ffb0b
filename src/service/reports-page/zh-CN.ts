import { spaced, spacedText } from '../../report/render/kit/languages/chinese.ts';
import type { en } from './en.ts';

const number = (value: number) => value.toLocaleString('zh-CN');

const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

export const zhCN: typeof en = {
  title: 'Antrea 健康报告',
  clusters: (count) => spacedText`${number(count)} 个集群`,
  statuses: {
    critical: '严重',
    warning: '警告',
    missing: '尚无报告',
    outdated: '报告滞后',
    unknown: '未知',
    healthy: '正常',
  },
  tally: (counts) =>
    spacedText`${counts
      .map(([status, count]) => unbroken(spacedText`${zhCN.statuses[status]} ${number(count)} 个`))
      .join('，')}。`,
  incidents: (critical, warning) =>
    [
      critical > 0 ? spacedText`严重 ${number(critical)} 个` : '',
      warning > 0 ? spacedText`警告 ${number(warning)} 个` : '',
    ]
      .filter((part) => part !== '')
      .map(unbroken)
      .join('，'),
  noIncidents: '无',
  noIncidentsFound: '未发现',
  outdated: '最新报告未发现问题，但另有报告逾期未生成。',
  latestIncidents: (incidents) => spacedText`最新报告中的事件：${incidents}。`,
  noReport: '尚未生成报告，集群状态未知。',
  incomplete: '不完整',
  change: '变化',
  changeFrom: (score, period) => spacedText`上一份报告：${score} 分（${period}）`,
  age: (duration) => spacedText`${duration}前截止`,

  activity: '进行中、失败或缺失的报告',
  states: {
    queued: (since) => spacedText`自 ${since} 起排队`,
    running: (since) => spacedText`自 ${since} 起生成中`,
    failed: (since) => spacedText`${since} 生成失败`,
  },
  lastAttempt: (reason) => spaced`上一次尝试失败：${reason}`,
  missed: (period, due) => spacedText`缺少 ${period} 的报告：应于 ${due} 生成，但没有收到生成请求。`,

  latestOfEach: '各集群的最新报告',
  compare: '与上一份报告对比',
  compareColumn: '对比',
  comparePrevious: '与上一份',
  compareHeading: '对比两份报告',
  compareFirst: '第一份报告',
  compareSecond: '第二份报告',
  compareSend: '开始对比',
  latest: '最新报告',
  reports: '全部报告',
  newestReports: '最新的报告',
  olderReports: '更早的报告',
  status: '状态',
  cluster: '集群',
  period: '统计周期',
  score: '评分',
  scoreHistory: '评分走势',
  scoreHistoryHeading: (reports) => spacedText`最近 ${number(reports)} 份报告的评分走势`,
  scoreHistoryDescription: ({ reports, first, latest, lowest, incomplete }) =>
    reports === 1
      ? spacedText`唯一一份报告的评分：${latest}${incomplete > 0 ? '（报告不完整）' : ''}`
      : spacedText`最近 ${number(reports)} 份报告的评分：最早 ${first}，最低 ${lowest}，最新 ${latest}${
          incomplete > 0 ? spacedText`；其中 ${number(incomplete)} 份不完整` : ''
        }`,
  scoreHistoryNote: '评分走势的范围为 0 至 100：每个点代表一份报告，最新的在最右侧；空心点表示报告不完整。',
  incidentsColumn: '事件',
  languageColumn: '语言',
  files: '文件',

  nothingYet: '尚无报告。',
  noClusters: '您已登录，但没有权限查看任何集群的报告。各用户组可查看哪些集群，由本服务的管理员设置。',
  nothingOlder: '没有更早的报告。',
  next: '更早的报告',
  first: '返回最新的报告',

  times: (timeZone) => spacedText`日期和时间采用 ${timeZone} 时区。`,
  timesOfEach: '日期和时间采用各集群所在的时区。',
};
