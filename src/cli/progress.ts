import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { visible } from '../report/model/visible-text.ts';

/** A line that shows the current step on a terminal. In a pipe or a log it shows nothing. */
export type Progress = { show(text: string): void; clear(): void };

export function openProgress(stream: NodeJS.WriteStream | WriteStream): Progress {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  const clear = () => {
    clearLine(stream, 0);
    cursorTo(stream, 0);
  };
  return {
    show(text) {
      clear();
      stream.write(visible(text).slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
    },
    clear,
  };
}

/** Returns a bar of 20 cells. */
export function progressBar(done: number, total: number): string {
  const cells = total === 0 ? 0 : Math.round((done / total) * 20);
  return `${'█'.repeat(cells)}${'░'.repeat(20 - cells)}`;
}
