import type { Printer } from '../../report/render/print/pdf.ts';
import { PrintError } from '../../report/render/print/print-error.ts';

/**
 * The time that an invocation has left, and how it is shared out. Near its end a report is stored as far as it is
 * made, rather than lost with the function.
 */
export type Deadline = {
  millisecondsLeft(): number;
  /** Aborts, as a time-out, when what is still unanswered has to be given up. */
  signalForGathering(): AbortSignal;
  /** How long Chromium may still work, in milliseconds; none when it is not worth starting any more. */
  millisecondsForPrinting(): number;
};

/** The files, the state and the list: three steps, each with the patience that handlers/generate-report.ts has. */
const STORING_MILLISECONDS = 30_000;

/** Judging a thousand nodes, weeks of history included, and writing the HTML: docs/performance.md has 300 of them. */
const RENDERING_MILLISECONDS = 40_000;

/** Unpacking and starting Chromium and printing a dozen pages take 4 s on a cold function. */
const LEAST_PRINTING_MILLISECONDS = 5_000;

/** With less than this there is no use in beginning. */
export const LEAST_MILLISECONDS = STORING_MILLISECONDS + RENDERING_MILLISECONDS + 20_000;

/** @param millisecondsLeft what Lambda's context says, or what a machine without one allows */
export function deadlineOf(millisecondsLeft: () => number): Deadline {
  return {
    millisecondsLeft,
    signalForGathering: () =>
      AbortSignal.timeout(Math.max(0, millisecondsLeft() - STORING_MILLISECONDS - RENDERING_MILLISECONDS)),
    millisecondsForPrinting: () => {
      const left = millisecondsLeft() - STORING_MILLISECONDS;
      return left < LEAST_PRINTING_MILLISECONDS ? 0 : left;
    },
  };
}

/** Failures that another Chromium may not have. */
const WORTH_ANOTHER_TRY = ['crashed', 'failed', 'start'];

/**
 * A printer that is done, one way or the other, while there is still time to store the rest. A Chromium that crashes
 * is tried once more.
 */
export function printerWithDeadline(openPrinter: () => Promise<Printer>, deadline: Deadline): Printer {
  let opening: Promise<Printer> | undefined;
  const tryToPrint: Printer['print'] = async (html, options) => {
    const limit = deadline.millisecondsForPrinting();
    if (limit === 0)
      throw new PrintError('timeout', 'there was no time left to print the report; the function needs more');
    opening ??= openPrinter();
    const printer = opening;
    const printing = printer.then((open) => open.print(html, { ...options, timeoutMs: limit }));
    // The printer's own limit leaves out how long Chromium takes to start, and to start again after a crash.
    return within(limit, printing);
  };
  return {
    async print(html, options) {
      try {
        return await tryToPrint(html, options);
      } catch (error) {
        if (!(error instanceof PrintError) || !WORTH_ANOTHER_TRY.includes(error.kind)) throw error;
        if (error.kind === 'start') opening = undefined;
        return tryToPrint(html, options);
      }
    },
    async close() {
      // One that hangs must not hold up what is to be stored; it is closed when it can be.
      const closing = opening?.then((printer) => printer.close());
      opening = undefined;
      await within(CLOSING_MILLISECONDS, closing ?? Promise.resolve()).catch(() => undefined);
    },
  };
}

/** Twice what a Chromium that does not listen is given before it is ended by force. */
const CLOSING_MILLISECONDS = 4_000;

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new PrintError('timeout', `Chromium was not done within ${Math.round(milliseconds / 1000)} s`),
        ),
      milliseconds,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
