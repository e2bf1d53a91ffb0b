import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import type { LocalizedText } from '../../../../src/report/model/indicator.ts';
import type { Metric } from '../../../../src/report/model/metric.ts';

/** The metrics in the article that this project began with: its three lists of metrics and its table of key indicators. */
const NAMED_BY_THE_ARTICLE = [
  'antrea_agent_conntrack_antrea_connection_count',
  'antrea_agent_conntrack_max_connection_count',
  'antrea_agent_conntrack_total_connection_count',
  'antrea_agent_denied_connection_count',
  'antrea_agent_egress_networkpolicy_rule_count',
  'antrea_agent_flow_collector_reconnection_count',
  'antrea_agent_ingress_networkpolicy_rule_count',
  'antrea_agent_local_pod_count',
  'antrea_agent_networkpolicy_count',
  'antrea_agent_ovs_flow_count',
  'antrea_agent_ovs_flow_ops_count',
  'antrea_agent_ovs_flow_ops_error_count',
  'antrea_agent_ovs_flow_ops_latency_milliseconds_sum',
  'antrea_agent_ovs_total_flow_count',
  'antrea_controller_acnp_status_updates',
  'antrea_controller_address_group_processed',
  'antrea_controller_address_group_sync_duration_milliseconds',
  'antrea_controller_anp_status_updates',
  'antrea_controller_applied_to_group_processed',
  'antrea_controller_applied_to_group_sync_duration_milliseconds',
  'antrea_controller_length_address_group_queue',
  'antrea_controller_length_applied_to_group_queue',
  'antrea_controller_length_network_policy_queue',
  'antrea_controller_network_policy_processed',
  'antrea_controller_network_policy_sync_duration_milliseconds',
  'antrea_proxy_sync_proxy_rules_duration_seconds',
  'antrea_proxy_total_endpoints_installed',
  'antrea_proxy_total_endpoints_updates',
  'antrea_proxy_total_services_installed',
  'antrea_proxy_total_services_updates',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_open_fds',
  'process_max_fds',
];

const namesOf = (metric: Metric): string[] => [
  metric.name,
  ...(metric.formerNames ?? []).map((former) => former.name),
];

/** The names that Prometheus stores for a metric, present and past. */
const storedNamesOf = (metric: Metric): string[] =>
  namesOf(metric).flatMap((name) =>
    metric.type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );

const textsOf = (metric: Metric): [string, LocalizedText][] => [
  ['unit', metric.unit],
  ['explanation', metric.explanation],
  ...(metric.requires ? [['requires', metric.requires] as [string, LocalizedText]] : []),
];

/** "v1.12.3" as a number that orders releases. */
const order = (release: string): number =>
  release
    .slice(1)
    .split('.')
    .reduce((sum, part) => sum * 1000 + Number(part), 0);

