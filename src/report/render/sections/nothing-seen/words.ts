import type { Component, Language } from '../../../model/indicator.ts';
import { type Phrase, withCode } from '../../kit/phrase.ts';

/** What is said instead of a report where no target was found. */
export type NothingSeenWords = {
  title: string;
  /** The same as a sentence. */
  incomplete: string;
  /** Beside the verdict. */
  verdict: string;
  /** Instead of the numbers of coverage. */
  noTargets: string;
  /** Where the answers come from decides what can be said of it. */
  sentence: Readonly<Record<'prometheus' | 'capture', string>>;
  /** Where it does have them in this period, but the configuration looks for others. */
  excluded: Phrase;
  /** Where it had them before this period. */
  ended: Phrase;
  found: string;
  job: string;
  component: string;
  labels: string;
  lastSample: string;
  components: Readonly<Record<Component, string>>;
  more(count: number): string;
  configuration: Phrase;
  /** In comments of the configuration. */
  or(values: readonly string[]): string;
  remove(label: string): string;
  reasonsHeading: string;
  notScraped: Phrase;
  otherSettings: Phrase;
  otherPeriod: Phrase;
  otherServer: Phrase;
  /** In text, before the address. */
  colon: string;
};

const en: NothingSeenWords = {
  title: 'No Antrea metrics found',
  incomplete: 'No Antrea metrics were found.',
  verdict: 'Nothing is known about the cluster in this period.',
  noTargets: 'No targets',
  sentence: {
    prometheus: 'Prometheus answers, but no series of the period has Antrea’s metrics.',
    capture: 'The capture has no series with Antrea’s metrics in the period.',
  },
  excluded: withCode(
    'The configured jobs and labels (`prometheus.jobs`, `prometheus.matchers`) match none of the Antrea metrics that Prometheus has in this period.',
  ),
  ended: withCode(
    'Prometheus has Antrea’s metrics from before this period only. Find out why they are not scraped any more, or choose an earlier period.',
  ),
  found: 'Where Prometheus has them',
  job: 'Job',
  component: 'Component',
  labels: 'Common labels',
  lastSample: 'Last sample',
  components: { agent: 'agent', controller: 'controller' },
  more: (count) => `and ${count.toLocaleString('en-GB')} more`,
  configuration: withCode('If these are the cluster’s, write into `antrea-health.yaml`:'),
  or: (values) => `or ${values.join(', ')}`,
  remove: (label) => `remove ${label} from matchers: these series do not have it`,
  reasonsHeading: 'Usual reasons',
  notScraped: withCode('Antrea is not scraped. Antrea’s documentation has the scrape configuration:'),
  otherSettings: withCode(
    '`prometheus.jobs` or `prometheus.matchers` name jobs or labels that the series do not have.',
  ),
  otherPeriod: withCode(
    'The data is of another time: scraping began later, or Prometheus has already deleted the period. Choose another period.',
  ),
  otherServer: withCode(
    'It is another server than the one that scrapes this cluster. Check `prometheus.url`.',
  ),
  colon: ': ',
};

const zhCN: NothingSeenWords = {
  title: '未找到 Antrea 指标',
  incomplete: '未找到 Antrea 指标。',
  verdict: '该集群在本周期内的状况未知。',
  noTargets: '没有目标',
  sentence: {
    prometheus: 'Prometheus 能够应答，但统计周期内没有任何序列包含 Antrea 的指标。',
    capture: '录制文件在统计周期内没有任何序列包含 Antrea 的指标。',
  },
  excluded: withCode(
    '配置的 job 和标签（`prometheus.jobs`、`prometheus.matchers`）与 Prometheus 在统计周期内的 Antrea 指标均不匹配。',
  ),
  ended: withCode('Prometheus 中只有统计周期之前的 Antrea 指标。请检查采集为何停止，或选择更早的周期。'),
  found: 'Prometheus 中已有的 Antrea 指标',
  job: 'Job',
  component: '组件',
  labels: '共有标签',
  lastSample: '最后一个样本',
  components: { agent: 'Agent', controller: 'Controller' },
  more: (count) => `另有 ${count.toLocaleString('zh-CN')} 个`,
  configuration: withCode('如果属于该集群，请在 `antrea-health.yaml` 中写入：'),
  or: (values) => `或 ${values.join('、')}`,
  remove: (label) => `从 matchers 中删除 ${label}：这些序列没有该标签`,
  reasonsHeading: '常见原因',
  notScraped: withCode('Prometheus 没有采集 Antrea。采集配置参见 Antrea 文档：'),
  otherSettings: withCode('`prometheus.jobs` 或 `prometheus.matchers` 指定的 job 或标签与序列不符。'),
  otherPeriod: withCode(
    '数据属于其他时段：采集开始得更晚，或该时段的数据已被 Prometheus 清理。请选择其他周期。',
  ),
  otherServer: withCode('该服务器不是采集此集群的 Prometheus。请检查 `prometheus.url`。'),
  colon: '：',
};

export const NOTHING_SEEN_WORDS: Readonly<Record<Language, NothingSeenWords>> = { en, 'zh-CN': zhCN };
