/**
 * Makes the folder dist/ of the npm package, which has everything that the command needs except Node and Chromium.
 * `npm pack` does this before it packs. Tests make another folder.
 *
 *   node deploy/npm/bundle.ts [FOLDER]      replaces the folder
 */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EXAMPLE_CAPTURE } from '../../src/cli/demo.ts';
import { ASSETS_FOLDER } from '../../src/report/render/print/assets.ts';
import { bundle, copyAssets, copyTemplates, FONT_ASSETS, PICTURE_ASSETS, root } from '../bundle.ts';
import { licensesOf } from './licenses.ts';

/** `files` in package.json names dist/. */
const folder = process.argv[2] ?? join(root, 'dist');

/** The oldest Node that antrea-health.cjs lets pass. */
const TARGET = 'node22.19';

const ASSETS = [...FONT_ASSETS, ...PICTURE_ASSETS];

await rm(folder, { recursive: true, force: true });
const sources = await bundle({ entry: 'src/cli/main.ts', folder, name: 'main', target: TARGET });
await copyTemplates(folder);
await copyAssets(ASSETS, folder);
await copyFile(join(root, EXAMPLE_CAPTURE), join(folder, ASSETS_FOLDER, basename(EXAMPLE_CAPTURE)));
await copyFile(join(root, 'deploy/npm/antrea-health.cjs'), join(folder, 'antrea-health.cjs'));
const licenses = await licensesOf([...sources, ...ASSETS.map((file) => `node_modules/${file}`)]);
await writeFile(join(folder, 'licenses.txt'), licenses);
