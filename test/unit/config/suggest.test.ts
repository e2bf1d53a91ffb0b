import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose } from '../../../src/cli/archive.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { didYouMean, editDistance, nearest, suggestion } from '../../../src/config/suggest.ts';
import { INDICATORS } from '../../../src/report/catalog/indicators/index.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '节'), maxLength: 8 });

/** One random edit of a text. */
const edit = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
  at: fc.nat(),
  letter: fc.constantFrom('a', 'b', 'x', '点'),
});

function edited(text: string, { kind, at, letter }: { kind: string; at: number; letter: string }): string {
  const letters = [...text];
  const place = at % (letters.length + 1);
  if (kind === 'insert') letters.splice(place, 0, letter);
  else if (kind === 'delete') letters.splice(place, 1);
  else if (kind === 'replace') letters.splice(place, 1, letter);
  else letters.splice(place, 2, ...letters.slice(place, place + 2).reverse());
  return letters.join('');
}

/** Computes the distance recursively from its definition, which is slow. */
function byDefinition(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  const isSwap = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
  return Math.min(
    byDefinition(restOfA, b) + 1,
    byDefinition(a, restOfB) + 1,
    byDefinition(restOfA, restOfB) + (a[0] === b[0] ? 0 : 1),
    isSwap ? byDefinition(a.slice(2), b.slice(2)) + 1 : Number.POSITIVE_INFINITY,
  );
}

describe('editDistance', () => {
  it.each([
    ['range', 'range', 0],
    ['rnage', 'range', 1],
    ['promtheus', 'prometheus', 1],
    ['titel', 'title', 1],
    ['ca', 'abc', 3],
    ['', 'url', 3],
  ])('of %j and %j is %i', (one, other, distance) => expect(editDistance(one, other)).toBe(distance));

  it('equals the definition and is symmetric', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(short, short, (one, other) => {
        expect(editDistance(one, other)).toBe(byDefinition([...one], [...other]));
        expect(editDistance(other, one)).toBe(editDistance(one, other));
      }),
    );
  });

  it('is 0 only for equal words, at most 1 after one edit, and at most the length of the longer word', () => {
    fc.assert(
      fc.property(word, word, edit, (one, other, change) => {
        expect(editDistance(one, one)).toBe(0);
        expect(editDistance(one, other) === 0).toBe(one === other);
        expect(editDistance(one, edited(one, change))).toBeLessThanOrEqual(1);
        expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max([...one].length, [...other].length));
      }),
    );
  });
});

describe('nearest', () => {
  it.each([
    ['zh', ['en', 'zh-CN'], 'zh-CN'],
    ['ZH-cn', ['en', 'zh-CN'], 'zh-CN'],
    ['letter', ['A4', 'Letter'], 'Letter'],
    ['pfd', ['html', 'pdf', 'json'], 'pdf'],
    ['weekly', ['day', 'week', 'month'], 'week'],
    ['prd', ['prod', 'test'], 'prod'],
    ['prod', ['prod-munich', 'prod-ulm'], 'prod-ulm'],
    ['cpu-usge', INDICATORS.map(({ id }) => id), 'cpu-usage'],
  ])('suggests the right candidate for %j: %3$j', (written, candidates, meant) =>
    expect(nearest(written, candidates)).toBe(meant),
  );

  it.each([
    ['de', ['en', 'zh-CN']],
    ['A5', ['A4', 'Letter']],
    ['docx', ['html', 'pdf', 'json']],
    ['x', ['url', 'headers']],
    ['', ['a', 'b']],
    ['anything', []],
    ['a'.repeat(100_000), ['a'.repeat(100_001)]],
  ])('suggests nothing for %.20j when no candidate is similar', (written, candidates) => {
    expect(nearest(written, candidates)).toBeUndefined();
    expect(didYouMean(written, candidates)).toBe('');
  });

  it('finds the right indicator ID after one edit', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INDICATORS.map(({ id }) => id)), edit, (id, change) => {
        expect(
          nearest(
            edited(id, change),
            INDICATORS.map((one) => one.id),
          ),
        ).toBe(id);
      }),
    );
  });

  it('is suggested; without one, all candidates are listed, or the first of many', () => {
    expect(suggestion('prd', ['prod', 'test'])).toBe('; did you mean "prod"?');
    expect(suggestion('x', ['prod', 'test'])).toBe(': prod, test');
    const many = Array.from({ length: 300 }, (_, index) => `cluster-${index}`);
    expect(suggestion('x', many)).toMatch(/^: cluster-0, .*, cluster-11 and 288 more$/);
  });
});

describe('choose, for a schedule or digest on the command line', () => {
  const all = [{ name: 'daily' }, { name: 'weekly' }];

  it.each([
    ['schedule', undefined, 'schedule: choose one of the schedules of x.yaml: daily, weekly'],
    ['schedule', 'dialy', 'schedule: "dialy" is not one of the schedules of x.yaml; did you mean "daily"?'],
    ['digest', 'noon', 'digest: "noon" is not one of the digests of x.yaml: daily, weekly'],
  ] as const)('%s %s: %s', (what, wanted, message) => {
    expect(() => choose(what, wanted, { all, config: { name: 'x.yaml' } })).toThrow(new ConfigError(message));
  });
});
