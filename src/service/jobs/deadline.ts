import type { Printer } from '../../report/render/print/pdf.ts';
import { PrintError, withTimeout } from '../../report/render/print/print-error.ts';

/**
 * The time that an invocation has left, and how it is divided. Near its end a report is stored without what is still
 * missing, so that it is not lost with the function.
 */
export type Deadline = {
  millisecondsLeft(): number;
  /** Aborts when the remaining queries must be given up. */
  signalForGathering(): AbortSignal;
  /** How long Chromium may still work, in milliseconds; 0 when too little time is left to start it. */
  millisecondsForPrinting(): number;
};

/** Storing files, state and list entry: three steps, each limited to the 10 s of handlers/generate-report.ts. */
const STORING_MILLISECONDS = 30_000;

/** Judging a thousand nodes with weeks of history and rendering the HTML; docs/performance.md measures 300 nodes. */
const RENDERING_MILLISECONDS = 40_000;

/** Unpacking and starting Chromium and printing a dozen pages takes 4 s on a cold function. */
const LEAST_PRINTING_MILLISECONDS = 5_000;

/** With less time than this a report is not begun. */
export const LEAST_MILLISECONDS = STORING_MILLISECONDS + RENDERING_MILLISECONDS + 20_000;

/** @param millisecondsLeft the remaining time: from Lambda's context, or from a limit of the command */
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

/** Failures for which another Chromium is worth a try. */
const WORTH_ANOTHER_TRY = ['crashed', 'failed', 'start'];

/**
 * A printer that finishes or fails while there is still time to store the other files. After a crash it tries once more
 * with another Chromium.
 */
export function printerWithDeadline(openPrinter: () => Promise<Printer>, deadline: Deadline): Printer {
  let opening: Promise<Printer> | undefined;
  const tryToPrint: Printer['print'] = async (html, options) => {
    const limit = deadline.millisecondsForPrinting();
    if (limit === 0)
      throw new PrintError(
        'timeout',
        'there was no time left to print the report; give the function more time',
      );
    opening ??= openPrinter();
    const printer = opening;
    const printing = printer.then((open) => open.print(html, { ...options, timeoutMs: limit }));
    // The printer's own limit does not include the start of Chromium.
    return withTimeout(limit, printing);
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
      // A Chromium that hangs must not delay storing; it is closed when it responds.
      const closing = opening?.then((printer) => printer.close());
      opening = undefined;
      await withTimeout(CLOSING_MILLISECONDS, closing ?? Promise.resolve()).catch(() => undefined);
    },
  };
}

/** Twice the time after which a Chromium that does not respond is killed. */
const CLOSING_MILLISECONDS = 4_000;