/** Replaces each code span by one Latin letter, so that the spacing around it is still checked. */
const prose = (text: string): string => text.replace(/`[^`]*`/g, 'x');

// Written as escapes, because full-width and half-width look alike in an editor: comma, stops, colons, marks, brackets.
const FULL_WIDTH = '\\uff0c\\u3002\\u3001\\uff1b\\uff1a\\uff1f\\uff01\\uff08\\uff09';
const MISTAKES_IN_CHINESE: [string, RegExp][] = [
  ['no space between Chinese and Latin', /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u],
  ['half-width punctuation beside Chinese', /\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u],
  ['half-width brackets or commas elsewhere', /[();]|,(?!\d{3})/],
  ['a space beside full-width punctuation', new RegExp(` [${FULL_WIDTH}]|[${FULL_WIDTH}] `)],
  ['a double space', / {2}/],
  ['a polite form of address', /\u60a8/],
];

const SENTENCE_END = { en: /\.(?= |$)/g, 'zh-CN': /\u3002/g };

describe('the list of metrics', () => {
  it('contains every metric that the article names', () => {
    const known = new Set(METRICS.flatMap(storedNamesOf));
    expect(NAMED_BY_THE_ARTICLE.filter((name) => !known.has(name))).toEqual([]);
  });

  it('leaves out metrics that Antrea defines but never exposes', () => {
    const names = METRICS.flatMap(namesOf);
    expect(names).not.toContain('antrea_controller_eg_status_updates');
    expect(names).not.toContain('antrea_controller_eip_status_updates');
  });

  it('contains each stored name once, including former names', () => {
    const names = METRICS.flatMap(storedNamesOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has no two metrics with the same explanation', () => {
    const explanations = METRICS.flatMap((metric) => Object.values(metric.explanation));
    expect(explanations.filter((text, index) => explanations.indexOf(text) !== index)).toEqual([]);
  });
});

describe.each(METRICS.map((metric) => [metric.name, metric] as const))('%s', (_, metric) => {
  it('has metric and label names that Prometheus accepts', () => {
    for (const name of namesOf(metric)) expect(name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    for (const label of metric.labels) expect(label.name).toMatch(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/);
    if (metric.type === 'histogram') expect(metric.name).not.toMatch(/_(bucket|sum|count)$/);
  });

  it('belongs to the component in its name', () => {
    const [first, second] = metric.name.split('_');
    const component = {
      agent: ['agent'],
      proxy: ['agent'],
      controller: ['controller'],
      node: ['controller'],
    };
    expect(metric.components).toEqual(
      first === 'antrea' ? component[second as keyof typeof component] : ['agent', 'controller'],
    );
  });

  it('has the unit and the type that its name states', () => {
    const unit = /_(milliseconds|seconds|bytes|fds)(_total)?$/.exec(metric.name)?.[1];
    const words = { milliseconds: /^milliseconds/, seconds: /seconds/, bytes: /^bytes/, fds: /descriptors/ };
    if (unit) expect(metric.unit.en).toMatch(words[unit as keyof typeof words]);
    if (unit === 'seconds') expect(metric.unit.en).not.toMatch(/^milli/);
    if (metric.name.endsWith('_total')) expect(metric.type).toBe('counter');
  });

  it('lists its releases in ascending order', () => {
    expect(metric.since.length).toBeGreaterThan(0);
    for (const release of metric.since) expect(release).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(metric.since.map(order)).toEqual(metric.since.map(order).sort((a, b) => a - b));
    for (const { until } of metric.formerNames ?? []) {
      expect(until).toMatch(/^v\d+\.\d+\.\d+$/);
      // Kubernetes' libraries expose both names for a while; Antrea replaces the old name at once.
      if (metric.name.startsWith('antrea_'))
        expect(order(until)).toBeLessThan(order(metric.since[0] as string));
    }
  });

  it('names a source file', () => {
    expect(metric.source).toMatch(/^([\w.-]+\/[\w.-]+: )?[\w.-]+(\/[\w.-]+)+\.(go|md|ya?ml)$/);
  });

  it('has English texts without Chinese characters, straight apostrophes and exclamation marks', () => {
    for (const [field, text] of textsOf(metric)) {
      expect(text.en.trim(), field).not.toBe('');
      expect(text.en, field).not.toMatch(/\p{Script=Han}|[\uff00-\uffef\u3000-\u303f]/u);
      expect(prose(text.en), `${field}: ’ for apostrophes, no double space, no exclamation mark`).not.toMatch(
        /'| {2}|!/,
      );
    }
  });

  it('has Chinese texts with correct punctuation and spacing', () => {
    for (const [field, text] of textsOf(metric)) {
      expect(text['zh-CN'], field).toMatch(/\p{Script=Han}/u);
      for (const [mistake, pattern] of MISTAKES_IN_CHINESE) {
        expect(prose(text['zh-CN']), `${field}: ${mistake}`).not.toMatch(pattern);
      }
    }
  });

  it('has an explanation of two to four sentences with the same code in both languages', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const sentences = prose(metric.explanation[language]).match(SENTENCE_END[language])?.length ?? 0;
      expect(sentences, language).toBeGreaterThanOrEqual(2);
      expect(sentences, language).toBeLessThanOrEqual(4);
    }
    for (const [field, text] of textsOf(metric)) {
      const code = (language: 'en' | 'zh-CN') => [...new Set(text[language].match(/`[^`]*`/g))].sort();
      expect(code('zh-CN'), field).toEqual(code('en'));
    }
  });
});
