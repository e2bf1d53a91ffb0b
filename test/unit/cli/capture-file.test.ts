import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCaptureFile } from '../../../src/cli/capture-file.ts';
import { ConfigError } from '../../../src/config/errors.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-capture-file-'));
  path = join(folder, 'day.capture.gz');
});
afterEach(() => rm(folder, { recursive: true }));

const read = (file: string) => readFile(file, 'utf8');

describe('the file of --capture', () => {
  it('appears when it is complete, and replaces an older one with the same mode', async () => {
    for (const content of ['first', 'second']) {
      const before = await read(path).catch(() => 'nothing');
      const file = await createCaptureFile(path);
      for (const letter of content) await file.write(Buffer.from(letter));
      expect(await read(path).catch(() => 'nothing')).toBe(before);
      await file.commit();
      await file.discard();
      expect(await read(path)).toBe(content);
      expect(await readdir(folder)).toEqual(['day.capture.gz']);
      await chmod(path, 0o600);
    }
    const file = await createCaptureFile(path);
    await file.commit();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves an older file as it is when it is discarded', async () => {
    await writeFile(path, 'older');
    const file = await createCaptureFile(path);
    await file.write(Buffer.from('half'));
    await file.discard();
    expect(await readdir(folder)).toEqual(['day.capture.gz']);
    expect(await read(path)).toBe('older');
  });

  it('is the file that a symbolic link leads to', async () => {
    const target = join(folder, 'target.gz');
    await writeFile(target, 'older');
    await symlink(target, path);
    const file = await createCaptureFile(path);
    await file.write(Buffer.from('new'));
    await file.commit();
    expect(await read(target)).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['day.capture.gz', 'target.gz']);
  });

  it.each(['/dev/null', '/nonexistent/day.capture.gz', 'folder'])(
    'is refused before any query if it is %s',
    async (name) => {
      const target = name === 'folder' ? path : name;
      if (name === 'folder') await mkdir(path);
      const creating = createCaptureFile(target);
      await expect(creating).rejects.toThrow(ConfigError);
      await expect(creating).rejects.toThrow(/^--capture: cannot write \S+ \((?:ENOENT|it is not a file)\)$/);
      expect(await readdir(folder)).toHaveLength(name === 'folder' ? 1 : 0);
    },
  );

  it('is named by errors of writing', async () => {
    const file = await createCaptureFile(path);
    await file.commit();
    // A closed file cannot be written either.
    await expect(file.write(Buffer.from('late'))).rejects.toThrow(`--capture: cannot write ${path} (EBADF)`);
  });
});
