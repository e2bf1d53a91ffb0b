import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openInput } from '../../../../../src/config/input.ts';
import { encodeFooter } from '../../../../../src/report/gather/capture/footer.ts';
import { openCapture } from '../../../../../src/report/gather/capture/open.ts';
import { GatherError } from '../../../../../src/report/gather/errors.ts';
import { type Members, putTogether, takeApart, withHead } from '../../../../fixtures/captures.ts';
import { GRID, SETTINGS, smallCapture } from './example.ts';

/** Opens a capture and reads its two answers. */
async function readAll(bytes: Uint8Array) {
  const { source, settings } = await openCapture(new Blob([bytes]), 'my.capture.gz');
  return { settings, range: await source.range('up', GRID), instant: await source.instant('up', 1) };
}

/** Returns the error message, which is one line that names the file. */
async function rejectionOf(bytes: Uint8Array): Promise<string> {
  const error = await readAll(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatherError);
  const { message } = error as GatherError;
  expect(message).toMatch(/^my\.capture\.gz (?:is|exceeds) .+$/);
  expect(message.length).toBeLessThan(200);
  return message;
}

describe('a capture', () => {
  it('is rejected wherever it is cut off', async () => {
    const bytes = await smallCapture();
    for (let length = 0; length < bytes.length; length += 1)
      expect(await rejectionOf(bytes.subarray(0, length))).toMatch(/cut off/);
  });

  it('is rejected, or has the same content, if one byte of it is changed', async () => {
    const bytes = await smallCapture();
    const whole = await readAll(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, difference) => {
          const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ difference : byte));
          // A gzip header has bytes without effect, such as the operating system.
          const outcome = await readAll(changed).catch((error: unknown) => error);
          if (outcome instanceof GatherError) await rejectionOf(changed);
          else expect(outcome).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is rejected if its index says something else than its content', async () => {
    const members = takeApart(await smallCapture());
    const changeFirst = (change: (line: string) => string[]) =>
      putTogether(members, ([first = '', ...others]) => [...change(first), ...others]);
    const wrong: [Uint8Array, RegExp][] = [
      [changeFirst(() => []), /index is wrong/],
      [changeFirst((line) => [line, line]), /index is wrong/],
      [changeFirst((line) => [line.replace(/"bytes":\d+/, '"bytes":1e15')]), /index is wrong/],
      [changeFirst((line) => [line.replace(/"bytes":\d+/, '"bytes":-1')]), /index is wrong/],
      [changeFirst((line) => [line.replace(/"bytes":\d+/, '"bytes":0.5')]), /index is wrong/],
      [changeFirst((line) => [line.replace('true', '"up"')]), /index is wrong/],
      [changeFirst(() => ['[1]']), /not a JSON object/],
      [changeFirst(() => ['{']), /not JSON/],
      // Two answers that have changed places.
      [putTogether(members, ([a = '', b = '', c = '']) => [a, c, b]), /not where the index says|cut off/],
    ];
    for (const [bytes, message] of wrong) expect(await rejectionOf(bytes)).toMatch(message);
  });

  it.each<[string, number, string]>([
    ['a value that is text', 1, '{"labels":{},"values":[1,"2",3]}'],
    ['a value that no number can represent', 1, '{"labels":{},"values":[1,2,1e999]}'],
    ['a value too many', 1, '{"labels":{},"values":[1,2,3,4]}'],
    ['no values', 1, '{"labels":{}}'],
    ['labels that are a list', 1, '{"labels":["a"],"values":[1,2,3]}'],
    ['a label that is a number', 1, '{"labels":{"node":1},"values":[1,2,3]}'],
    ['a sample without a value', 2, '{"labels":{},"value":null}'],
    ['a list instead of a series', 1, '[]'],
    ['text instead of a series', 1, 'hello'],
  ])('is rejected if it has %s', async (_, member, line) => {
    const members = takeApart(await smallCapture());
    members[member]?.lines.push(line);
    expect(await rejectionOf(putTogether(members))).toMatch(/is damaged/);
  });

  it('is rejected if an answer is empty or its first line is wrong', async () => {
    for (const lines of [[], ['{"range":"1 up","warnings":[]}'], ['{"range":"1700000000+3x300 up"}']]) {
      const members: Members = takeApart(await smallCapture());
      if (members[1]) members[1].lines = lines;
      expect(await rejectionOf(putTogether(members))).toMatch(/is damaged/);
    }
  });

  it('is rejected if a small member unpacks to a line or an answer that would fill the memory', async () => {
    const members = takeApart(await smallCapture());
    const withAnswer = (answer: Buffer) => {
      const head = gzipSync(`${members[0]?.lines[0]}\n`);
      const index = [
        { head: true, bytes: head.length },
        { range: '1700000000+3x300 up', bytes: answer.length },
      ];
      const packedIndex = gzipSync(index.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return Buffer.concat([head, answer, packedIndex, encodeFooter(head.length + answer.length)]);
    };
    const first = gzipSync('{"range":"1700000000+3x300 up","warnings":[]}\n');
    const spaces = gzipSync(' '.repeat(5 * 1024 ** 2));
    expect(await rejectionOf(withAnswer(Buffer.concat([first, spaces])))).toMatch(
      /a line exceeds the limit of 4 MiB/,
    );
    const series = gzipSync(`{"labels":{},"values":[1,2,3.${'0'.repeat(1024 ** 2)}]}\n`);
    expect(await rejectionOf(withAnswer(Buffer.concat([first, ...new Array(257).fill(series)])))).toMatch(
      /an answer exceeds the limit of 256 MiB/,
    );
  });

  it.each([
    ['a period that ends before it starts', { period: { start: 2, end: 1 } }, 'period'],
    ['a period that no date can represent', { period: { start: 1, end: 1e300 } }, 'period'],
    ['a step of 0', { stepSeconds: 0 }, 'stepSeconds'],
    [
      'an unknown component',
      { targetSettings: { ...SETTINGS.targetSettings, jobs: { agents: ['a'] } } },
      'targetSettings',
    ],
    [
      'a missing component',
      { targetSettings: { jobs: {}, matchers: { agent: {}, controller: {} }, nodeLabels: {} } },
      'targetSettings',
    ],
  ])('is rejected if it has %s', async (_, change, key) => {
    expect(await rejectionOf(withHead(await smallCapture(), change))).toContain(`wrong content: ${key}`);
  });

  it.each([2, 4])('is rejected with its version if that is %d', async (version) => {
    expect(await rejectionOf(withHead(await smallCapture(), { version, newField: true }))).toMatch(
      new RegExp(`a capture of version ${version}; this program reads version 3, so record it again$`),
    );
  });

  it('cannot be read any more after its file was changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-changed-'));
    try {
      const file = join(folder, 'my.capture.gz');
      await writeFile(file, await smallCapture());
      const { source } = await openCapture(await openInput(file, '--from-capture'), 'my.capture.gz');
      await source.instant('up', 1);
      await truncate(file, 100);
      await expect(source.instant('up', 1)).rejects.toThrow(
        new GatherError('my.capture.gz cannot be read: it was changed or removed after it was opened'),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a file that is not a capture', () => {
  const compress = (content: unknown) => gzipSync(JSON.stringify(content));

  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array()],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['uncompressed JSON', Buffer.from('{"format":"antrea-health-report/capture"}')],
    ['compressed text', gzipSync('hello')],
    ['compressed lines', gzipSync('hello\nworld\n')],
    ['a compressed list', compress([1, 2])],
    ['a compressed null', compress(null)],
    ['a compressed report', compress({ schemaVersion: '1', cluster: 'x' })],
    ['only the end of a capture', Buffer.from(encodeFooter(0))],
  ])('is rejected if it is %s', async (_, bytes) => {
    expect(await rejectionOf(bytes)).toMatch(/is not a capture/);
  });
});
