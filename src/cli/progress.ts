import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';

/** One line that says what is going on, on a terminal; nothing in a pipe or a log. */
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
      stream.write(text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
    },
    clear,
  };
}

/** A bar of twenty cells. */
export function bar(done: number, total: number): string {
  const cells = total === 0 ? 0 : Math.round((done / total) * 20);
  return `${'█'.repeat(cells)}${'░'.repeat(20 - cells)}`;
}
