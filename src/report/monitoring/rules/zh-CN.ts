import type { en } from './en.ts';

export const zhCN: typeof en = {
  summary: (title, node, details, value) =>
    `${title}${value === '' ? '' : `：${value}`}${node === '' ? '' : `，节点 ${node}`}${details === '' ? '' : `（${details}）`}`,
  component: { agent: 'Agent', controller: 'Controller' },
  gaps: { down: '采集全部失败', absent: '已不再采集' },
  restarts: (count) => `最近 24 小时 ${count} 次`,
  sentenceSpace: '',

  header: (version) => [
    `Antrea 健康告警规则，由 antrea-health-report ${version} 生成，与健康报告使用同一份指标定义。`,
    '如需重新生成，请执行 `antrea-health rules`；与报告的差异见 docs/alerts.md。',
  ],
  windows: (scrapeInterval) => `查询的时间范围与采集间隔为 ${scrapeInterval} 时的日报相同。`,
  noAlert: '以下内容没有告警：',
  leftOut: {
    'no-threshold': '没有阈值',
    'total-without-usual-level': '总数没有可比较的平时水平',
    'no-buckets': '服务器未保存该直方图的分桶',
  },
  onlyInReports: [
    'scrape-coverage：零散的采集失败累计达到一天的十分之一',
    '四周内的水平变化和趋势、上限预测、缺失的数据',
  ],
};
