import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliverToFolder } from '../../../src/cli/report-folder.ts';
import { UserError } from '../../../src/report/model/user-error.ts';

/** Selects the renames that fail, as on a file system that has become read-only. */
let refuse: (from: string, to: string) => boolean;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const rename = (from: string, to: string) =>
    refuse(from, to)
      ? Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' }))
      : real.rename(from, to);
  return { ...real, rename };
});

let root: string;
beforeEach(async () => {
  refuse = () => false;
  root = await mkdtemp(join(tmpdir(), 'antrea-health-folder-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text, 'utf8') });

async function contentOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  );
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toMatch(/^cannot write to .+ \([A-Z]+\); choose another folder with --out$/);
  return message;
}

describe('deliverToFolder', () => {
  it('creates the parent folder and writes the files unchanged, with the usual permissions', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    const parent = join(root, 'a', 'b');
    const folder = await deliverToFolder(parent, 'prod-1', [
      file('report.html', '中文'),
      { name: 'x.bin', bytes },
    ]);
    expect(folder).toBe(join(parent, 'prod-1'));
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe('中文');
    expect(new Uint8Array(await readFile(join(folder, 'x.bin')))).toEqual(bytes);

    const usual = join(root, 'usual');
    await mkdir(usual);
    expect((await stat(folder)).mode).toBe((await stat(usual)).mode);
  });

  it('replaces files of the same names, keeps the others, and leaves no other folders', async () => {
    await deliverToFolder(root, 'r', [
      file('report.html', 'old'),
      file('report.json', 'the source'),
      file('report.junit.xml', 'a longer extension'),
    ]);
    const { mtimeMs } = await stat(join(root, 'r', 'report.json'));
    await deliverToFolder(root, 'other', [file('report.html', 'another')]);
    const folder = await deliverToFolder(root, 'r', [file('report.html', 'new')]);
    expect(await contentOf(folder)).toEqual({
      'report.html': 'new',
      'report.json': 'the source',
      'report.junit.xml': 'a longer extension',
    });
    expect((await stat(join(folder, 'report.json'))).mtimeMs).toBeCloseTo(mtimeMs, 0);
    expect(await contentOf(join(root, 'other'))).toEqual({ 'report.html': 'another' });
    expect((await readdir(root)).sort()).toEqual(['other', 'r']);
  });

  it('keeps the older report unchanged when a file cannot be written', async () => {
    await deliverToFolder(root, 'r', [file('report.html', 'old')]);
    // A file in a missing folder fails like a disk that is full after the first file.
    await failureOf(
      deliverToFolder(root, 'r', [file('report.html', 'new'), file('no/such/folder.pdf', 'new')]),
    );
    expect(await contentOf(join(root, 'r'))).toEqual({ 'report.html': 'old' });
    await failureOf(deliverToFolder(root, 'fresh', [file('a', '1'), file('no/such/b', '2')]));
    expect(await readdir(root)).toEqual(['r']);
  });

  it('keeps the older report when a rename fails', async () => {
    await deliverToFolder(root, 'r', [file('report.html', 'old')]);
    const refusals: (typeof refuse)[] = [
      (from, to) => !from.endsWith('-old') && to === join(root, 'r'),
      (from) => from === join(root, 'r'),
    ];
    for (const refusal of refusals) {
      refuse = refusal;
      await failureOf(deliverToFolder(root, 'r', [file('report.html', 'new')]));
      expect(await contentOf(join(root, 'r'))).toEqual({ 'report.html': 'old' });
      expect(await readdir(root)).toEqual(['r']);
    }
  });

  it('fails when the parent is not a folder', async () => {
    const parent = join(root, 'file');
    await writeFile(parent, 'not a folder');
    expect(await failureOf(deliverToFolder(parent, 'r', [file('a', '1')]))).toContain(join(parent, 'r'));
    expect(await failureOf(deliverToFolder(join(parent, 'below'), 'r', [file('a', '1')]))).toMatch(/ENOTDIR/);
    expect(await readFile(parent, 'utf8')).toBe('not a folder');
  });

  it.each(['..', '../elsewhere', 'a/b', '', '.draft', 'a\\b'])(
    'refuses %j as the name of a folder',
    async (name) => {
      await mkdir(join(root, 'inside'));
      await expect(deliverToFolder(join(root, 'inside'), name, [file('report.html', 'x')])).rejects.toThrow(
        UserError,
      );
      expect(await readdir(root)).toEqual(['inside']);
      expect(await readdir(join(root, 'inside'))).toEqual([]);
    },
  );

  it('does not replace a folder that contains other files', async () => {
    await mkdir(join(root, 'r'));
    await writeFile(join(root, 'r', 'thesis.txt'), 'mine');
    await expect(deliverToFolder(root, 'r', [file('report.html', 'x')])).rejects.toThrow(
      /files that do not belong to a report/,
    );
    expect(await readFile(join(root, 'r', 'thesis.txt'), 'utf8')).toBe('mine');
    expect(await readdir(root)).toEqual(['r']);
  });
});
