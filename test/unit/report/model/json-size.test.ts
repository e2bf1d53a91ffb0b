import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findExceeded, type JsonLimits } from '../../../../src/report/model/json-size.ts';

const ENOUGH: JsonLimits = { characters: 1e6, depth: 100, containers: 1e6, values: 1e6 };

/** Measures a parsed value as the limits count it. */
function measure(value: unknown): Pick<JsonLimits, 'depth' | 'containers' | 'values'> {
  if (typeof value !== 'object' || value === null) return { depth: 0, containers: 0, values: 0 };
  const inside = Object.values(value).map(measure);
  const sum = (key: 'containers' | 'values') => inside.reduce((total, one) => total + one[key], 0);
  return {
    depth: 1 + Math.max(0, ...inside.map(({ depth }) => depth)),
    containers: 1 + sum('containers'),
    values: Object.keys(value).length + sum('values'),
  };
}

describe('the size of JSON', () => {
  it('is at least that of the parsed values, whatever its texts contain', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value)),
        fc.boolean(),
        (json, isSpaced) => {
          const parsed: unknown = JSON.parse(json);
          const text = JSON.stringify(parsed, null, isSpaced ? 2 : 0);
          const { depth, containers, values } = measure(parsed);
          expect(findExceeded(text, ENOUGH)).toBeNull();
          expect(findExceeded(text, { ...ENOUGH, depth })).toBeNull();
          expect(findExceeded(text, { ...ENOUGH, containers })).toBeNull();
          if (depth > 0) expect(findExceeded(text, { ...ENOUGH, depth: depth - 1 })).toBe('depth');
          if (containers > 0)
            expect(findExceeded(text, { ...ENOUGH, containers: containers - 1 })).toBe('containers');
          if (values > 0) expect(findExceeded(text, { ...ENOUGH, values: values - 1 })).toBe('values');
          expect(findExceeded(text, { ...ENOUGH, characters: text.length - 1 })).toBe('characters');
        },
      ),
    );
  });

  it.each([
    ['arrays in arrays', '['.repeat(1e6), 'depth'],
    ['many empty objects', `[${'{},'.repeat(3e5)}{}]`, 'containers'],
    ['a list without end', `[${'1,'.repeat(4e5)}`, 'values'],
  ] as const)('is found without parsing: %s', (_, text, limit) => {
    expect(findExceeded(text, { ...ENOUGH, containers: 2e5, values: 3e5 })).toBe(limit);
  });
});
