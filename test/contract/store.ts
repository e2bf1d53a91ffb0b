/** The contract that every store fulfils. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Store, StoreError } from '../../src/service/archive/store.ts';

const TEXT = { contentType: 'text/plain; charset=utf-8' };
const WRITERS = 20;

/** Keys of a few letters, including keys that sort differently with and without regard to folders and case. */
const KEY_CHARACTERS = [...'abzABZ019._-'];
const segment = fc
  .array(fc.constantFrom(...KEY_CHARACTERS), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(''))
  .filter((text) => text !== '.' && text !== '..');

const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

/** Texts that are almost keys, and arbitrary texts. */
const noKey = fc.oneof(
  fc
    .tuple(
      key,
      fc.constantFrom('/', '//x', '/../x', '/.', '/./x', ' ', '\n', '\0', 'é', '%2e', '\\', '~', '?'),
    )
    .map(([good, bad]) => good + bad),
  fc.constantFrom('', '/', '.', '..', '../x', '/x', 'x'.repeat(256), `${'x/'.repeat(600)}x`),
  fc.string().filter((text) => !/^[A-Za-z0-9._/-]+$/.test(text)),
);

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString();

/** Returns the error of a promise; fails when it resolves. */
export async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const outcome = await work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(StoreError);
  const error = outcome as StoreError;
  expect(error.message).toMatch(/^[^\n]+$/);
  return error;
}

/** Returns a store that no other test uses; it need not be emptied. */
type Open = () => Promise<Store>;

/**
 * The whole contract.
 * @param settings.runs number of examples per property
 */
export function describeStore(name: string, open: Open, settings: { runs: number } = { runs: 50 }): void {
  describeObjects(name, open, settings);
  describeConditions(name, open);
}

