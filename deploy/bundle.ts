/** What the Lambda functions and the npm package have in common: the program as files that need no packages. */
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { ASSETS_FOLDER } from '../src/report/render/print/assets.ts';
import { FONT_FILES } from '../src/report/render/print/fonts.ts';
import { RENDERER_FILE } from '../src/report/render/print/png.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));

export type BundleOptions = {
  /** The path of the module to begin with, from the root of the repository. */
  entry: string;
  folder: string;
  /** The name of its file in the folder, without `.mjs`. */
  name: string;
  /** The oldest runtime, as esbuild names it: "node24". */
  target: string;
};

/**
 * Bundles a module with everything that it imports.
 * @returns the files that the bundle consists of, with paths from the root of the repository
 */
export async function bundle({ entry, folder, name, target }: BundleOptions): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [{ in: join(root, entry), out: name }],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target,
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
    metafile: true,
    logLevel: 'warning',
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
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

/** What a bundle reads at run time, as package and path: the files that embed fonts, and the one that draws pictures. */
export const FONT_ASSETS: readonly string[] = [...FONT_FILES, WASM];
export const PICTURE_ASSETS: readonly string[] = [RENDERER_FILE];

/** Copies files of packages, each given as package and path, to the assets of a bundle. */
export async function copyAssets(files: readonly string[], folder: string): Promise<void> {
  const assets = join(folder, ASSETS_FOLDER);
  await mkdir(assets, { recursive: true });
  for (const file of files)
    await copyFile(fileURLToPath(import.meta.resolve(file)), join(assets, basename(file)));
}

/** Copies the templates of the pages next to a bundle. */
export async function copyTemplates(folder: string): Promise<void> {
  await cp(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
}

/**
 * Bundles a program for this Node, with its templates and fonts, in a folder with its name.
 * @param entry the path of its module from the root of the repository
 * @returns the file to start
 */
export async function bundleProgram(entry: string, parent: string): Promise<string> {
  const { name } = parse(entry);
  const folder = join(parent, name);
  await bundle({ entry, folder, name, target: `node${process.versions.node}` });
  await copyTemplates(folder);
  await copyAssets(FONT_ASSETS, folder);
  return join(folder, `${name}.mjs`);
}
