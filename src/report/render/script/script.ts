import { templateFile } from '../kit/templates.ts';

/** The script of a report's page, in `templates/scripts/`. Each file works without the others. */
const FILES: readonly string[] = ['copy'].map((name) => `scripts/${name}.js`);

/** Returns the script. Each file is a block, so that no name in it reaches another file or the page. */
export function pageScript(): string {
  return ["'use strict';", ...FILES.map((file) => `{\n${templateFile(file)}}`), ''].join('\n');
}
