import { METRICS } from '../../src/report/catalog/metrics/index.ts';
import type { Language } from '../../src/report/model/indicator.ts';
import type { Metric } from '../../src/report/model/metric.ts';

const WORDS = {
  en: {
    title: 'Metrics',
    intro:
      'This page is generated from the records in `src/report/catalog/metrics/`; edit the records, not this page.',
    scope:
      'It has every metric whose name begins with `antrea_`, and a selection of those that Prometheus, Go and the libraries of Kubernetes add: the ones of the indicators and a few that help to read them. The others, such as most of `go_*`, `apiserver_*` and `authorization_*`, are in [prometheus-integration.md](https://github.com/antrea-io/antrea/blob/main/docs/prometheus-integration.md) of Antrea.',
    type: 'Type',
    unit: 'Unit',
    labels: 'Labels',
    since: 'Since',
    former: 'Former names',
    requires: 'Requires',
    source: 'Source',
    until: 'until',
  },
  'zh-CN': {
    title: 'Prometheus 指标说明',
    intro: '本文由 `src/report/catalog/metrics/` 中的记录生成，请修改记录本身。',
    scope:
      '本文包含所有以 `antrea_` 开头的指标；Prometheus、Go 和 Kubernetes 库添加的指标只收录一部分：各项指标检查用到的，以及少数有助于理解它们的。其余的，如大部分 `go_*`、`apiserver_*` 和 `authorization_*`，见 Antrea 的 [prometheus-integration.md](https://github.com/antrea-io/antrea/blob/main/docs/prometheus-integration.md)。',
    type: '类型',
    unit: '单位',
    labels: '标签',
    since: '起始版本',
    former: '旧名称',
    requires: '前提',
    source: '出处',
    until: '至',
  },
} as const;

/** Returns docs/metrics.md, which explains every metric. */
export function metricReference(language: Language): string {
  const words = WORDS[language];
  return `# ${words.title}\n\n${words.intro}\n${words.scope}\n\n${METRICS.map((metric) => section(metric, language)).join('\n')}`;
}

function section(metric: Metric, language: Language): string {
  const words = WORDS[language];
  const labels = metric.labels.map(
    ({ name, values }) => `\`${name}\`${values ? ` (${values.join(', ')})` : ''}`,
  );
  const former = (metric.formerNames ?? []).map(({ name, until }) => `\`${name}\` (${words.until} ${until})`);
  const rows: [string, string][] = [
    [words.type, metric.type],
    [words.unit, metric.unit[language]],
    ...(labels.length > 0 ? [[words.labels, labels.join(', ')] as [string, string]] : []),
    [words.since, metric.since.join(', ')],
    ...(former.length > 0 ? [[words.former, former.join(', ')] as [string, string]] : []),
    ...(metric.requires ? [[words.requires, metric.requires[language]] as [string, string]] : []),
    [words.source, metric.source],
  ];
  return [
    `## \`${metric.name}\`\n`,
    `${metric.explanation[language]}\n`,
    '| | |\n|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}
