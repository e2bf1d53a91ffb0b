/**
 * Makes the folders that become the functions' zip files: build/daily-report/ and so on, each complete in itself.
 * plugin.ts does this whenever the service is packaged or started on this machine.
 */
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { stringify } from 'yaml';
import { ASSETS_FOLDER } from '../../src/report/render/print/assets.ts';
import { archivePath, CHROMIUM_ARCHIVES } from '../../src/report/render/print/chromium.ts';
import { FONT_FILES } from '../../src/report/render/print/fonts.ts';
import { RENDERER_FILE } from '../../src/report/render/print/png.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
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
      await bundle(join(root, 'handlers', `${name}.ts`), folder);
      await writeFile(join(folder, CONFIG_NAME), stringify(config));
      if (templates) await cp(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
      if (pictures) await copyFiles([RENDERER_FILE], join(folder, ASSETS_FOLDER));
      if (worker) {
        await copyAssets(join(folder, ASSETS_FOLDER));
        for (const [file, path] of Object.entries(certificates)) await copyFile(path, join(folder, file));
      }
    }),
  );
}

/** Bundles the code of one function with everything that it imports. */
async function bundle(entry: string, folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: 'index' }],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Modules imported on demand become separate files. They stay next to the entry, because assets are found from there.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // Prefers ES modules where a package has both: unused parts of ES modules can be removed, those of CommonJS cannot.
    mainFields: ['module', 'main'],
    alias: { yaml: fileURLToPath(new URL('../browser/index.js', import.meta.resolve('yaml'))) },
    // Not minified: minified code does not load faster (docs/decisions/0006-packaging.md), and stack traces in the log are
    // readable without source maps, which would have to be loaded with the code.
    legalComments: 'external',
    banner: { js: COMMONJS_NAMES },
    plugins: [wasmBeside],
    logLevel: 'warning',
  });
}

/** Names that CommonJS packages expect to exist; every file of a bundle defines them. */
const COMMONJS_NAMES = `
import { createRequire as commonJsRequire } from 'node:module';
const require = commonJsRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
`.trim();

/** HarfBuzz. subset-font reads it by package name, which works only with an installed package. */
const WASM = 'harfbuzzjs/dist/harfbuzz-subset.wasm';

const wasmBeside: Plugin = {
  name: 'wasm-beside',
  setup({ onLoad }) {
    onLoad({ filter: /subset-font[/]index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(`'${WASM}'`, `'./${ASSETS_FOLDER}/${basename(WASM)}'`);
      if (contents === text) throw new Error(`${path} does not read ${WASM} any more`);
      return { contents };
    });
  },
};

/** Copies files of packages, each given as package and path. */
async function copyFiles(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files)
    await copyFile(fileURLToPath(import.meta.resolve(file)), join(folder, basename(file)));
}

async function copyAssets(folder: string): Promise<void> {
  await copyFiles([...FONT_FILES, WASM], folder);
  for (const name of CHROMIUM_ARCHIVES) await copyFile(archivePath(name), join(folder, name));
}
