import { code, join, name, type Phrase } from '../phrase.ts';
import { spaced, spacedText } from './chinese.ts';
import { labelValue } from './labels.ts';
import { CHINESE_NOUNS } from './nouns.ts';
import type { Counts, SubjectLabel, Words } from './words.ts';

const count = (value: number) => value.toLocaleString('zh-CN');

const list = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : spacedText`${items.slice(0, -1).join('、')}和${items.at(-1) ?? ''}`;

/** Reasons come from elsewhere: with a full stop or without, or not at all. */
function because(reason: string): string {
  const told = reason.trim().replace(/[.。]+$/, '');
  return told === '' ? '。' : `：${told}。`;
}

const OTHERS = { controller: 'Controller', cluster: '集群', everything: '全部目标' } as const;

function place(one: SubjectLabel): Phrase {
  const suffix = one.labels === '' ? '' : spacedText`（${one.labels}）`;
  if (one.kind === 'node') return spaced`${name(one.node)}${suffix}`;
  return spaced`${OTHERS[one.kind]}${suffix}`;
}

function places(all: readonly SubjectLabel[]): string {
  return spacedText`${count(all.length)} ${all.every(({ kind }) => kind === 'node') ? '个节点' : '个进程'}`;
}

const NAMED = 3;

export function enumerate(all: readonly SubjectLabel[]): Phrase {
  return all.length > NAMED ? spaced`${places(all)}` : join(all.map(place), '、');
}

/** Whose: "node-1 的". */
function of(all: readonly SubjectLabel[]): Phrase {
  return all[0]?.kind === 'cluster' ? spaced`集群中` : spaced`${enumerate(all)} 的`;
}

/** For what is said of processes rather than of an indicator. */
export function processes(all: readonly SubjectLabel[]): Phrase {
  return all[0]?.kind === 'node' ? spaced`${enumerate(all)} 上的 Agent` : enumerate(all);
}

function counts({ agentsAtEnd, agentsDesired, agentsSeen, controllers }: Counts): string {
  const wanted = agentsDesired ?? agentsSeen;
  const agents =
    agentsAtEnd === wanted
      ? spacedText`${count(agentsAtEnd)} 个 Agent`
      : spacedText`${count(agentsAtEnd)}/${count(wanted)} 个 Agent`;
  return spacedText`期末有 ${agents}、${count(controllers)} 个 Controller`;
}

