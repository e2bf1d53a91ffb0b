import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXPORTERS } from '../../../../src/report/catalog/exporters.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import {
  type Indicator,
  LANGUAGES,
  type LocalizedText,
  SECTIONS,
  type Threshold,
} from '../../../../src/report/model/indicator.ts';
import { FLOW_EXPORTER_MARKER } from '../../../../src/report/model/product.ts';

const FOLDER = new URL('../../../../src/report/catalog/indicators/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((file) => file !== 'index.ts')
  .map((file) => basename(file, '.ts'));

const each = INDICATORS.map((indicator) => [indicator.id, indicator] as const);

function textsOf(indicator: Indicator): LocalizedText[] {
  const { title, explanation, impact, nextSteps, capacity } = indicator;
  const limits = capacity?.limits.map((limit) => limit.title) ?? [];
  return [title, explanation, impact, ...nextSteps.map((step) => step.text), ...limits];
}

/** Replaces code in back-quotes, to which no language rule applies, by a letter. */
const prose = (text: string) => text.replace(/`[^`]*`/g, 'x');

/** Counts sentence ends; a full stop inside a number or a name does not end a sentence. */
const sentences = (text: string) => prose(text).match(/[.!?](?=\s|$)|[\u3002\uff01\uff1f]/g)?.length ?? 0;

const queriesOf = ({ query, counter }: Indicator) => (counter === undefined ? [query] : [query, counter]);

/** The queries of an indicator's capacity: its level, and the limits that are queries. */
const capacityQueriesOf = (indicator: Indicator) => [
  ...levelQueriesOf(indicator),
  ...limitQueriesOf(indicator.capacity),
];

const levelQueriesOf = ({ capacity }: Indicator) => (capacity?.query === undefined ? [] : [capacity.query]);

const limitQueriesOf = (capacity: Indicator['capacity']) =>
  capacity?.limits.flatMap((limit) => ('query' in limit ? [limit.query] : [])) ?? [];

const labelsOf = (list: string) => list.split(',').map((it) => it.trim());

/** The labels of every `by (...)` in a query, except that of the quantile over all subjects. */
const groupings = (query: string) =>
  [...query.matchAll(/(?<!\bquantile )\bby \(([^)]*)\)/g)].map((match) => labelsOf(match[1] ?? ''));

const comparisons = (query: string) =>
  [...query.matchAll(/\bquantile by \(([^)]*)\)/g)].map((match) => labelsOf(match[1] ?? ''));

/** The metrics of a query with their matchers. `isForeign`: a series of another exporter, selected by `$others`. */
const selectorsOf = (query: string) =>
  [...query.matchAll(/([a-zA-Z_:][\w:]*)\{([^}]*)\}/g)].map((match) => {
    const matchers = labelsOf(match[2] ?? '');
    return {
      name: match[1] ?? '',
      placeholders: matchers.filter((it) => it.startsWith('$')),
      isForeign: matchers.includes('$others'),
    };
  });

/**
 * Metrics that a query uses only as a filter: for targets that are up, or for agents that run Flow Exporter. They exist
 * with every version of Antrea, so they do not show whether a version exposes the metrics of an indicator.
 */
const GATES = ['up', FLOW_EXPORTER_MARKER];

const STORED = new Map(
  METRICS.flatMap(({ name, formerNames = [], type }) =>
    [name, ...formerNames.map((former) => former.name)].flatMap((one) =>
      type === 'histogram'
        ? ['_sum', '_count', '_bucket'].map((suffix) => [`${one}${suffix}`, name] as const)
        : [[one, name] as const],
    ),
  ),
);

const placeholders = (text: string) => [...text.matchAll(/\$([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');

describe('the list of indicators', () => {
  test('contains every file of the folder once, and each id is the name of its file', async () => {
    expect(INDICATORS.map(({ id }) => id).sort()).toEqual([...FILES].sort());
    for (const file of FILES) {
      const module = await import(`../../../../src/report/catalog/indicators/${file}.ts`);
      expect(module.indicator.id).toBe(file);
    }
  });

  test('is grouped by section in the order of SECTIONS', () => {
    const positions = INDICATORS.map(({ section }) => SECTIONS.indexOf(section));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });
});

describe.each(each)('texts of %s', (_id, indicator) => {
  const english = textsOf(indicator).map((text) => text.en);
  const chinese = textsOf(indicator).map((text) => text['zh-CN']);

  test('exist in every language and close every back-quote', () => {
    for (const text of textsOf(indicator)) {
      for (const language of LANGUAGES) {
        expect(text[language].trim()).toBe(text[language]);
        expect(text[language]).not.toBe('');
        expect(text[language].split('`').length % 2, text[language]).toBe(1);
        expect(text[language], 'placeholders belong in commands').not.toMatch(/\$/);
      }
    }
  });

  test('have no Chinese characters, straight apostrophes or exclamation marks in English', () => {
    for (const text of english) {
      expect(text).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
      expect(prose(text), 'a straight apostrophe').not.toMatch(/'/);
      expect(text).not.toMatch(/!| {2}/);
    }
  });

  test('have Chinese characters and no polite address in Chinese', () => {
    for (const text of chinese) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\u60a8|[!\uff01]| {2}/);
    }
  });

  test('have full-width punctuation next to Chinese characters', () => {
    for (const text of chinese) {
      expect(prose(text)).not.toMatch(/\p{Script=Han}[,.;:!?()]|[,.;:!?()]\p{Script=Han}/u);
      // Full-width punctuation already includes space.
      expect(prose(text)).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] /);
    }
  });

  test('have a space between Chinese and Latin characters or digits', () => {
    for (const text of chinese) {
      expect(prose(text)).not.toMatch(/\p{Script=Han}[A-Za-z0-9/]|[A-Za-z0-9%/]\p{Script=Han}/u);
      expect(prose(text)).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });

  test('fit the space in a report', () => {
    const { title, explanation, impact, nextSteps, capacity } = indicator;
    expect(title.en.split(' ').length).toBeLessThanOrEqual(5);
    expect(title['zh-CN'].match(/\p{Script=Han}/gu)?.length).toBeLessThanOrEqual(12);
    for (const language of LANGUAGES) {
      expect(sentences(title[language])).toBe(0);
      for (const limit of capacity?.limits ?? []) expect(sentences(limit.title[language])).toBe(0);
      expect(sentences(explanation[language])).toBeGreaterThanOrEqual(2);
      expect(sentences(explanation[language])).toBeLessThanOrEqual(4);
      expect(sentences(impact[language])).toBeGreaterThanOrEqual(1);
      expect(sentences(impact[language])).toBeLessThanOrEqual(3);
      for (const { text } of nextSteps) expect(sentences(text[language]), text[language]).toBe(1);
    }
    expect(nextSteps.length).toBeGreaterThanOrEqual(3);
    expect(nextSteps.length).toBeLessThanOrEqual(4);
  });
});

