import { describe, expect, test } from 'vitest';
import { CAUSE_RULES } from '../../../../src/report/catalog/causes/index.ts';
import { COVERAGE_CHECKS } from '../../../../src/report/catalog/coverage/index.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import type { CauseRule } from '../../../../src/report/model/cause.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';

const records = new Map<string, readonly string[]>([
  ...INDICATORS.map(({ id, scope, components }) => [id, scope === 'cluster' ? [] : components] as const),
  ...COVERAGE_CHECKS.map(({ id }) => [id, ['agent', 'controller']] as const),
]);

const each = CAUSE_RULES.map((rule) => [rule.id, rule] as const);

/** Replaces code in back-quotes, to which no language rule applies, by a letter. */
const prose = (text: string) => text.replace(/`[^`]*`/g, 'x');

test('every rule has a unique id', () => {
  const ids = CAUSE_RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
});

test('no two rules link the same cause to the same effect', () => {
  const links = CAUSE_RULES.flatMap(({ causes, effects, of }) =>
    causes.flatMap((cause) => effects.map((effect) => `${of ?? 'any'} ${cause} → ${effect}`)),
  );
  expect(links.toSorted()).toEqual([...new Set(links)].toSorted());
});

describe.each(each)('%s', (_id, rule: CauseRule) => {
  test('names only indicators and checks of the catalog', () => {
    expect([...rule.causes, ...rule.effects].filter((id) => !records.has(id))).toEqual([]);
  });

  test('has causes and effects that share a component if the rule requires the same subject', () => {
    if (rule.scope === 'anywhere') return;
    expect(rule.of, 'Prometheus has no findings except gaps').not.toBe('prometheus');
    const of = rule.of;
    for (const cause of rule.causes)
      for (const effect of rule.effects) {
        const common = (records.get(cause) ?? []).filter((one) => records.get(effect)?.includes(one));
        expect(of === undefined ? common.length > 0 : common.includes(of), `${cause} → ${effect}`).toBe(true);
      }
  });

  test('has times between zero and two hours, and explains an effect for as long as it may begin', () => {
    const { beforeSeconds, afterSeconds, explainsSeconds, explainsWorse } = rule;
    for (const seconds of [beforeSeconds, afterSeconds, explainsSeconds ?? 0]) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThanOrEqual(7200);
    }
    // An effect that begins after this time could never be explained.
    if (explainsSeconds !== undefined) expect(explainsSeconds).toBeGreaterThanOrEqual(afterSeconds);
    if (explainsWorse) expect(explainsSeconds).toBeDefined();
  });

  test('gives its reason in one sentence in each language', () => {
    for (const language of LANGUAGES) {
      const text = rule.reason[language];
      expect(text.trim()).toBe(text);
      expect(text.split('`').length % 2).toBe(1);
      expect(text).not.toMatch(/\$| {2}|[!\uff01\u60a8]/);
      expect(prose(text).match(/[.?](?=\s|$)|[\u3002\uff1f]/g)).toHaveLength(1);
      expect(prose(text)).toMatch(/[.\u3002]$/);
    }
    expect(rule.reason.en).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
    expect(prose(rule.reason.en)).not.toMatch(/'/);
    const chinese = prose(rule.reason['zh-CN']);
    expect(chinese).toMatch(/\p{Script=Han}/u);
    expect(chinese).not.toMatch(/\p{Script=Han}[,.;:!?()]|[,.;:!?()]\p{Script=Han}/u);
    expect(chinese).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] /);
    expect(chinese).not.toMatch(/\p{Script=Han}[A-Za-z0-9/]|[A-Za-z0-9%/]\p{Script=Han}/u);
    expect(chinese).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
  });
});
