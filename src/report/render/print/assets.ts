import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files of packages that are read while the program runs: fonts, and the archives of Chromium. */

/** Where they lie in a Lambda bundle, beside the code; deploy/aws/bundle.ts puts them there. */
export const ASSETS_FOLDER = 'assets';

/**
 * The path of a file: in the folder beside the program where there is one, which is so in a bundle; else in the
 * installed package that it belongs to.
 * @param name its name in that folder
 * @param locate finds the installed package's file, as a URL; it may throw where the package is missing
 */
export function assetPath(name: string, locate: () => string): string {
  const bundled = fileURLToPath(new URL(`${ASSETS_FOLDER}/${name}`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(locate());
}