/** The contract of one caller: everything but conditions on tags and puts at the same time. */
export function describeObjects(name: string, open: Open, settings: { runs: number }): void {
  describe(`${name}: objects`, () => {
    it('come back as they were put, with their type and tag', async () => {
      const store = await open();
      const everyByte = Uint8Array.from({ length: 256 * 300 }, (_, index) => index % 256);
      const large = randomBytes(3_000_000);
      for (const [name, bytes] of [
        ['every-byte.bin', everyByte],
        ['deep/er/empty', new Uint8Array()],
        ['report.pdf', large],
      ] as const) {
        const tag = await store.put(name, bytes, { contentType: 'application/x-test' });
        const found = await store.get(name);
        expect(tag).toMatch(/\S/);
        expect(found?.tag).toBe(tag);
        expect(found?.contentType).toBe('application/x-test');
        expect(Buffer.compare(found?.bytes ?? randomBytes(1), bytes)).toBe(0);
      }
    });

    it('come back under any key and of any bytes', async () => {
      const store = await open();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(key, fc.uint8Array({ maxLength: 100 }), async (key, bytes) => {
          // A folder cannot hold both `a` and `a/b`, so each example has a separate prefix.
          const place = `example-${count++}/${key}`;
          const tag = await store.put(place, bytes, TEXT);
          expect(await store.get(place)).toMatchObject({ tag, contentType: TEXT.contentType });
          expect(Buffer.from((await store.get(place))?.bytes ?? [0, 0])).toEqual(Buffer.from(bytes));
          expect((await store.list(place)).keys).toEqual([place]);
        }),
        { numRuns: settings.runs },
      );
    });

    it('are replaced by a put without a condition, type and all', async () => {
      const store = await open();
      const first = await store.put('a', bytesOf('one'), TEXT);
      const second = await store.put('a', bytesOf('two'), { contentType: 'application/json' });
      expect(second).not.toBe(first);
      const found = await store.get('a');
      expect(textOf(found?.bytes)).toBe('two');
      expect(found).toMatchObject({ tag: second, contentType: 'application/json' });
      await store.put('a', bytesOf('two'), TEXT);
      expect(await store.get('a')).toMatchObject({ contentType: TEXT.contentType });
    });

    it('that are not there are null', async () => {
      const store = await open();
      await store.put('folder/object', bytesOf('x'), TEXT);
      expect(await store.get('nothing')).toBeNull();
      expect(await store.get('folder')).toBeNull();
      expect(await store.get('folder/object/below')).toBeNull();
    });

    it('have keys that lead nowhere else', async () => {
      const store = await open();
      await fc.assert(
        fc.asyncProperty(noKey, async (key) => {
          for (const work of [
            () => store.put(key, bytesOf('x'), TEXT),
            () => store.put(key, bytesOf('x'), TEXT, { absent: true }),
            () => store.get(key),
            () => store.link(key, 60),
          ])
            expect((await failureOf(work())).retry).toBe(false);
        }),
        { numRuns: 200 },
      );
      expect(await store.list('')).toEqual({ keys: [], more: false });
    });
  });

  describe(`${name}: lists`, () => {
    it('are in byte order, below a prefix that may end anywhere', async () => {
      const store = await open();
      expect(await store.list('none/')).toEqual({ keys: [], more: false });
      // `-` and `.` come before `/`, digits after it, capitals before small letters.
      const keys = ['a-b', 'a.b', 'a/b', 'a/c/d', 'a0', 'B', 'a/b-c', 'b', 'A/z'];
      for (const key of keys) await store.put(key, bytesOf(key), TEXT);
      const ordered = ['A/z', 'B', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/c/d', 'a0', 'b'];
      expect(await store.list('')).toEqual({ keys: ordered, more: false });
      expect((await store.list('a')).keys).toEqual(ordered.filter((key) => key.startsWith('a')));
      expect((await store.list('a/')).keys).toEqual(['a/b', 'a/b-c', 'a/c/d']);
      expect((await store.list('a/b')).keys).toEqual(['a/b', 'a/b-c']);
      expect((await store.list('a/c/')).keys).toEqual(['a/c/d']);
      expect((await store.list('c')).keys).toEqual([]);
    });

    it('go on after a key, which need not exist', async () => {
      const store = await open();
      for (const key of ['x/1', 'x/3', 'x/5', 'y']) await store.put(key, bytesOf(key), TEXT);
      expect((await store.list('x/', { startAfter: 'x/3' })).keys).toEqual(['x/5']);
      expect((await store.list('x/', { startAfter: 'x/2' })).keys).toEqual(['x/3', 'x/5']);
      expect((await store.list('x/', { startAfter: 'a' })).keys).toEqual(['x/1', 'x/3', 'x/5']);
      expect((await store.list('x/', { startAfter: 'y' })).keys).toEqual([]);
      expect(await store.list('x/', { limit: 2 })).toEqual({ keys: ['x/1', 'x/3'], more: true });
      expect(await store.list('x/', { limit: 3 })).toEqual({ keys: ['x/1', 'x/3', 'x/5'], more: false });
    });

    it('are handed out in pages, each key once', async () => {
      const store = await open();
      const keys = Array.from(
        { length: 1103 },
        (_, index) => `reports/${String(index).padStart(5, '0')}.json`,
      );
      // A few at a time: a folder stores one object at a time, and more puts would only wait.
      for (let start = 0; start < keys.length; start += 8)
        await Promise.all(keys.slice(start, start + 8).map((key) => store.put(key, bytesOf(key), TEXT)));
      const first = await store.list('reports/');
      expect(first).toEqual({ keys: keys.slice(0, 1000), more: true });
      const collected: string[] = [];
      let pages = 0;
      for (let more = true; more; pages += 1) {
        const startAfter = collected.at(-1);
        const page = await store.list('reports/', { limit: 300, ...(startAfter && { startAfter }) });
        collected.push(...page.keys);
        more = page.more;
      }
      expect(collected).toEqual(keys);
      expect(pages).toBe(4);
    });

    it('are refused beyond what a list can be', async () => {
      const store = await open();
      for (const limit of [0, -1, 1.5, 1001, Number.NaN])
        expect((await failureOf(store.list('', { limit }))).message).toContain('1000');
      for (const prefix of ['../', '/', 'a//', 'a b', 'a/../b'])
        expect((await failureOf(store.list(prefix))).message).toContain('key of the store');
      await failureOf(store.list('', { startAfter: '../x' }));
    });
  });

  describe(`${name}: a condition`, () => {
    it('absent: only where nothing is', async () => {
      const store = await open();
      const tag = await store.put('a', bytesOf('first'), TEXT, { absent: true });
      expect(tag).not.toBeNull();
      expect(await store.put('a', bytesOf('second'), TEXT, { absent: true })).toBeNull();
      expect(await store.put('a', bytesOf('first'), TEXT, { absent: true })).toBeNull();
      const found = await store.get('a');
      expect(textOf(found?.bytes)).toBe('first');
      expect(found?.tag).toBe(tag);
    });
  });
}

