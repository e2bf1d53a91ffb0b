import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INDICATORS } from '../../../src/catalog/indicators/index.ts';
import {
  type Indicator,
  LANGUAGES,
  type LocalizedText,
  SECTIONS,
  type Threshold,
} from '../../../src/model/indicator.ts';

const FOLDER = new URL('../../../src/catalog/indicators/', import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((file) => file !== 'index.ts')
  .map((file) => basename(file, '.ts'));

const each = INDICATORS.map((indicator) => [indicator.id, indicator] as const);

function textsOf(indicator: Indicator): LocalizedText[] {
  const { title, explanation, impact, nextSteps } = indicator;
  return [title, explanation, impact, ...nextSteps.map((step) => step.text)];
}

/** Prose only: what stands in back-quotes is code and follows no rule of a language. Its place is kept by a letter. */
const prose = (text: string) => text.replace(/`[^`]*`/g, 'x');

/** Ends of sentences; a full stop within a number or a name is none. */
const sentences = (text: string) => prose(text).match(/[.!?](?=\s|$)|[\u3002\uff01\uff1f]/g)?.length ?? 0;

const queriesOf = (indicator: Indicator) =>
  indicator.totalQuery === undefined ? [indicator.query] : [indicator.query, indicator.totalQuery];

/** The labels of every `by (...)` of a query. */
const groupings = (query: string) =>
  [...query.matchAll(/\bby \(([^)]*)\)/g)].map((match) => (match[1] ?? '').split(',').map((it) => it.trim()));

const placeholders = (text: string) => [...text.matchAll(/\$([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '');

describe('the list', () => {
  test('has every file of the folder once, under the name of the file', async () => {
    expect(INDICATORS.map(({ id }) => id).sort()).toEqual([...FILES].sort());
    for (const file of FILES) {
      const module = await import(`../../../src/catalog/indicators/${file}.ts`);
      expect(module.indicator.id).toBe(file);
    }
  });

  test('goes through the sections in their order, and has no section twice', () => {
    const positions = INDICATORS.map(({ section }) => SECTIONS.indexOf(section));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });
});

describe.each(each)('words of %s', (_id, indicator) => {
  const english = textsOf(indicator).map((text) => text.en);
  const chinese = textsOf(indicator).map((text) => text['zh-CN']);

  test('are there in every language, with code in pairs of back-quotes', () => {
    for (const text of textsOf(indicator)) {
      for (const language of LANGUAGES) {
        expect(text[language].trim()).toBe(text[language]);
        expect(text[language]).not.toBe('');
        expect(text[language].split('`').length % 2, text[language]).toBe(1);
        expect(text[language], 'placeholders belong in commands').not.toMatch(/\$/);
      }
    }
  });

  test('are English in English', () => {
    for (const text of english) {
      expect(text).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
      expect(prose(text), 'a straight apostrophe').not.toMatch(/'/);
      expect(text).not.toMatch(/!| {2}/);
    }
  });

  test('are Chinese in Chinese', () => {
    for (const text of chinese) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/\u60a8|[!\uff01]| {2}/);
    }
  });

  test('have full-width punctuation beside Chinese characters', () => {
    for (const text of chinese) {
      expect(prose(text)).not.toMatch(/\p{Script=Han}[,.;:!?()]|[,.;:!?()]\p{Script=Han}/u);
      // Full-width characters have their own space.
      expect(prose(text)).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] /);
    }
  });

  test('have a space between Chinese and Latin characters or digits', () => {
    for (const text of chinese) {
      expect(prose(text)).not.toMatch(/\p{Script=Han}[A-Za-z0-9/]|[A-Za-z0-9%/]\p{Script=Han}/u);
      expect(prose(text)).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });

  test('are as long as a report has room for', () => {
    const { title, explanation, impact, nextSteps } = indicator;
    expect(title.en.split(' ').length).toBeLessThanOrEqual(5);
    expect(title['zh-CN'].match(/\p{Script=Han}/gu)?.length).toBeLessThanOrEqual(12);
    for (const language of LANGUAGES) {
      expect(sentences(title[language])).toBe(0);
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

  test('use only the placeholders that a rendering can fill in', () => {
    const controllerOnly = !indicator.components.includes('agent');
    const both = indicator.components.length > 1;
    const allowed = new Set([
      'pod',
      'namespace',
      'since',
      // The controller's series are of the component, not of a node.
      ...(controllerOnly ? [] : ['node']),
      ...(both ? ['container'] : []),
    ]);
    for (const command of commands) {
      expect(allowed).toEqual(new Set([...allowed, ...placeholders(command)]));
      expect(command, 'a dollar sign that is no placeholder').not.toMatch(/\$(?![A-Za-z_])/);
      expect(command, 'a hole left for the reader').not.toMatch(/<|…|\.\.\.|\n/);
    }
  });

  test('name the Pod, its namespace and the container that has the tool', () => {
    for (const command of commands) {
      const inPod = /^kubectl (exec|logs)\b/.test(command);
      expect(inPod).toBe(/\b(antctl|ovs-\w+)\b/.test(command) || / -c /.test(command));
      if (!inPod) continue;
      expect(command).toMatch(/^kubectl (exec|logs) -n \$namespace \$pod -c \S+ /);
      const container = / -c (\S+)/.exec(command)?.[1];
      if (/ -- antctl /.test(command)) {
        expect(['$container', ...indicator.components.map((it) => `antrea-${it}`)]).toContain(container);
      }
      if (/ -- ovs-/.test(command) || /\/openvswitch\//.test(command)) expect(container).toBe('antrea-ovs');
      // For both components alike, or for a component that the indicator is about.
      if (indicator.components.length > 1) expect(container).toBe('$container');
      else if (indicator.components[0] === 'controller') expect(container).toBe('antrea-controller');
      else expect(['antrea-agent', 'antrea-ovs']).toContain(container);
    }
  });
});

/** Bounds of one direction can be compared with each other: `above` and `atLeast` are breached by large values. */
const upper = (threshold: Threshold) => threshold.above ?? threshold.atLeast;

describe.each(each)('thresholds of %s', (_id, { thresholds, unit, settleSeconds }) => {
  const both = Object.values(thresholds).filter((threshold) => threshold !== undefined);

  test('state a condition', () => {
    for (const { above, atLeast, below, change, rise, forSeconds } of both) {
      expect([above, atLeast, below, change, rise].some((it) => it !== undefined)).toBe(true);
      expect(above === undefined || atLeast === undefined, 'two bounds of one direction').toBe(true);
      expect(forSeconds).toBeGreaterThanOrEqual(0);
      if (unit === 'ratio') expect(above ?? atLeast ?? below).toBeLessThan(1);
    }
    expect(settleSeconds ?? 0).toBeLessThanOrEqual(3600);
  });

  test('warn before they are critical', () => {
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

describe.each(each)('query of %s', (_id, indicator) => {
  test('reads the metrics named, and no others', () => {
    const named = new Set(indicator.metrics);
    for (const query of queriesOf(indicator)) {
      const read = [...query.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map((match) => match[1] ?? '');
      // The two parts of a histogram that can be read on any version go by the name of the histogram.
      const family = read.map((name) => (named.has(name) ? name : name.replace(/_(sum|count)$/, '')));
      expect(new Set(family)).toEqual(named);
    }
  });

  test('keeps exactly the labels that tell its series apart', () => {
    const { components, splitBy = [] } = indicator;
    for (const query of queriesOf(indicator)) {
      for (const labels of groupings(query)) {
        const expected = [...(components.length > 1 ? ['job'] : []), 'node', ...splitBy];
        expect([...labels].sort()).toEqual(expected.sort());
      }
      // Without a grouping there is one series: possible only for the component of which there is one.
      if (groupings(query).length === 0) expect(components).toEqual(['controller']);
    }
  });

  test('selects the components named, through placeholders that exist', () => {
    const matcher = { agent: 'agents', controller: 'controllers' } as const;
    const { components } = indicator;
    const only = components[0];
    const expected = components.length > 1 || only === undefined ? 'components' : matcher[only];
    for (const query of queriesOf(indicator)) {
      const selected = [...query.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]);
      expect(new Set(selected)).toEqual(new Set([`$${expected}`]));
      // $1 is of label_replace.
      const used = placeholders(query).filter((name) => name !== expected && name !== 'nodeLabel');
      const window = query === indicator.totalQuery ? ['window', 'span', 'period'] : ['window', 'span'];
      for (const name of used) expect(window).toContain(name);
      expect(used).not.toEqual([]);
    }
  });

  test('has a total where the reading is one', () => {
    expect(indicator.totalQuery !== undefined).toBe(indicator.reading === 'total');
    if (indicator.totalQuery !== undefined) expect(indicator.totalQuery).toContain('$period');
  });
});
