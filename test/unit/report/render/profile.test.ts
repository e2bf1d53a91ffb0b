import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeProfile } from '../../../../src/report/render/print/profile.ts';

const previous = process.env['TMPDIR'];
let root: string;
let folder: string;
/** The parts of the name that identify this process. */
let namespace: string;
let pid: string;
let start: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'profile-'));
  process.env['TMPDIR'] = root;
  const { path, remove } = await makeProfile();
  folder = dirname(path);
  [namespace = '', pid = '', start = ''] = basename(path).split('-');
  await remove();
});
afterEach(async () => {
  if (previous === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = previous;
  await rm(root, { recursive: true });
});

/** Returns what the next start of Chromium leaves of a profile with a file. */
async function isKept(name: string, ageHours = 0): Promise<boolean> {
  const path = join(folder, name);
  await mkdir(join(path, 'Default'), { recursive: true });
  await writeFile(join(path, 'Default', 'file'), '');
  const time = Date.now() / 1000 - ageHours * 3600;
  await utimes(path, time, time);
  await (await makeProfile()).remove();
  return existsSync(path);
}

it('names the process, and is removed without a trace', async () => {
  expect([pid, await readdir(folder)]).toEqual([String(process.pid), []]);
});

it('of a process that still runs is kept, however old', async () => {
  expect(await isKept(`${namespace}-${pid}-${start}-abcdef`, 1000)).toBe(true);
});

it('of a process that has ended is removed', async () => {
  // Linux has no process ids above 2^22.
  expect(await isKept(`${namespace}-4194305-${start}-abcdef`)).toBe(false);
});

it('of an ended process whose id is used again is removed', async () => {
  expect(await isKept(`${namespace}-${pid}-1-abcdef`)).toBe(false);
});

it.each(['1', 'none'])('of the namespace %s is removed after a day', async (other) => {
  expect(await isKept(`${other}-4194305-${start}-abcdef`, 23)).toBe(true);
  expect(await isKept(`${other}-4194305-${start}-ghijkl`, 25)).toBe(false);
});

it.each(['other', '1-2-3', `4026531836-4194305-1-abcdef.old`, '-1-2-abcdef'])(
  'does not remove the folder %s of something else',
  async (name) => {
    expect(await isKept(name, 1000)).toBe(true);
  },
);

it('does not follow symbolic links', async () => {
  const target = join(root, 'target');
  await mkdir(target);
  await writeFile(join(target, 'file'), '');
  const link = join(folder, `${namespace}-4194305-1-abcdef`);
  await symlink(target, link);
  const leftover = join(folder, `${namespace}-4194305-2-abcdef`);
  await mkdir(leftover);
  await symlink(target, join(leftover, 'inside'));
  await (await makeProfile()).remove();
  expect(await readdir(target)).toEqual(['file']);
  expect(await readdir(folder)).toEqual([basename(link)]);
});

it('can be made many times at once', async () => {
  await mkdir(join(folder, `${namespace}-4194305-1-abcdef`));
  const profiles = await Promise.all(Array.from({ length: 20 }, () => makeProfile()));
  expect((await readdir(folder)).sort()).toEqual(profiles.map(({ path }) => basename(path)).sort());
  await Promise.all(profiles.map(({ remove }) => remove()));
  expect(await readdir(folder)).toEqual([]);
});
