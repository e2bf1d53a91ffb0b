/**
 * Makes the folders that become the functions' zip files: build/daily-report/ and so on, each complete in itself.
 * plugin.ts does this whenever the service is packaged or started on this machine.
 */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ASSETS_FOLDER } from '../../src/report/render/print/assets.ts';
import { archivePath, CHROMIUM_ARCHIVES } from '../../src/report/render/print/chromium.ts';
import { bundle, copyAssets, copyTemplates, FONT_ASSETS, PICTURE_ASSETS, root } from '../bundle.ts';

export const BUILD_FOLDER = join(root, 'build');

/** What a function needs in addition to its code. */
type Content = {
  templates: boolean;
  /** Chromium, fonts and the certificates of the Prometheus servers. */
  worker: boolean;
  /** The renderer that turns charts into pictures. */
  pictures: boolean;
};

export const FUNCTIONS: Readonly<Record<string, Content>> = {
  'daily-report': { templates: false, worker: false, pictures: false },
  'generate-report': { templates: true, worker: true, pictures: false },
  // The list of reports is an HTML page.
  'on-demand': { templates: true, worker: false, pictures: false },
  'email-digest': { templates: true, worker: false, pictures: true },
};

/** Name of the configuration file in every function's bundle. The file that is deployed can have another name. */
export const CONFIG_NAME = 'antrea-health.yaml';

/**
 * Makes the bundles of all functions.
 * @param config the configuration to put into each bundle
 * @param certificates the certificate files that it refers to: path on this machine by name in the bundle
 */
export async function bundleAll(
  config: unknown,
  certificates: Readonly<Record<string, string>> = {},
): Promise<void> {
  await rm(BUILD_FOLDER, { recursive: true, force: true });
  await Promise.all(
    Object.entries(FUNCTIONS).map(async ([name, { templates, worker, pictures }]) => {
      const folder = join(BUILD_FOLDER, name);
      await bundle({ entry: `handlers/${name}.ts`, folder, name: 'index', target: 'node24' });
      await writeFile(join(folder, CONFIG_NAME), stringify(config));
      if (templates) await copyTemplates(folder);
      if (pictures) await copyAssets(PICTURE_ASSETS, folder);
      if (worker) {
        await copyAssets(FONT_ASSETS, folder);
        for (const archive of CHROMIUM_ARCHIVES)
          await copyFile(archivePath(archive), join(folder, ASSETS_FOLDER, archive));
        for (const [file, path] of Object.entries(certificates)) await copyFile(path, join(folder, file));
      }
    }),
  );
}
