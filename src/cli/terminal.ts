import type { Environment } from '../config/environment.ts';
import { EXIT } from './exit-codes.ts';

/**
 * What the command writes. Names, messages and labels come from servers, captures and reports, so they must not move the
 * cursor, set the title of a terminal, or look like another line.
 */

/** Characters of C0, C1 and those that change the direction of writing, but not the tab and the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be written
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Returns text in which control characters are visible: "\u001b". */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

/** Prints text to standard output. Ends of lines inside are kept. */
export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

/** Prints a message to standard error as one line. */
export function printMessage(message: string): void {
  process.stderr.write(`antrea-health: ${visible(message.replace(/\s*[\n\r]\s*/g, ' '))}\n`);
}

/** Codes of ANSI X3.64. */
export const COLOUR = { bold: 1, red: 31, green: 32, yellow: 33 } as const;

/** Whether to write colours to a stream: only to terminals, unless NO_COLOR is set: https://no-color.org */
export function hasColours({ isTTY = false }: { isTTY?: boolean }, environment: Environment): boolean {
  return isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

export function paint(text: string, code: number, isPainted: boolean): string {
  return isPainted ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** Ends the program without a message if nobody reads its output any more, as after `| head`. */
export function endWithoutReader(): void {
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.done);
  };
  process.stdout.on('error', onError);
  process.stderr.on('error', onError);
}