describe.each(each)('commands of %s', (_id, indicator) => {
  const commands = indicator.nextSteps.flatMap(({ command }) => (command === undefined ? [] : [command]));

  test('use only placeholders that a report can fill in', () => {
    const controllerOnly = !indicator.components.includes('agent');
    const both = indicator.components.length > 1;
    const allowed = new Set([
      'namespace',
      'since',
      // An indicator with one number for the cluster names neither Pod nor node.
      ...(indicator.scope === 'cluster' ? [] : ['pod']),
      // The controller's series belong to the component, not to a node.
      ...(controllerOnly || indicator.scope === 'cluster' ? [] : ['node']),
      ...(both ? ['container'] : []),
    ]);
    for (const command of commands) {
      expect(allowed).toEqual(new Set([...allowed, ...placeholders(command)]));
      expect(command, 'a dollar sign without a placeholder').not.toMatch(/\$(?![A-Za-z_])/);
      expect(command, 'a gap for the reader to fill in').not.toMatch(/<|…|\.\.\.|\n/);
    }
  });

  test('name the namespace, the Pod and the container that contains the tool', () => {
    for (const command of commands) {
      const inPod = /^kubectl (exec|logs)\b/.test(command);
      expect(inPod).toBe(/\b(antctl|ovs-\w+)\b/.test(command) || / -c /.test(command));
      if (!inPod) continue;
      // There is one controller, so its Deployment identifies it even if its Pod is gone.
      const isByDeployment = command.includes(' deployment/antrea-controller ');
      expect(command).toMatch(
        isByDeployment
          ? /^kubectl logs -n \$namespace deployment\/antrea-controller -c antrea-controller /
          : /^kubectl (exec|logs) -n \$namespace \$pod -c \S+ /,
      );
      if (isByDeployment) {
        expect(indicator.components).toEqual(['controller']);
        continue;
      }
      const container = / -c (\S+)/.exec(command)?.[1];
      if (/ -- antctl /.test(command)) {
        expect(['$container', ...indicator.components.map((it) => `antrea-${it}`)]).toContain(container);
      }
      if (/ -- ovs-/.test(command) || /\/openvswitch\//.test(command)) expect(container).toBe('antrea-ovs');
      // An indicator of both components uses the placeholder, any other the container of its component.
      if (indicator.components.length > 1) expect(container).toBe('$container');
      else if (indicator.components[0] === 'controller') expect(container).toBe('antrea-controller');
      else expect(['antrea-agent', 'antrea-ovs']).toContain(container);
    }
  });
});

/** The upper bound of a threshold; `above` and `atLeast` can be compared with each other. */
const upper = (threshold: Threshold) => threshold.above ?? threshold.atLeast;

describe.each(each)('thresholds of %s', (_id, { thresholds, unit, settleSeconds }) => {
  const both = Object.values(thresholds).filter((threshold) => threshold !== undefined);

  test('have a condition and at most one upper bound', () => {
    for (const { above, atLeast, below, change, rise, forSeconds } of both) {
      expect([above, atLeast, below, change, rise].some((it) => it !== undefined)).toBe(true);
      expect(above === undefined || atLeast === undefined, 'two upper bounds').toBe(true);
      expect(forSeconds).toBeGreaterThanOrEqual(0);
      // A ratio cannot exceed 1, but it can reach it.
      if (unit === 'ratio') {
        expect(above ?? below ?? 0).toBeLessThan(1);
        expect(atLeast ?? 0).toBeLessThanOrEqual(1);
      }
    }
    expect(settleSeconds ?? 0).toBeLessThanOrEqual(3600);
  });

  test('warn before they become critical', () => {
    const { warning, critical } = thresholds;
    if (!warning || !critical) return;
    const sooner: boolean[] = [];
    const compare = (mild: number | undefined, severe: number | undefined) => {
      if (mild === undefined || severe === undefined) return;
      expect(mild).toBeLessThanOrEqual(severe);
      sooner.push(mild < severe);
    };
    const negated = (value: number | undefined) => (value === undefined ? undefined : -value);
    compare(upper(warning), upper(critical));
    compare(negated(warning.below), negated(critical.below));
    compare(warning.change, critical.change);
    compare(warning.rise, critical.rise);
    if (sooner.length === 0) return;
    compare(warning.times ?? 1, critical.times ?? 1);
    expect(sooner, 'warning and critical are the same condition').toContain(true);
  });
});

const OF_ANTREA = each.filter(([, { exporter }]) => exporter === undefined);
const OF_EXPORTERS = each.filter(([, { exporter }]) => exporter !== undefined);

describe.each(OF_EXPORTERS)('query of %s', (_id, indicator) => {
  const { exporter, components, scope, splitBy = [], metrics, query, reading } = indicator;
  const known = EXPORTERS.flatMap((one) => one.metrics.map(({ name }) => ({ name, of: one.id })));

  test('reads only series of other exporters, those of its cluster', () => {
    for (const text of [query, ...capacityQueriesOf(indicator)])
      for (const { placeholders: selected } of selectorsOf(text)) expect(selected).toEqual(['$others']);
  });

  test('names metrics of its exporter whose presence the survey finds out, and reads them', () => {
    const read = selectorsOf(query).map(({ name }) => name);
    for (const name of metrics) {
      expect(known).toContainEqual({ name, of: exporter });
      expect(read).toContain(name);
    }
    const prefixes = EXPORTERS.find(({ id }) => id === exporter)?.prefixes ?? [];
    // An exporter has some metrics only after something happened, and OpenTelemetry names some differently.
    const OPTIONAL = [
      'kube_pod_container_status_waiting_reason',
      'kubelet_runtime_operations_errors_total',
      'apiserver_admission_webhook_rejection_count',
      'apiserver_admission_webhook_rejection_count_total',
    ];
    for (const name of read) {
      expect(
        prefixes.some((prefix) => name.startsWith(prefix)),
        name,
      ).toBe(true);
      expect([...metrics, ...OPTIONAL], name).toContain(name);
    }
  });

  test('returns the labels that distinguish its series, and no others', () => {
    const [outer] = groupings(query.replace(/^abs\(/, ''));
    const ofNodes = components.includes('agent') && scope !== 'cluster' ? ['node'] : [];
    const ofComponents = components.length > 1 ? ['component'] : [];
    expect(outer?.toSorted()).toEqual([...ofNodes, ...ofComponents, ...splitBy].sort());
  });

  test('is not enabled without its metrics, and has no total, which is counted by targets', () => {
    expect(indicator.whenAbsent).toBe('not-enabled');
    expect(indicator.whenEmpty).toBe('not-enabled');
    expect(reading).not.toBe('total');
    expect(query).toMatch(/\$(window|span)\b/);
  });
});

test('every metric of other exporters that the survey asks about is read', () => {
  const read = new Set(OF_EXPORTERS.flatMap(([, { metrics }]) => metrics));
  const known = EXPORTERS.flatMap(({ metrics }) => metrics.map(({ name }) => name));
  expect(known.filter((name) => !read.has(name))).toEqual([]);
});

describe.each(OF_ANTREA)('query of %s', (_id, indicator) => {
  const { components, scope, splitBy = [], metrics, versionMetric } = indicator;
  const isBoth = components.length > 1;

  test('reads exactly the metrics that it names', () => {
    const read = queriesOf(indicator).map((query) =>
      selectorsOf(query).flatMap(({ name, isForeign }) => (isForeign ? [] : [STORED.get(name) ?? name])),
    );
    for (const names of read) {
      if (versionMetric !== undefined) expect(names).toContain(versionMetric);
      const gates = [...GATES, ...(versionMetric === undefined ? [] : [versionMetric])];
      const own = names.filter((name) => metrics.includes(name) || !gates.includes(name));
      expect(new Set(own)).toEqual(new Set(metrics));
    }
    for (const query of capacityQueriesOf(indicator)) {
      const names = selectorsOf(query).flatMap(({ name, isForeign }) => (isForeign ? [] : [name]));
      for (const name of names) expect(metrics).toContain(STORED.get(name));
    }
  });

  test('names only metrics of the catalog, because only their presence is checked', () => {
    const known = METRICS.map(({ name }) => name);
    for (const name of [
      ...metrics,
      ...(versionMetric === undefined ? [] : [versionMetric]),
      ...(indicator.featureMetrics ?? []),
    ])
      expect(known).toContain(name);
    for (const query of [...queriesOf(indicator), ...capacityQueriesOf(indicator)])
      for (const { name, isForeign } of selectorsOf(query)) expect(STORED.has(name), name).toBe(!isForeign);
  });

  test('groups by exactly the labels that distinguish its series', () => {
    // The placeholders distinguish the two components (src/report/promql/placeholders.ts).
    const own = [...(components.includes('agent') ? ['$node'] : []), ...splitBy];
    // withNode adds the label by which nodes are counted.
    const expected = scope === 'cluster' ? ['node'] : own;
    for (const query of [indicator.query, ...levelQueriesOf(indicator)]) {
      for (const labels of groupings(query)) {
        // histogram_quantile needs the bounds of the buckets.
        const kept = query.includes('histogram_quantile(') ? labels.filter((it) => it !== 'le') : labels;
        expect([...kept].sort()).toEqual([...expected].sort());
      }
      for (const labels of comparisons(query)) expect(labels).toEqual(splitBy);
      // Without grouping there is a single series, which only the controller or the cluster has.
      if (groupings(query).length === 0) {
        expect(splitBy).toEqual([]);
        if (scope !== 'cluster') expect(components).toEqual(['controller']);
      }
    }
    for (const query of limitQueriesOf(indicator.capacity))
      for (const labels of groupings(query)) {
        // Series of other exporters have the labels `node` and, if needed, `component`.
        const isForeign = selectorsOf(query).some((selector) => selector.isForeign);
        // Two replicas of kube-state-metrics report the same Pod.
        if (isForeign && labels.includes('pod')) {
          expect([...labels].sort()).toEqual(['namespace', 'node', 'pod']);
          continue;
        }
        const named = own.map((it) => (it === '$node' ? 'node' : it));
        const wanted = isForeign ? [...named, ...(isBoth ? ['component'] : [])] : own;
        expect([...labels].sort()).toEqual([...wanted].sort());
      }
  });

  test('selects its components with existing placeholders', () => {
    const matcher = { agent: '$agents', controller: '$controllers' } as const;
    const [only] = components;
    const expected = isBoth || only === undefined ? '$components' : matcher[only];
    for (const query of [...queriesOf(indicator), ...capacityQueriesOf(indicator)]) {
      for (const { name, placeholders: selected, isForeign } of selectorsOf(query)) {
        // `up` of either component gates a query, and a number for the cluster may compare components.
        if (isForeign) expect(selected).toEqual(['$others']);
        else if (name === 'up' || scope === 'cluster') {
          expect(selected).toHaveLength(1);
          expect(['$agents', '$controllers', '$linuxAgents', '$windowsAgents']).toContain(selected[0]);
        } else expect(selected).toEqual([expected]);
      }
      // $1 belongs to label_replace and is no placeholder.
      const used = placeholders(query);
      const durations = ['window', 'span', 'interval', 'step'];
      const selectors = ['agents', 'controllers', 'components', 'linuxAgents', 'windowsAgents', 'others'];
      for (const name of used) expect([...selectors, 'node', 'nodeText', ...durations]).toContain(name);
      // The two components have no common node label.
      if (scope === 'cluster') expect(used).not.toContain('components');
    }
    expect(indicator.query).toMatch(/\$(window|span|step)\b/);
  });

  test('has one counter selector if the reading is a total, and its query uses the same selector', () => {
    const { counter, query, reading } = indicator;
    expect(counter !== undefined).toBe(reading === 'total');
    if (counter === undefined) return;
    const [selector, ...others] = selectorsOf(counter);
    expect(others).toEqual([]);
    // A plain selector without function and range, because the values of the counter are read within each step.
    expect(counter).toMatch(/^\w+\{[^{}]*\}$/);
    const type = METRICS.find(({ name }) => name === selector?.name)?.type;
    expect(['counter', 'monotonic-gauge']).toContain(type);
    expect(query).toContain(`increase(${counter}[$window])`);
  });

  test('has no values for agents without Flow Exporter', () => {
    if (indicator.section !== 'flow-export') return;
    expect(indicator.whenEmpty).toBe('not-enabled');
    // With Flow Exporter the limit is never 0, and only with it there are polls.
    expect(indicator.query).toMatch(
      /max_connection_count\{\$agents\}\[\$span\]\)+ > 0|_count\{\$agents\}\[\$window\].*\) > 0/,
    );
  });
});

