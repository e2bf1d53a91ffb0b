import type { Component, Language } from '../../../model/indicator.ts';
import type { NodeSource } from '../../../model/survey.ts';
import { code, join, name, type Phrase, phrase } from '../../kit/phrase.ts';
import { spaced, spacedText } from '../../kit/words/chinese.ts';
import { plural } from '../../kit/words/english.ts';

/** The targets of one component. `targets` is greater than `count` where Pods were replaced. */
export type FoundComponent = {
  component: Component;
  count: number;
  targets: number;
  jobs: readonly string[];
  nodeFrom: NodeSource;
  nodeLabel: string;
};

/** The same targets scraped several times. `component`: null where it is true of all of them. */
export type Duplicated = {
  component: Component | null;
  label: string;
  used: string;
  others: readonly string[];
  isFilled: boolean;
};

/** What the report says of how its targets were found. */
export type SurveyWords = {
  found(foundBy: 'metrics' | 'names', components: readonly FoundComponent[]): Phrase;
  none: Readonly<Record<Component, string>>;
  byAddress(count: number, all: number): string;
  cluster(label: string, value: string, others: readonly string[], more: number): Phrase;
  duplicated(duplicated: Duplicated): Phrase;
  windows(agents: number): string;
  forms(hasTotal: boolean, hasNative: boolean): Phrase;
  dataFrom(time: string): string;
  selectors: string;
};

/** Longest list of job names that is still read. */
const NAMED = 3;

/** How the node is known, in code; empty where a sentence of its own says it. */
function nodeSource({ component, nodeFrom, nodeLabel }: FoundComponent): Phrase {
  if (component === 'controller' || nodeFrom === 'address') return [];
  return code(nodeFrom === 'label' ? nodeLabel : nodeFrom);
}

function named(values: readonly string[], separator: string, last: string): Phrase {
  const names = values.map(name);
  const end = names.at(-1) ?? [];
  return names.length < 2 ? end : phrase`${join(names.slice(0, -1), separator)}${last}${end}`;
}

const en: SurveyWords = {
  found: (foundBy, components) => {
    const parts = components.map((one) => {
      const { component, count, targets, jobs } = one;
      const source = nodeSource(one);
      const shown = jobs.slice(0, NAMED);
      const details = [
        targets > count ? phrase`${targets} targets with replaced Pods` : [],
        jobs.length === 0
          ? []
          : jobs.length > NAMED
            ? phrase`jobs ${join(shown.map(name), ', ')} and ${jobs.length - NAMED} more`
            : phrase`${jobs.length > 1 ? 'jobs' : 'job'} ${named(shown, ', ', ' and ')}`,
        source.length === 0 ? [] : phrase`node from ${source}`,
      ].filter((detail) => detail.length > 0);
      const amount = plural(count, component, `${component}s`);
      return details.length === 0 ? phrase`${amount}` : phrase`${amount} (${join(details, ', ')})`;
    });
    const how =
      foundBy === 'metrics'
        ? 'Found by the metrics that only Antrea exposes'
        : 'Found only by the names of job, Pod or container';
    return phrase`${how}: ${join(parts, ' and ')}.`;
  },
  none: { agent: 'No agent found.', controller: 'No controller found.' },
  byAddress: (count, all) =>
    `${count === all ? 'Nodes are' : `${count} of ${plural(all, 'node is', 'nodes are')}`} known only by address: no label names them, nor does kube-state-metrics.`,
  cluster: (label, value, others, more) => {
    const chosen = phrase`The cluster is chosen by ${code(`${label}="${value}"`)}`;
    if (others.length === 0) return phrase`${chosen}.`;
    const rest =
      more > 0 ? phrase`${join(others.map(name), ', ')} and ${more} more` : named(others, ', ', ' and ');
    return phrase`${chosen}; the server also has ${rest}.`;
  },
  duplicated: ({ component, label, used, others, isFilled }) => {
    const times = others.length === 1 ? 'twice' : `${others.length + 1} times`;
    const scraped =
      component === null
        ? 'Scraped'
        : component === 'agent'
          ? 'Agents are scraped'
          : 'The controller is scraped';
    const by = label === 'job' ? phrase`jobs` : code(label);
    const many = others.length > 1;
    const rest = isFilled
      ? phrase`${many ? 'fill' : 'fills'} its gaps`
      : phrase`${many ? 'are' : 'is'} not needed`;
    return phrase`${scraped} ${times}, by ${by} ${named([used, ...others], ', ', ' and ')}: ${name(used)} is used, ${named(others, ', ', ' and ')} ${rest}.`;
  },
  windows: (agents) => `${plural(agents, 'agent runs', 'agents run')} on Windows.`,
  forms: (hasTotal, hasNative) => {
    const total = phrase`Counters are stored with ${code('_total')}`;
    if (!hasNative) return phrase`${total}.`;
    return hasTotal
      ? phrase`${total}, histograms as native histograms.`
      : phrase`Histograms are stored as native histograms.`;
  },
  dataFrom: (time) => `The data begins at ${time}; nothing is known of the time before.`,
  selectors: 'Selectors',
};

