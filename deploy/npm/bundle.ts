/**
 * Makes the folder dist/ of the npm package, which has everything that the command needs except Node and Chromium.
 * `npm pack` does this before it packs.
 */
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EXAMPLE_CAPTURE } from '../../src/cli/demo.ts';
import { ASSETS_FOLDER } from '../../src/report/render/print/assets.ts';
import { bundle, copyAssets, copyTemplates, FONT_ASSETS, PICTURE_ASSETS, root } from '../bundle.ts';
import { licensesOf } from './licenses.ts';

/** `files` in package.json names it. */
const FOLDER = join(root, 'dist');

/** The oldest Node that antrea-health.cjs lets pass. */
const TARGET = 'node22.19';

const ASSETS = [...FONT_ASSETS, ...PICTURE_ASSETS];

await rm(FOLDER, { recursive: true, force: true });
const sources = await bundle({ entry: 'src/cli/main.ts', folder: FOLDER, name: 'main', target: TARGET });
await copyTemplates(FOLDER);
await copyAssets(ASSETS, FOLDER);
await copyFile(join(root, EXAMPLE_CAPTURE), join(FOLDER, ASSETS_FOLDER, basename(EXAMPLE_CAPTURE)));
await copyFile(join(root, 'deploy/npm/antrea-health.cjs'), join(FOLDER, 'antrea-health.cjs'));
const licenses = await licensesOf([...sources, ...ASSETS.map((file) => `node_modules/${file}`)]);
await writeFile(join(FOLDER, 'licenses.txt'), licenses);
