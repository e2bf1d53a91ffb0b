import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import type { Indicator, Language, Threshold, Unit } from '../../src/report/model/indicator.ts';

/** The English page shows units as in the configuration file. */
const CHINESE_UNITS: Readonly<Record<Unit, string>> = {
  milliseconds: '毫秒',
  seconds: '秒',
  'failed-bundles': '失败事务数',
  flows: '流表项数',
  cores: '核',
  bytes: '字节',
  ratio: '比例',
  pods: 'Pod 数',
  restarts: '重启次数',
  containers: '容器数',
  agents: 'Agent 数',
  controllers: 'Controller 数',
  items: '项数',
  retries: '重试次数',
  'service-ports': 'Service 端口数',
  packets: '报文数',
  connections: '连接数',
  reconnections: '连接次数',
  'domain-names': '域名数',
  evictions: '淘汰次数',
  goroutines: 'goroutine 数',
  count: '数量',
  'per-second': '每秒次数',
};

const WORDS = {
  en: {
    title: 'Indicators',
    intro:
      'This page is generated from the records in `src/report/catalog/indicators/`; edit the records, not this page. Thresholds can be set per cluster in the configuration file. Names that begin with `$` are placeholders; a report shows the real values.',
    unit: 'Unit',
    reading: 'Reading',
    readings: {
      maximum: 'highest value of the period',
      last: 'last value of the period',
      total: 'total of the period',
    },
    warning: 'Warning',
    critical: 'Critical',
    none: 'none',
    metrics: 'Metrics',
    limits: 'Limits',
    fromQuery: ' (N comes from a query)',
    impact: 'Impact',
    next: 'What to do',
    query: 'PromQL',
    counted:
      'The query gives approximately the same number; the report counts the events one by one from the values of the counter.',
  },
  'zh-CN': {
    title: '指标',
    intro:
      '本文由 `src/report/catalog/indicators/` 中的记录生成，请修改记录本身。阈值可在配置文件中按集群设置。命令和查询中以 `$` 开头的名称是占位符，生成报告时会替换为实际值。',
    unit: '单位',
    reading: '读数',
    readings: { maximum: '统计周期内最大值', last: '统计周期内最后一个值', total: '统计周期内总数' },
    warning: '警告',
    critical: '严重',
    none: '无',
    metrics: 'Prometheus 指标',
    limits: '上限',
    fromQuery: '（N 由查询得出）',
    impact: '影响',
    next: '排查步骤',
    query: 'PromQL',
    counted: '该查询给出大致相同的结果；报告根据计数器的取值逐个统计事件。',
  },
} as const;

/** Returns docs/indicators.md, which documents every indicator. */
export function indicatorReference(language: Language, indicators = INDICATORS): string {
  const words = WORDS[language];
  return `# ${words.title}\n\n${words.intro}\n\n${indicators.map((indicator) => section(indicator, language)).join('\n')}`;
}

function section(indicator: Indicator, language: Language): string {
  const words = WORDS[language];
  const { warning, critical } = indicator.thresholds;
  const steps = indicator.nextSteps.map(
    ({ text, command }, index) =>
      `${index + 1}. ${text[language]}${command ? `\n\n   \`\`\`sh\n   ${command}\n   \`\`\`\n` : ''}`,
  );
  return [
    `## ${indicator.title[language]}\n\n\`${indicator.id}\`\n`,
    `${indicator.explanation[language]}\n`,
    '| | |\n|---|---|',
    `| ${words.unit} | ${language === 'en' ? indicator.unit : CHINESE_UNITS[indicator.unit]} |`,
    `| ${words.reading} | ${words.readings[indicator.reading]} |`,
    `| ${words.warning} | ${warning ? thresholdText(warning) : words.none} |`,
    `| ${words.critical} | ${critical ? thresholdText(critical) : words.none} |`,
    ...limitRows(indicator, language),
    `| ${words.metrics} | ${indicator.metrics.map((name) => `\`${name}\``).join(', ')} |\n`,
    `**${words.impact}** ${[indicator.impact, ...(indicator.rise ? [indicator.rise.impact] : [])].map((text) => text[language]).join(language === 'en' ? ' ' : '')}\n`,
    `**${words.next}**\n\n${steps.join('\n')}\n`,
    `**${words.query}**\n\n\`\`\`promql\n${indicator.query}\n\`\`\`\n`,
    ...(indicator.counter === undefined ? [] : [`${words.counted}\n`]),
  ].join('\n');
}

/** Limits under the ids that the configuration file uses. */
function limitRows({ capacity }: Indicator, language: Language): string[] {
  if (!capacity) return [];
  const { limits, fromQuery } = WORDS[language];
  const titles = capacity.limits.map(
    (limit) =>
      `\`${limit.id}\`: ${'value' in limit ? limit.value : 'N'} ${limit.title[language]}${'value' in limit ? '' : fromQuery}`,
  );
  return [`| ${limits} | ${titles.join('; ')} |`];
}

/** Writes a threshold as in the configuration file, the same in every language. */
function thresholdText({ forSeconds, ...conditions }: Threshold): string {
  const parts = Object.entries(conditions).map(([name, value]) => `${name}: ${value}`);
  return `\`{ ${[...parts, ...(forSeconds > 0 ? [`for: ${forSeconds / 60}m`] : [])].join(', ')} }\``;
}
