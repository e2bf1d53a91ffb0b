import { templateFile } from '../kit/templates.ts';

/** The script of a report's page, in `templates/scripts/`. Each file works without the others. */
const FILES: readonly string[] = ['copy', 'charts', 'filter', 'sort', 'anchors', 'contents'].map(
  (name) => `scripts/${name}.js`,
);

/** A line that is only a comment; the type of an expression is a comment before code. */
const COMMENT = /^(?:\/\/.*|\/\*\*(?:(?!\*\/).)*(?:\*\/)?|\*(?:[ /].*)?)$/;

/**
 * Returns the script. Each file is a block, so that no name in it reaches another file or the page. Comments and
 * indentation, a third of the script, stay in the files: every stored report contains it.
 */
export function pageScript(): string {
  const blocks = FILES.map((file) => `{\n${compact(templateFile(file))}}`);
  return ["'use strict';", ...blocks, ''].join('\n');
}

function compact(script: string): string {
  const lines = script.split('\n').map((line) => line.trimStart());
  return lines.filter((line) => !COMMENT.test(line)).join('\n');
}
