/** What the program promises for every input: a sound result, or one error that its reader can act on. */
import { isDeepStrictEqual } from 'node:util';
import { printDifference } from '../../src/cli/difference-text.ts';
import { compareReports } from '../../src/report/compare/compare-reports.ts';
import { differenceSchema } from '../../src/report/compare/difference.ts';
import { differenceMarkdown } from '../../src/report/compare/text/markdown.ts';
import { differenceView } from '../../src/report/compare/text/view.ts';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import { REPORT_SCHEMA_VERSION, type Report } from '../../src/report/model/report.ts';
import { parseStoredReport } from '../../src/report/model/stored-report.ts';
import { UserError } from '../../src/report/model/user-error.ts';
import { renderPage } from '../../src/report/render/html.ts';

/**
 * Returns what `work` makes; `null` if it ends with an error for users.
 * @throws any other error, and an error for users that is not one line
 */
export async function madeOrRefused<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    checkMessage(error.message);
    return null;
  }
}

/** Characters of C0 and C1, among them the ends of lines, and the ends of lines of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a message must not have
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Longer ones do not fit on any screen. */
const LONGEST_MESSAGE = 5000;

export function checkMessage(message: string): void {
  const problem =
    message.trim() === ''
      ? 'is empty'
      : CONTROL.test(message)
        ? 'has control characters'
        : message.length > LONGEST_MESSAGE
          ? `has ${message.length} characters`
          : null;
  if (problem !== null) throw new Error(`a message ${problem}: ${JSON.stringify(message).slice(0, 400)}`);
}

/** What a template shows instead of a value that is missing or of another type. */
const NO_VALUE = /undefined|NaN|Infinity|\[object |\[native code\]|Invalid Date/;

/** Checks that a report can be stored and read again, and rendered. */
export async function checkReport(report: Report): Promise<void> {
  const text = JSON.stringify(report);
  const stored = parseStoredReport(text);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(text)))
    throw new Error('the stored report differs from the one that was made');
  if (!report.complete && report.verdict === 'healthy') throw new Error('incomplete and healthy');
  if (!report.complete && report.score === 100) throw new Error('incomplete with a score of 100');
  await checkPages(stored);
}

/** Checks that the page shows a value wherever it should, in a language that depends on the report. */
export async function checkPages(report: Report): Promise<void> {
  const given = JSON.stringify(report);
  const language = LANGUAGES[given.length % LANGUAGES.length] ?? 'en';
  // The script is the same for all reports.
  const { printable } = await renderPage(report, { language });
  checkText(printable, given, `the page in ${language}`);
}

/** Checks that the difference of two reports has the form of its schema, and shows a value wherever it should. */
export function checkDifference(first: Report, second: Report): void {
  const difference = compareReports(
    { report: first, schemaVersion: REPORT_SCHEMA_VERSION },
    { report: second, schemaVersion: REPORT_SCHEMA_VERSION },
  );
  differenceSchema.parse(difference);
  const given = JSON.stringify([first, second]);
  for (const language of LANGUAGES) {
    const view = differenceView(difference, { first, second }, language);
    const text = printDifference(view, false);
    checkText(text, given, `the difference in ${language}`);
    checkText(differenceMarkdown(view), given, `the Markdown in ${language}`);
    for (const line of text.split('\n')) if (line !== '') checkMessage(line.slice(0, LONGEST_MESSAGE));
  }
}

/** @param given the input, in which these words mean nothing */
export function checkText(text: string, given: string, what: string): void {
  const found = NO_VALUE.exec(text.replace(/base64,[^)"]*/g, ''));
  if (found === null || NO_VALUE.test(given)) return;
  throw new Error(
    `${what} has "${found[0]}": …${text.slice(Math.max(0, found.index - 200), found.index + 100)}…`,
  );
}
