import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openFolderStore } from '../../../../src/adapters/folder/store.ts';
import { bytesOf, describeStore, failureOf, textOf } from '../../../contract/store.ts';

const TEXT = { contentType: 'text/plain' };
const ROUNDS = 25;

const folders: string[] = [];
const writers: ChildProcess[] = [];

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-store-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  // If a test fails, its writers would otherwise write for ever.
  for (const writer of writers) {
    if (writer.exitCode !== null || writer.signalCode !== null) continue;
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describeStore('folder', async () => openFolderStore(join(await freshFolder(), 'made', 'on-demand')));

/** Starts a separate process that writes to the folder. */
function startWriter(...parameters: string[]): ChildProcess {
  const program = fileURLToPath(new URL('store-writer.ts', import.meta.url));
  const writer = spawn(process.execPath, [program, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  writers.push(writer);
  return writer;
}

it('loses no update of ten processes that count', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  await store.put('counter', bytesOf('0'), TEXT);
  const writers = Array.from({ length: 10 }, () => startWriter('count', folder, String(ROUNDS)));
  const ends = await Promise.all(writers.map((writer) => once(writer, 'exit')));
  expect(ends.map(([code]) => code)).toEqual(Array(10).fill(0));
  expect(textOf((await store.get('counter'))?.bytes)).toBe(String(10 * ROUNDS));
});

it('is intact and usable after a process was killed during a put', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  for (let round = 0; round < 8; round += 1) {
    const writer = startWriter('fill', folder);
    // The writer prints a line for each put. It is killed during one of the next puts, a little later each round.
    for (let seen = 0; seen <= round; seen += 1) await once(writer.stdout ?? writer, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const found = await store.get('large');
    // Each version consists of a single repeated letter.
    const letters = new Set(found?.bytes);
    expect([found?.bytes.length, letters.size]).toEqual([2_000_000, 1]);
    expect(found?.contentType).toBe(`text/x-${String.fromCharCode(found?.bytes[0] ?? 0)}`);
    expect((await store.list('')).keys).toEqual(['large']);
    expect(await store.put('large', bytesOf('after'), TEXT, { tag: found?.tag ?? '' })).not.toBeNull();
  }
});

it('shows readers only complete objects with matching type', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  const writer = startWriter('fill', folder);
  await once(writer.stdout ?? writer, 'data');
  const seen = new Set<string>();
  while (seen.size < 5) {
    const found = await store.get('large');
    const letter = String.fromCharCode(found?.bytes[0] ?? 0);
    expect([found?.bytes.length, new Set(found?.bytes).size]).toEqual([2_000_000, 1]);
    expect(found?.contentType).toBe(`text/x-${letter}`);
    seen.add(letter);
  }
  // A half-written file would exist only for a moment. Reading takes too long to notice it, so look at the size.
  const sizes = new Set<number>();
  for (let look = 0; look < 300_000; look += 1) sizes.add(statSync(join(folder, 'large')).size);
  expect([...sizes]).toEqual([2_000_000]);
  writer.kill('SIGKILL');
  await once(writer, 'exit');
});

it('stores files that any program can read, and links to them', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  await store.put('reports/one/report.html', bytesOf('<p>'), { contentType: 'text/html' });
  expect(await readFile(join(folder, 'reports', 'one', 'report.html'), 'utf8')).toBe('<p>');
  expect(await readFile(new URL(await store.link('reports/one/report.html', 60)), 'utf8')).toBe('<p>');
  for (const seconds of [0, -1, 1.5, 604_801]) await failureOf(store.link('a', seconds));
});

it('finds files that somebody copied there, and ignores names that are not keys', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  await mkdir(join(folder, 'by hand'));
  await writeFile(join(folder, 'by hand', 'a'), 'x');
  await writeFile(join(folder, 'notes'), 'x');
  await writeFile(join(folder, 'notes~'), 'x');
  expect((await store.list('')).keys).toEqual(['notes']);
  const found = await store.get('notes');
  expect(found?.contentType).toBe('application/octet-stream');
  expect(await store.put('notes', bytesOf('y'), TEXT, { tag: found?.tag ?? '' })).not.toBeNull();
});

it('deletes internal files of replaced versions', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  for (let round = 0; round < 20; round += 1) await store.put('state', bytesOf(`version ${round}`), TEXT);
  expect((await readdir(folder, { recursive: true })).length).toBeLessThan(6);
});

it('explains in one line why a key conflicts with a folder', async () => {
  const folder = await freshFolder();
  const store = openFolderStore(folder);
  await store.put('a', bytesOf('x'), TEXT);
  const below = await failureOf(store.put('a/b', bytesOf('x'), TEXT));
  expect(below.message).toContain('cannot have the same name');
  expect(below.retry).toBe(false);
  await store.put('c/d', bytesOf('x'), TEXT);
  expect((await failureOf(store.put('c', bytesOf('x'), TEXT))).message).toContain(
    'cannot have the same name',
  );
  const file = await failureOf(openFolderStore(join(folder, 'a')).put('x', bytesOf('x'), TEXT));
  expect(file.message).toContain(join(folder, 'a'));
  // The store still works.
  expect(textOf((await store.get('c/d'))?.bytes)).toBe('x');
});