export const zhCN: Words = {
  kicker: 'Antrea 健康报告',
  documentTitle: (cluster, end) => spacedText`${cluster} – Antrea 健康报告，${end}`,

  statuses: {
    critical: '严重',
    warning: '警告',
    explained: '连带异常',
    healthy: '正常',
    idle: '无活动',
    information: '仅供参考',
    'no-data': '无数据',
    'not-enabled': '未启用',
    'not-exposed': '未暴露',
    failed: '查询失败',
  },
  verdicts: { critical: '严重', warning: '警告', healthy: '正常', unknown: '未知' },
  verdictDetail: (verdict, entries, ongoing) => {
    if (entries === 0) return verdict === 'unknown' ? '未发现异常，但部分数据缺失。' : '没有需要处理的问题。';
    if (entries === 1) return ongoing === 1 ? '有 1 项需要处理，期末仍未恢复。' : '有 1 项需要处理，已恢复。';
    if (ongoing === 0) return spacedText`有 ${entries} 项需要处理，均已恢复。`;
    return ongoing === entries
      ? spacedText`有 ${entries} 项需要处理，期末均未恢复。`
      : spacedText`有 ${entries} 项需要处理，其中 ${ongoing} 项期末仍未恢复。`;
  },
  sections: {
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

  masthead: {
    score: '评分',
    outOfHundred: ' / 100',
    scoreDescription: (score) => spacedText`${score} 分，满分 100 分`,
    period: '统计周期',
    generated: '生成时间',
    coverage: '采集覆盖',
    coverageCounts: counts,
    coverageSeen: (share) => spacedText`采集成功率 ${share}`,
    coverageUnknown: '未知',
    recorded: (when) => spacedText`数据来自 ${when} 的采集文件`,
    antrea: (from, until, before) => {
      if (from === null) return spacedText`低于 ${before ?? ''}`;
      if (until !== null)
        return from === until || from.startsWith(`${until}.`) ? until : spacedText`${from} 至 ${until}`;
      return before === null ? spacedText`${from} 或更高` : spacedText`${from} 或更高，低于 ${before}`;
    },
    antreaEvidence: '按指标推断',
    incomplete: '报告不完整。',
    incompleteFailed: (titles) => spacedText`${list(titles)}查询失败。`,
    incompleteNoData: (titles) => spacedText`${list(titles)}没有数据。`,
    incompleteInterval: '无法测得采集间隔，回溯窗口可能偏短。',
    incompleteReadings: (title, subjects, more) =>
      spacedText`${title}，缺少 ${list(subjects)}${more > 0 ? ` 等 ${subjects.length + more} 个对象` : ''}的读数。`,
    incompleteCoverage: (reason) => spacedText`无法确定采集情况${because(reason)}`,
    incompleteMetrics: (reason) => spacedText`无法获取 Prometheus 指标列表${because(reason)}`,
    incompleteAgents: ({ agentsAtEnd, agentsDesired }) =>
      spacedText`期末只采集到 ${count(agentsAtEnd)}/${count(agentsDesired ?? 0)} 个 Agent。`,
    incompleteWarnings: (warnings) => spacedText`Prometheus 给出 ${count(warnings)} 条警告，数据可能不全。`,
    incompleteOther: '统计周期内有部分时段没有数据。',
  },

  attention: {
    heading: '需要处理',
    inDetail: '详情',
    nothing: '所有指标均在阈值以内。',
    nothingKnown: '已采集到的数据均在阈值以内。',
    headline: ({ title, places: all, value, limit, isBelow }) =>
      spaced`${of(all)} ${title}${all.length > 1 ? (isBelow ? '最低降至' : '最高达到') : isBelow ? '降至' : '达到'} ${value}，${isBelow ? '下限' : '阈值'}为 ${limit}`,
    headlineNoneNormal: ({ title, places: all, value }) =>
      spaced`${of(all)} ${title}：${all.length > 1 ? '最多 ' : ''}${value}，正常应为 0`,
    headlineUnusual: ({ title, places: all, value, isBelow }, share, median) =>
      spaced`${of(all)} ${title}${isBelow ? '降至' : '升至'} ${value}，比平时的 ${median} ${isBelow ? '低' : '高出'} ${share} 以上`,
    headlineUnusualMany: ({ title, places: all }, share) =>
      spaced`${of(all)} ${title}偏离平时水平超过 ${share}`,
    headlineMissing: ({ places: all, value, limit }) =>
      spaced`${processes(all)} ${all.length > 1 ? '最长' : ''}有 ${value}没有采集到数据，阈值为 ${limit}`,
    headlineRestarts: ({ places: all }, starts, limit, severity) => {
      const rule = limit === 1 ? '重启即为' : spacedText`达到 ${limit} 次为`;
      return spaced`${processes(all)} ${all.length > 1 ? (starts > 1 ? '最多' : '各') : ''}重启 ${starts} 次，${rule}${severity === 'critical' ? '严重' : '警告'}`;
    },
    ongoing: '期末仍未恢复',
    ongoingSome: (ongoing, all) => spacedText`${all} 个中有 ${ongoing} 个期末仍未恢复`,
    since: (time) => spacedText`自${time} 起`,
    lasted: (duration) => spacedText`持续 ${duration}`,
    several: (times, areMoments) => spacedText`共 ${times} ${areMoments ? '个时刻' : '段'}`,
    inAll: (duration) => spacedText`合计 ${duration}`,
    throughout: '整个统计周期',
    more: (more) => spacedText`另有 ${count(more)} 个`,
    meaning: '影响',
    firstStep: '第一步',
    details: '图表与排查步骤',
    episodes: (subject, ranges, more) =>
      spacedText`${subject}：${ranges.join('；')}${more > 0 ? spacedText`；另有 ${count(more)} 段` : ''}`,
  },

  overview: {
    heading: '全部指标',
    section: '类别',
    status: '状态',
    indicator: '指标',
    worst: '读数',
    where: '对象',
    limits: '阈值（警告、严重）',
    course: '走势',
    courseDescription: (title) => spacedText`${title}：统计周期内的走势`,
    noLimits: '无',
  },

  place,
  placeShort: place,
  places,
  noun: (amount, _value, unit) => {
    const noun = CHINESE_NOUNS[unit];
    return noun === undefined ? amount : spacedText`${amount} ${noun}`;
  },
  labelValue: (label, value) => labelValue('zh-CN', label, value),
  list,
  comma: '，',
  sentenceSpace: '',

  limits: {
    above: (value) => spacedText`高于 ${value}`,
    atLeast: (value) => spacedText`达到 ${value}`,
    below: (value) => spacedText`低于 ${value}`,
    change: (share) => spacedText`偏离平时水平超过 ${share}`,
    rise: (share) => spacedText`高出平时水平 ${share} 以上`,
    and: ([first = '', ...others]) => others.reduce((all, one) => spacedText`${all}且${one}`, first),
    lasting: (condition, duration) => spacedText`${condition}持续 ${duration}`,
    times: (condition, times) => spacedText`至少在 ${times} 个不同时刻${condition}`,
    severity: (severity, condition) => spacedText`${condition}为${severity === 'critical' ? '严重' : '警告'}`,
    join: (limits) => spacedText`${limits.join('；')}。`,
  },

  indicator: {
    reading: (aggregation, value, where, time) => {
      const at = where === null ? spaced`` : spaced`${where}，`;
      if (aggregation === 'maximum')
        return spaced`最高值：${at}${value}${time === null ? '' : `，${time}`}。`;
      if (aggregation === 'last') return spaced`期末最高：${at}${value}。`;
      return spaced`最多：${at}${value}。`;
    },
    readingRange: (low, high) => spacedText`期末为 ${low} 至 ${high}。`,
    readingOne: (value) => spacedText`期末为 ${value}。`,
    readingOfFinding: (where, value, range) =>
      spaced`${where === null ? '' : spaced`${where} `}曾为 ${value}，${range}。`,
    allZero: '统计周期内未发生。',
    information: '仅供参考，不设阈值。',
    idle: '统计周期内无活动：该 Prometheus 指标存在，但没有发生此类操作。',
    noData: '没有数据，而所有 Antrea 版本都暴露该 Prometheus 指标，因此无法判断。',
    notEnabled: '未启用：该 Prometheus 指标所属的功能处于关闭状态。',
    notExposed: '未暴露：当前 Antrea 版本没有该 Prometheus 指标。',
    failed: '查询失败，无法判断：',
    readings: '读数',
    worstReadings: '读数最差的对象',
    readingsValue: { maximum: '最高值', last: '期末值', total: '合计' },
    time: '时间',
    last: '期末值',
    median: '中位数',
    moreWithinLimits: (more) => spacedText`另有 ${count(more)} 个在阈值以内`,
    more: (more) => spacedText`另有 ${count(more)} 个`,
    noActivity: '无活动',
    meaning: '影响',
    nextSteps: '排查步骤',
    podGone: '该 Pod 已被重建，当时的日志请到日志平台查询。',
    query: 'PromQL',
    unknown: '本工具的当前版本不支持该指标，仅显示数值，不附说明。',
  },

  chart: {
    description: ({ subjects, highest, lowest, from, to }) =>
      spacedText`${count(subjects)} 条曲线，${from} 至 ${to}，数值在 ${lowest} 与 ${highest} 之间。`,
    limit: (severity, value) => spacedText`${severity === 'critical' ? '严重' : '警告'} ${value}`,
    limitsAbove: (limits) => spacedText`阈值（${limits.join('、')}）超出纵轴范围。`,
    settling: (duration) => spacedText`进程启动后 ${duration}内的数据只绘图，不参与判断。`,
    noData: '无数据',
    noDataOf: (subject) => spacedText`无数据：${subject}`,
    hatched: (subjects) =>
      spacedText`斜线区域：${subjects.length > 0 ? spacedText`${list(subjects)} ` : ''}无数据。`,
    others: (others) => spacedText`灰线：其余 ${count(others)} 条。`,
    band: (all) => spacedText`灰色带：全部 ${count(all)} 条曲线的取值范围；灰线：中位数。`,
    bandWithoutCount: '灰色带：全部曲线的取值范围；灰线：中位数。',
    strip: (subject) => spacedText`超出阈值的时段：${subject}`,
  },

  coverage: {
    heading: '采集覆盖',
    seen: (share, all) => spacedText`采集成功率 ${share}；${counts(all)}。`,
    assumedInterval: (interval) => spacedText`采集间隔未知，按 ${interval}计。`,
    interval: (interval) => spacedText`采集间隔 ${interval}。`,
    unknown: (reason) => spaced`无法确定采集情况${because(reason)}`,
    target: '目标',
    presence: '采集情况',
    share: '成功率',
    restarts: '重启',
    presenceDescription: (subject, share) => spacedText`${subject}：采集成功率 ${share}`,
    legendFull: '全部成功',
    legendPartial: '部分成功',
    legendNone: '没有数据',
    legendRestart: '进程启动',
    moreTargets: (more) => spacedText`另有 ${count(more)} 个目标，成功率不低于以上各项`,
    gaps: '缺口与重启',
    noGaps: '没有缺口，也没有重启。',
    gapKinds: { down: '采集失败', absent: '未采集' },
    gap: (range, duration, kind) => spacedText`${range} ${kind}（${duration}）`,
    restartTimes: (times, more) =>
      spacedText`进程启动：${times.join('、')}${more > 0 ? spacedText`等 ${times.length + more} 次` : ''}`,
    moreStretches: (more) => spacedText`另有 ${count(more)} 处`,
    warnings: 'Prometheus 的警告',
  },

  metrics: {
    heading: 'Prometheus 指标说明',
    introduction:
      'Gauge：期末各序列的最小值至最大值。Counter：统计周期内的增量，所有序列合计。Histogram：统计周期内的观测次数和平均值。',
    unknown: (reason) => spaced`无法获取 Prometheus 指标列表${because(reason)}`,
    name: 'Prometheus 指标',
    value: '数值',
    explanation: '说明',
    former: (former, until) => spaced`${until} 及以前名为 ${code(former)}`,
    groups: { controller: 'Controller', agent: 'Agent', both: 'Agent 和 Controller 的进程' },
    notExposed: '未暴露',
    requires: '前提：',
    since: (releases) => spacedText`自 ${releases} 起提供。`,
    range: (low, high) => spacedText`${low} – ${high}`,
    rise: (value) => spacedText`+${value}`,
    observations: (times) => spacedText`${times} 次`,
    mean: (value) => spacedText`平均值 ${value}`,
    noObservations: '无观测',
  },

  colophon: {
    heading: '关于本报告',
    score:
      '评分从 100 分起逐项扣减：每个达到严重的指标扣除剩余分数的四分之一；每个最高为警告的指标，以及每个无法判断的指标，扣除剩余分数的十分之一。采集覆盖和进程重启各算一个指标，连带异常不扣分。只要有数据缺失或无法判断，评分就不会是 100 分。',
    times: (timeZone, step, window) =>
      spacedText`时间均为 ${timeZone}。图中每个点代表 ${step}；速率的回溯窗口为 ${window}。`,
    made: (generator, version, schema, id) =>
      spaced`由 ${name(generator)} ${name(version)} 生成；报告编号 ${name(id)}，数据格式版本 ${schema}。`,
  },
};
