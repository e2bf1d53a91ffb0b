import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { privateFolder } from '../../../../src/report/render/print/private-folder.ts';

const previous = process.env['TMPDIR'];
let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'private-'));
  process.env['TMPDIR'] = root;
  folder = join(root, `antrea-health-report-${process.getuid?.()}-cache`);
});
afterEach(async () => {
  if (previous === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = previous;
  await rm(root, { recursive: true });
});

it('is made for this user alone, and used again', async () => {
  expect(privateFolder('cache')).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await writeFile(join(folder, 'file'), '');
  expect(privateFolder('cache')).toBe(folder);
});

const isRoot = process.getuid?.() === 0;
const OTHERS: [string, () => Promise<void>][] = [
  ['a folder that others can write to', () => mkdir(folder).then(() => chmod(folder, 0o777))],
  ['a link to another folder', () => symlink(root, folder)],
  // Only root can give a folder to another user.
  [
    'a folder of another user',
    () => mkdir(folder).then(() => (isRoot ? chown(folder, 1, 1) : chmod(folder, 0o770))),
  ],
];
it.each(OTHERS)('is not %s', async (_, make) => {
  await make();
  expect(() => privateFolder('cache')).toThrow(`${folder} can be written by other users`);
});
