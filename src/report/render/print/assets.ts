import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files of packages that are read at run time: fonts, and the archives of Chromium. */

/** The folder of these files next to the code of a Lambda bundle; deploy/aws/bundle.ts fills it. */
export const ASSETS_FOLDER = 'assets';

/**
 * Returns the path of a file: in the assets folder of a bundle, or else in the installed package.
 * @param name the name of the file in the assets folder
 * @param locate returns the URL of the file in the installed package; it may throw where the package is missing
 */
export function assetPath(name: string, locate: () => string): string {
  const bundled = fileURLToPath(new URL(`${ASSETS_FOLDER}/${name}`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(locate());
}
