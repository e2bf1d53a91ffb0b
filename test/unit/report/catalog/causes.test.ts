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

/** What stands in back-quotes is code and follows no rule of a language. Its place is kept by a letter. */
const prose = (text: string) => text.replace(/`[^`]*`/g, 'x');

test('rules have ids of their own', () => {
  const ids = CAUSE_RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
});

test('no two rules say the same of the same', () => {
  const said = CAUSE_RULES.flatMap(({ causes, effects, of }) =>
    causes.flatMap((cause) => effects.map((effect) => `${of ?? 'any'} ${cause} → ${effect}`)),
  );
  expect(said.toSorted()).toEqual([...new Set(said)].toSorted());
});

describe.each(each)('%s', (_id, rule: CauseRule) => {
  test('speaks of what is in the catalog', () => {
    expect([...rule.causes, ...rule.effects].filter((id) => !records.has(id))).toEqual([]);
  });

  test('can hold: a cause and an effect that have a subject in common where that is asked for', () => {
    if (rule.scope === 'anywhere') return;
    expect(rule.of, 'Prometheus has no findings but its gaps').not.toBe('prometheus');
    const of = rule.of;
    for (const cause of rule.causes)
      for (const effect of rule.effects) {
        const common = (records.get(cause) ?? []).filter((one) => records.get(effect)?.includes(one));
        expect(of === undefined ? common.length > 0 : common.includes(of), `${cause} → ${effect}`).toBe(true);
      }
  });

  test('has times that a story can have', () => {
    const { beforeSeconds, afterSeconds, explainsSeconds, explainsWorse } = rule;
    for (const seconds of [beforeSeconds, afterSeconds, explainsSeconds ?? 0]) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThanOrEqual(7200);
    }
    // An effect that may begin when its time is over would never be explained.
    if (explainsSeconds !== undefined) expect(explainsSeconds).toBeGreaterThanOrEqual(afterSeconds);
    if (explainsWorse) expect(explainsSeconds).toBeDefined();
  });

  test('gives its reason in one sentence of each language', () => {
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