function describeConditions(name: string, open: Open): void {
  describe(`${name}: conditions`, () => {
    it('tag: only over that version', async () => {
      const store = await open();
      const first = (await store.put('a', bytesOf('first'), TEXT)) ?? '';
      expect(await store.put('missing', bytesOf('x'), TEXT, { tag: first })).toBeNull();
      expect(await store.get('missing')).toBeNull();
      const second = await store.put('a', bytesOf('second'), TEXT, { tag: first });
      expect(second).not.toBeNull();
      expect(await store.put('a', bytesOf('third'), TEXT, { tag: first })).toBeNull();
      expect(await store.get('a')).toMatchObject({ tag: second });
      expect(textOf((await store.get('a'))?.bytes)).toBe('second');
    });

    it('takes the tag of a get as well as that of a put', async () => {
      const store = await open();
      await store.put('a', bytesOf('first'), TEXT);
      const { tag } = (await store.get('a')) ?? { tag: '' };
      expect(await store.put('a', bytesOf('second'), TEXT, { tag })).not.toBeNull();
    });

    it.each(['different', 'the same'])('absent: one of many with %s bytes wins', async (kind) => {
      const store = await open();
      const bytes = (writer: number) => bytesOf(kind === 'different' ? `writer ${writer}` : 'all alike');
      const tags = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) => store.put('a', bytes(writer), TEXT, { absent: true })),
      );
      await expectOneWinner(store, tags, bytes);
    });

    it.each(['different', 'the same'])('tag: one of many with %s bytes wins', async (kind) => {
      const store = await open();
      const bytes = (writer: number) => bytesOf(kind === 'different' ? `writer ${writer}` : 'all alike');
      const tag = (await store.put('a', bytesOf('before'), TEXT)) ?? '';
      const tags = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) => store.put('a', bytes(writer), TEXT, { tag })),
      );
      await expectOneWinner(store, tags, bytes);
    });

    it('tag: a counter loses no step', async () => {
      const store = await open();
      await store.put('counter', bytesOf('0'), TEXT);
      await Promise.all(Array.from({ length: 5 }, () => increment(store, 'counter', 4)));
      expect(textOf((await store.get('counter'))?.bytes)).toBe('20');
    });
  });
}

async function expectOneWinner(
  store: Store,
  tags: readonly (string | null)[],
  bytes: (writer: number) => Uint8Array,
): Promise<void> {
  const winners = tags.flatMap((tag, writer) => (tag === null ? [] : [writer]));
  expect(winners).toHaveLength(1);
  const [winner = -1] = winners;
  const found = await store.get('a');
  expect(textOf(found?.bytes)).toBe(textOf(bytes(winner)));
  expect(found?.tag).toBe(tags[winner]);
}

/** Increments a shared number several times, using only compare-and-swap. */
async function increment(store: Store, key: string, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const found = await store.get(key);
    if (!found) throw new Error(`${key} is gone`);
    const next = bytesOf(String(Number(textOf(found.bytes)) + 1));
    if ((await store.put(key, next, TEXT, { tag: found.tag })) !== null) done += 1;
  }
}