const COMPONENTS_ZH: Readonly<Record<Component, string>> = { agent: 'Agent', controller: 'Controller' };

const zhCN: SurveyWords = {
  found: (foundBy, components) => {
    const parts = components.map((one) => {
      const { component, count, targets, jobs } = one;
      const source = nodeSource(one);
      const names = join(jobs.slice(0, NAMED).map(name), '、');
      const details = [
        targets > count ? spaced`含重建的 Pod 共 ${targets} 个目标` : [],
        jobs.length === 0
          ? []
          : jobs.length > NAMED
            ? spaced`job ${names} 等 ${jobs.length} 个`
            : spaced`job ${names}`,
        source.length === 0 ? [] : spaced`节点名取自 ${source}`,
      ].filter((detail) => detail.length > 0);
      const amount = spaced`${count} 个 ${COMPONENTS_ZH[component]}`;
      return details.length === 0 ? amount : spaced`${amount}（${join(details, '，')}）`;
    });
    const how = foundBy === 'metrics' ? '根据仅由 Antrea 暴露的指标识别' : '仅根据 job、Pod 或容器的名称识别';
    return spaced`${how}：${join(parts, '、')}。`;
  },
  none: { agent: '未找到 Agent。', controller: '未找到 Controller。' },
  byAddress: (count, all) =>
    count === all
      ? '节点仅以地址表示：没有标签给出节点名，kube-state-metrics 中也查不到。'
      : spacedText`${all} 个节点中有 ${count} 个仅以地址表示：没有标签给出节点名，kube-state-metrics 中也查不到。`,
  cluster: (label, value, others, more) => {
    const chosen = spaced`按 ${code(`${label}="${value}"`)} 选取集群`;
    if (others.length === 0) return spaced`${chosen}。`;
    const rest = join(others.map(name), '、');
    return more > 0
      ? spaced`${chosen}；该服务器上还有 ${rest} 等 ${others.length + more} 个集群。`
      : spaced`${chosen}；该服务器上还有 ${rest}。`;
  },
  duplicated: ({ component, label, used, others, isFilled }) => {
    const all = join([used, ...others].map(name), '、');
    const whose = component === null ? '目标' : COMPONENTS_ZH[component];
    const by = label === 'job' ? phrase`job` : code(label);
    const rest = join(others.map(name), '、');
    const scraped = spaced`${whose}被重复采集 ${others.length + 1} 次（${by}：${all}），采用 ${name(used)}`;
    return isFilled ? spaced`${scraped}，缺口由 ${rest} 补齐。` : spaced`${scraped}，无需使用 ${rest}。`;
  },
  windows: (agents) => spacedText`${agents} 个 Agent 运行在 Windows 节点上。`,
  forms: (hasTotal, hasNative) => {
    const total = spaced`Counter 的名称带有后缀 ${code('_total')}`;
    if (!hasNative) return spaced`${total}。`;
    return hasTotal ? spaced`${total}，Histogram 存储为原生直方图。` : spaced`Histogram 存储为原生直方图。`;
  },
  dataFrom: (time) => spacedText`数据自 ${time} 开始，此前的情况未知。`,
  selectors: '选择器',
};

export const SURVEY_WORDS: Readonly<Record<Language, SurveyWords>> = { en, 'zh-CN': zhCN };