describe.each(each)('capacity of %s', (_id, indicator) => {
  const { capacity } = indicator;

  test('belongs to a level, and has a separate query if its unit differs', () => {
    if (capacity === undefined) return;
    expect(indicator.reading).not.toBe('total');
    expect(capacity.query).not.toBe(indicator.query);
    if (capacity.query === undefined) expect(capacity.unit).toBe(indicator.unit);
  });

  test('has limits with unique ids and sensible values', () => {
    if (capacity === undefined) return;
    expect(capacity.limits.length).toBeGreaterThan(0);
    const ids = capacity.limits.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const limit of capacity.limits) {
      expect(limit.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      if ('value' in limit) expect(limit.value).toBeGreaterThan(0);
      // The only limit of a ratio is 1.
      if ('value' in limit && capacity.unit === 'ratio') expect(limit.value).toBe(1);
    }
  });
});

describe.each(each)('source of %s', (id, { thresholds }) => {
  test('gives the source of its thresholds in a comment', () => {
    const source = readFileSync(new URL(`${id}.ts`, FOLDER), 'utf8');
    const block = /\n {2}thresholds: \{\n(.*?)\n {2}\},/s.exec(source)?.[1];
    if (Object.keys(thresholds).length > 0) expect(block).toMatch(/^ {4}\/\/ \S/m);
    else expect(block).toBeUndefined();
  });
});
