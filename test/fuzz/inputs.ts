/** Random values, names and edits: well-formed for the most part, and hostile where a grammar has room for it. */
import fc from 'fast-check';
import { type Change, type Edit, type Step, type Tree, toTree } from './json-tree.ts';

/** Names and texts that some part of a program treats in another way than others. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'two\nlines',
  '\u0000\u0007\u001b[31m',
  '\u0085\u2028\u2029',
  '\ud800',
  '\udfff\ud800',
  'evil\u202egnp.exe',
  'שלום',
  '<script>alert(1)</script>',
  '"\'`$(id)\\',
  '{{this}}',
  '$1 $& $`',
  '节点',
  '\u{1f600}'.repeat(40),
  'x'.repeat(20_000),
  '.*|(',
  '%2e%2e%2f',
  'a;b;c',
  '10.0.0.1:10350',
  '2026-11-20T00:00:00Z',
  '9999-12-31T23:59:59Z',
];

/** Numbers as Prometheus writes values, and what looks like one. */
const NUMBER_TEXTS: readonly string[] = [
  ...['NaN', '+Inf', '-Inf', 'Inf', '0', '-0', '1', '-1', '0.5', '1e20', '1e21', '1e308', '-1e308'],
  ...[
    '1e999',
    '5e-324',
    '1e-99',
    '18446744073709552000',
    '',
    ' 1 ',
    '0x10',
    '1_000',
    '1,5',
    '٣',
    '1e',
    '--1',
  ],
];

const numbers = fc.oneof(
  fc.constantFrom('0', '-0', '1', '-1', '0.5', '1e20', '1e308', '-1e308', '1e999', '5e-324', '1e15', '86400'),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

export const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...NUMBER_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

const alike = fc.record({
  number: numbers,
  numberText: fc.oneof(
    fc.constantFrom(...NUMBER_TEXTS),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
  ),
  text: texts,
});

/** Keys, among them those that the given documents have. */
export const keysLike = (known: readonly string[]) => fc.oneof(fc.constantFrom(...known), texts);

const values = (keys: fc.Arbitrary<string>): fc.Arbitrary<Tree> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false').map((text) => ({ text })) },
    { weight: 5, arbitrary: numbers.map((text) => ({ text })) },
    { weight: 6, arbitrary: texts.map((text) => ({ text: JSON.stringify(text) })) },
    { weight: 2, arbitrary: fc.constantFrom([], {}, [[]], [{}], [null], ['x', 1]).map(toTree) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(keys, texts), { maxLength: 4 })
        .map((members): Tree => ({ members: members.map(([key, text]) => [key, toTree(text)]) })),
    },
    // What is not JSON at all.
    {
      weight: 1,
      arbitrary: fc.constantFrom('NaN', 'undefined', "'x'", '', '01', '"\\x"', '}').map((text) => ({ text })),
    },
  );

const step: fc.Arbitrary<Step> = fc.record({ child: fc.nat(1000), isEvery: fc.boolean() });

/** Deeper than any document, so that most edits change its values. */
const DEPTH = 10;
const steps = fc.oneof(
  { weight: 2, arbitrary: fc.array(step, { minLength: DEPTH, maxLength: DEPTH }) },
  { weight: 1, arbitrary: fc.array(step, { maxLength: DEPTH, size: 'max' }) },
);

/** @param known keys that documents of this kind have */
export function edits(known: readonly string[]): fc.Arbitrary<Edit> {
  const keys = keysLike(known);
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 12, arbitrary: alike.map((by) => ({ do: 'alike' as const, by })) },
    { weight: 6, arbitrary: values(keys).map((by) => ({ do: 'replace' as const, by })) },
    { weight: 2, arbitrary: steps.map((from) => ({ do: 'copy' as const, from })) },
    { weight: 2, arbitrary: fc.constant({ do: 'remove' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('repeat' as const),
        times: fc.oneof(fc.constant(1), fc.nat(40)),
        key: fc.option(keys, { freq: 2 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('insert' as const), key: keys, value: values(keys) }),
    },
    { weight: 1, arbitrary: keys.map((key) => ({ do: 'rename' as const, key })) },
    { weight: 2, arbitrary: fc.nat(1000).map((other) => ({ do: 'swap' as const, other })) },
    { weight: 1, arbitrary: fc.constant({ do: 'reverse' as const }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(1, 20, 200, 20_000).map((times) => ({ do: 'nest' as const, times })),
    },
  );
  return fc.record({ place: steps, change });
}
