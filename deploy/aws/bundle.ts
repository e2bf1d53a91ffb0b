/**
 * Makes the folders that become the functions' zips: build/daily-report/ and so on, each complete in itself. Done by
 * plugin.ts whenever the service is packaged or started on this machine.
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

/** What a function needs beside its code. */
type Content = {
  templates: boolean;
  /** Chromium, fonts, and the certificates of Prometheus. */
  worker: boolean;
  /** What makes pictures of charts. */
  pictures: boolean;
};

export const FUNCTIONS: Readonly<Record<string, Content>> = {
  'daily-report': { templates: false, worker: false, pictures: false },
  'generate-report': { templates: true, worker: true, pictures: false },
  // Its list of reports is an HTML page.
  'on-demand': { templates: true, worker: false, pictures: false },
  'email-digest': { templates: true, worker: false, pictures: true },
};

/** Beside the code of every function, under this name, whatever its file is called here. */
export const CONFIG_NAME = 'antrea-health.yaml';

/**
 * Makes all bundles.
 * @param config the configuration that they are to have
 * @param certificates paths of files that it names, by the names that they get beside the code
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

/** The code of one function with all that it imports. */
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
    // What is imported on demand stays so, in files of their own: beside the entry, since assets are looked for there.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // Packages that come both ways: modules can be cut down to what is used of them, CommonJS cannot.
    mainFields: ['module', 'main'],
    alias: { yaml: fileURLToPath(new URL('../browser/index.js', import.meta.resolve('yaml'))) },
    // Not minified: loading takes as long (docs/decisions/0006-packaging.md), and a stack trace in the log is readable
    // without source maps, which would have to be loaded with the code.
    legalComments: 'external',
    banner: { js: COMMONJS_NAMES },
    plugins: [wasmBeside],
    logLevel: 'warning',
  });
}

/** What packages in CommonJS expect to be there; each file of a bundle gets it. */
const COMMONJS_NAMES = `
import { createRequire as commonJsRequire } from 'node:module';
const require = commonJsRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
`.trim();

/** HarfBuzz, which subset-font reads by a name that only an installed package answers to. */
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

/** Files of packages, by package and path. */
async function copyFiles(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files)
    await copyFile(fileURLToPath(import.meta.resolve(file)), join(folder, basename(file)));
}

async function copyAssets(folder: string): Promise<void> {
  await copyFiles([...FONT_FILES, WASM], folder);
  for (const name of CHROMIUM_ARCHIVES) await copyFile(archivePath(name), join(folder, name));
}
