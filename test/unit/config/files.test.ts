import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInput } from '../../../src/config/input.ts';
import { makeFolder } from '../../../src/config/make-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('an input', () => {
  it('is read as it is', async () => {
    await writeFile(join(root, 'a'), '中文');
    expect((await readInput(join(root, 'a'), '--config')).toString('utf8')).toBe('中文');
  });

  it.each([
    ['/dev/zero', '--config: cannot read /dev/zero (it is larger than 1 MB)'],
    ['/no/such/file', '--config: cannot read /no/such/file (ENOENT)'],
    ['/', '--config: cannot read / (EISDIR)'],
  ])('%s is refused', async (path, message) => {
    await expect(readInput(path, '--config')).rejects.toThrow(message);
  });
});

describe('a folder', () => {
  it('is made with those above it, by several at the same time', async () => {
    const path = join(root, 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
    await makeFolder(path);
  });

  it('fails where it cannot be made', async () => {
    // Node's own recursive mkdir would never end.
    await expect(makeFolder('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(root, 'file'), '');
    await expect(makeFolder(join(root, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
