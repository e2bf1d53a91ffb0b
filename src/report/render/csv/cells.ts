import { visible } from '../kit/phrase.ts';

export type Cell = string | number | boolean | null;

/**
 * What makes a spreadsheet take text for a formula, also in its full-width form: OWASP, CSV Injection. A spreadsheet that
 * separates cells by semicolons or tabs, as in Germany, takes the quotes of our cells for text, and begins a cell after
 * each of these characters; there it ignores white space and empty quotes.
 */
const FORMULA = /(^|[;\t\n])([\s"]*)(?=[=+\-@＝＋－＠])/gu;

/** RFC 4180, 2.6: cells with these characters are in quotes. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** Most cells are names, times and titles that need neither; this test is faster than the others. */
const PLAIN = /^[A-Za-z0-9][\w.:/-]*(?: [\w.:/-]+)*$/;

/**
 * Returns a cell as RFC 4180 has it. Texts that would be formulas get an apostrophe before the sign, and control
 * characters are written out. Numbers have a decimal point and no grouping.
 */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  if (PLAIN.test(cell)) return cell;
  const text = visible(cell).replace(FORMULA, "$1$2'");
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns a line with its end. */
export function lineText(cells: readonly (Cell | undefined)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}
