import type { Component } from '../../../model/indicator.ts';
import { because, count, spaced, spacedText } from '../../kit/languages/chinese.ts';
import { code, join, name, type Phrase, phrase } from '../../kit/phrase.ts';
import type { en } from './en.ts';
import { type FoundComponent, NAMED_JOBS, nodeSource } from './facts.ts';

const COMPONENTS: Readonly<Record<Component, string>> = { agent: 'Agent', controller: 'Controller' };

const names = (values: readonly string[]) => join(values.map(name), '、');

function foundComponent(found: FoundComponent): Phrase {
  const { component, targets, jobs } = found;
  const source = nodeSource(found);
  const jobNames = names(jobs.slice(0, NAMED_JOBS));
  const details = [
    targets > found.count ? spaced`含重建的 Pod 共 ${count(targets)} 个目标` : [],
    jobs.length === 0
      ? []
      : jobs.length > NAMED_JOBS
        ? spaced`job ${jobNames} 等 ${jobs.length} 个`
        : spaced`job ${jobNames}`,
    source.length === 0 ? [] : spaced`节点名取自 ${source}`,
  ].filter((detail) => detail.length > 0);
  const amount = spaced`${count(found.count)} 个 ${COMPONENTS[component]}`;
  return details.length === 0 ? amount : spaced`${amount}（${join(details, '，')}）`;
}

export const zhCN: typeof en = {
  heading: '采集覆盖',
  seen: (share, counts) => spacedText`采集成功率 ${share}；${counts}。`,
  interval: (interval) => spacedText`采集间隔 ${interval}。`,
  assumedInterval: (interval) => spacedText`采集间隔未知，按 ${interval}计。`,
  columns: { target: '目标', presence: '采集情况', share: '成功率', restarts: '重启' },
  barTitle: (subject, share) => spacedText`${subject}：采集成功率 ${share}`,
  legend: { full: '全部成功', partial: '部分成功', none: '没有数据', restart: '进程启动' },
  moreTargets: (further) => spacedText`另有 ${count(further)} 个目标，成功率不低于以上各项`,
  throughout: (targets, hasOthers) =>
    spacedText`${hasOthers ? '另有 ' : ''}${count(targets)} 个目标全程采集正常`,
  gapsHeading: '缺口与重启',
  gapKinds: { down: '采集失败', absent: '未采集' },
  gap: (range, duration, kind) => spacedText`${range} ${kind}（${duration}）`,
  restarts: (times, further) =>
    spacedText`进程启动：${times.join('、')}${further > 0 ? spacedText`等 ${times.length + further} 次` : ''}`,
  warnings: 'Prometheus 的警告',

  found: (foundBy, components) => {
    const how = foundBy === 'metrics' ? '根据仅由 Antrea 暴露的指标识别' : '仅根据 job、Pod 或容器的名称识别';
    return spaced`${how}：${join(components.map(foundComponent), '、')}。`;
  },
  none: { agent: '未找到 Agent。', controller: '未找到 Controller。' },
  byAddress: (unnamed, all) =>
    unnamed === all
      ? '节点仅以地址表示：没有标签给出节点名，kube-state-metrics 中也查不到。'
      : spacedText`${count(all)} 个节点中有 ${count(unnamed)} 个仅以地址表示：没有标签给出节点名，kube-state-metrics 中也查不到。`,
  cluster: (label, value, others, further) => {
    const selected = spaced`按 ${code(`${label}="${value}"`)} 选取集群`;
    if (others.length === 0) return spaced`${selected}。`;
    return further > 0
      ? spaced`${selected}；该服务器上还有 ${names(others)} 等 ${others.length + further} 个集群。`
      : spaced`${selected}；该服务器上还有 ${names(others)}。`;
  },
  duplicated: ({ component, label, used, others, isFilled }) => {
    const targets = component === null ? '目标' : COMPONENTS[component];
    const by = label === 'job' ? phrase`job` : code(label);
    const scraped = spaced`${targets}被重复采集 ${others.length + 1} 次（${by}：${names([used, ...others])}），采用 ${name(used)}`;
    return isFilled
      ? spaced`${scraped}，缺口由 ${names(others)} 补齐。`
      : spaced`${scraped}，无需使用 ${names(others)}。`;
  },
  windows: (agents) => spacedText`${count(agents)} 个 Agent 运行在 Windows 节点上。`,
  forms: (hasTotal, hasNative) => {
    const total = spaced`Counter 的名称带有后缀 ${code('_total')}`;
    if (!hasNative) return spaced`${total}。`;
    return hasTotal ? spaced`${total}，Histogram 存储为原生直方图。` : spaced`Histogram 存储为原生直方图。`;
  },
  dataFrom: (time) => spacedText`数据自 ${time} 开始，此前的情况未知。`,
  selectors: '选择器',

  versions: (components) => spacedText`期末的 Antrea 版本（取自容器镜像）：${components.join('；')}。`,
  versionsOf: (component, versions) =>
    component === 'agent'
      ? spacedText`Agent ${versions.map(({ name: version, pods }) => spacedText`${version}（${count(pods)} 个节点）`).join('、')}`
      : spacedText`Controller ${versions.map((version) => version.name).join('、')}`,
  agentsDiffer: '各 Agent 的版本不一致。',
  componentsDiffer: 'Agent 与 Controller 的版本不一致。',
  agentsNewer: 'Antrea 不支持 Agent 的版本高于 Controller。',
  versionsUnknown: (reason) => spacedText`Antrea 的确切版本未知${because(reason)}`,
  alertsUnknown: (reason) => spacedText`触发了哪些告警未知${because(reason)}`,
  defects: (defects) => spacedText`${count(defects)} 项缺陷`,
  knownDefects: '该版本中会体现在指标上的已知缺陷',
};
