import { because, count, list, more, place, places, reasonText, spacedText } from '../languages/chinese.ts';
import type { en } from './en.ts';

export const zhCN: typeof en = {
  documentTitle: (cluster, end) => spacedText`${cluster} – Antrea 健康报告，${end}`,

  statuses: {
    critical: '严重',
    warning: '警告',
    explained: '连带异常',
    silenced: '已静默',
    healthy: '正常',
    idle: '无活动',
    information: '仅供参考',
    'no-data': '无数据',
    'not-enabled': '未启用',
    'not-exposed': '未暴露',
    'not-captured': '未录制',
    failed: '查询失败',
  },
  verdicts: { critical: '严重', warning: '警告', healthy: '正常', unknown: '未知' },
  verdictDetail: (verdict, incidents, ongoing) => {
    if (incidents === 0) return verdict === 'unknown' ? '未发现问题，但部分数据缺失。' : '未发现问题。';
    if (incidents === 1) return ongoing === 1 ? '共 1 个事件，仍在持续。' : '共 1 个事件，已结束。';
    if (ongoing === 0) return spacedText`共 ${count(incidents)} 个事件，均已结束。`;
    return ongoing === incidents
      ? spacedText`共 ${count(incidents)} 个事件，均仍在持续。`
      : spacedText`共 ${count(incidents)} 个事件，其中 ${count(ongoing)} 个仍在持续。`;
  },
  reason: reasonText,
  score: '评分',
  outOfHundred: ' / 100',
  scoreDescription: (score) => spacedText`${score} 分，满分 100 分`,
  incomplete: '报告不完整。',
  contents: '目录',

  chapters: {
    availability: '可用性',
    policy: '策略计算',
    service: 'Service',
    datapath: '数据通路',
    'flow-export': '流量导出',
    capacity: '容量',
    resources: '进程资源',
    own: '自定义指标',
  },
  components: { agent: 'Agent', controller: 'Controller' },

  coverageCounts: ({ agentsAtEnd, agentsDesired, agentsSeen, controllersAtEnd }) => {
    const expected = agentsDesired ?? agentsSeen;
    const agents = agentsAtEnd === expected ? count(expected) : `${count(agentsAtEnd)}/${count(expected)}`;
    return spacedText`期末有 ${agents} 个 Agent、${count(controllersAtEnd)} 个 Controller`;
  },
  coverageUnknown: (reason) => spacedText`采集覆盖情况未知${because(reason)}`,
  metricsUnknown: (reason) => spacedText`无法获取 Prometheus 指标列表${because(reason)}`,

  place,
  placeShort: place,
  places,
  list,
  more,
  comma: '，',
  colon: '：',
  sentenceSpace: '',
  since: (time) => spacedText`自${time} 起`,

  meaning: '影响',
  firstStep: '第一步',
  runbook: '处理手册',
  nextSteps: '排查步骤',
  podGone: '该 Pod 已不存在，请在日志平台中查询其日志。',

  thresholds: {
    above: (value) => spacedText`高于 ${value}`,
    atLeast: (value) => spacedText`达到 ${value}`,
    below: (value) => spacedText`低于 ${value}`,
    change: (share) => spacedText`偏离平时水平超过 ${share}`,
    rise: (share) => spacedText`高出平时水平 ${share} 以上`,
    and: ([first = '', ...others]) =>
      others.reduce((all, condition) => spacedText`${all}且${condition}`, first),
    lasting: (condition, duration) => spacedText`${condition}持续 ${duration}`,
    times: (condition, times) => spacedText`至少 ${times} 次${condition}`,
    severity: (severity, condition) => spacedText`${condition}为${severity === 'critical' ? '严重' : '警告'}`,
    join: (thresholds) => spacedText`${thresholds.join('；')}。`,
  },

  antrea: {
    range: (from, until, before) => {
      if (from === null) return spacedText`低于 ${before ?? ''}`;
      if (until !== null)
        return from === until || from.startsWith(`${until}.`)
          ? until
          : spacedText`介于 ${from} 与 ${until} 之间`;
      return before === null ? spacedText`${from} 或更高` : spacedText`${from} 或更高，低于 ${before}`;
    },
    byMetrics: '根据指标推断',
    byImages: '取自容器镜像',
    untagged: '无标签',
    knownDefect: (version, fixedIn, certainty) => {
      const antrea = version === '' ? '该版本的 Antrea' : spacedText`Antrea ${version}`;
      if (certainty === 'possible') return spacedText`${antrea} 可能存在已知缺陷，已在 ${fixedIn} 修复`;
      const part = certainty === 'partial' ? '（并非所有 Pod 都运行该版本）' : '';
      return spacedText`${antrea}${part} 的已知缺陷，已在 ${fixedIn} 修复`;
    },
    workaround: '升级之前',
  },

  labelValues: {
    'name=internalNetworkPolicy': 'NetworkPolicy 队列',
    'name=addressGroup': 'AddressGroup 队列',
    'name=appliedToGroup': 'AppliedToGroup 队列',
    'name=internalGroup': 'Group 队列',
    'name=networkpolicyrule': '策略规则队列',
    'name=networkpolicystatus': '策略状态队列',
    'name=noderoute': '节点路由队列',
    'reason=selector_limit': '单个通配符上限',
    'reason=total_limit': '总数上限',
    'meter_id=PacketInMeterNetworkPolicy': 'NetworkPolicy 报文',
    'meter_id=PacketInMeterTraceflow': 'Traceflow 报文',
    'meter_id=PacketInMeterDNSInterception': 'DNS 报文',
    'ip_family=v4': 'IPv4',
    'ip_family=v6': 'IPv6',
  },
};
