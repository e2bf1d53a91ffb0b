import type { Environment } from '../config/environment.ts';
import { oneLine, visible } from '../report/model/visible-text.ts';
import { EXIT } from './exit-codes.ts';

/** What the command writes. */

/** Prints text to standard output. Ends of lines inside are kept. */
export function print(text: string): void {
  process.stdout.write(`${visible(text)}\n`);
}

/** Prints a message to standard error as one line. */
export function printMessage(message: string): void {
  process.stderr.write(`antrea-health: ${oneLine(message)}\n`);
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
