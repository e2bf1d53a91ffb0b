import { spacedText } from '../../report/render/kit/languages/chinese.ts';
import { phrase } from '../../report/render/kit/phrase.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  languageName: '中文',
  kicker: 'Antrea 健康报告',
  allClusters: '全部集群',
  allReports: '全部报告',
  signedInAs: (person) => phrase`已登录：${person}`,
  signOut: '退出登录',
  titleOf: (subject) => spacedText`${subject} – Antrea 健康报告`,

  form: {
    heading: '立即生成报告',
    cluster: '集群',
    period: '统计周期',
    language: '语言',
    periods: { day: '昨天', week: '上周', month: '上个月', '24h': '最近 24 小时' },
    recorded: '录制的时间段',
    asConfigured: '按集群配置',
    send: '生成报告',
    again: '重试',
    errors: {
      cluster: '请选择列表中的集群。',
      period: '请选择列表中的统计周期。',
      language: '请选择列表中的语言。',
    },
    unavailable: '暂时无法请求生成报告，请一分钟后重试。',
    refused: (reason) => `无法请求生成报告：${reason}`,
  },
};
