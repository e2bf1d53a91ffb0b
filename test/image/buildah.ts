/** Builds images with buildah, which needs no daemon, in a separate store: the images of this machine stay as they are. */
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureDebianPackages } from '../services/install.ts';

const STORE = join(tmpdir(), 'antrea-health-report-images');

/** Runs buildah as root and returns what it prints. */
export async function buildah(...parameters: string[]): Promise<string> {
  await ensureDebianPackages(['buildah']);
  const store = ['--root', STORE, '--runroot', join(STORE, 'run')];
  const { stdout } = await promisify(execFile)('buildah', [...store, ...parameters], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

/** Whether the store has an image. */
export function hasImage(name: string): Promise<boolean> {
  return buildah('inspect', '--type', 'image', name).then(
    () => true,
    () => false,
  );
}

/** Lets an action change the files of a new container, and stores the result as an image. */
export async function commitImage(
  name: string,
  from: string,
  change: (root: string) => Promise<void>,
): Promise<void> {
  const container = await buildah('from', '--pull-never', from);
  try {
    await change(await buildah('mount', container));
    await buildah('commit', '--quiet', container, name);
  } finally {
    await buildah('rm', container);
  }
}
