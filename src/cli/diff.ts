import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/errors.ts';
import { readInput } from '../config/input.ts';
import { compareReports } from '../report/compare/compare-reports.ts';
import type { Difference } from '../report/compare/difference.ts';
import { differenceMarkdown } from '../report/compare/text/markdown.ts';
import { differenceView } from '../report/compare/text/view.ts';
import type { Language } from '../report/model/indicator.ts';
import {
  parseStoredReportWithVersion,
  REPORT_LIMITS,
  type StoredReport,
} from '../report/model/stored-report.ts';
import { UserError } from '../report/model/user-error.ts';
import { visible } from '../report/model/visible-text.ts';
import type { CommandContext } from './context.ts';
import { printDifference } from './difference-text.ts';
import { EXIT } from './exit-codes.ts';
import { hasColours } from './terminal.ts';

export type DiffFlags = {
  lang?: Language | undefined;
  format: 'text' | 'markdown' | 'json';
  failOn?: 'worse' | undefined;
};

/** `antrea-health diff`: compares two stored reports. */
export async function diffCommand(
  [firstPath, secondPath]: readonly [string, string],
  { lang = 'en', format, failOn }: DiffFlags,
  { environment }: CommandContext,
): Promise<number> {
  const first = await readReport(firstPath);
  const second = await readReport(secondPath);
  const difference = compareReports(first, second);
  const view = () => differenceView(difference, { first: first.report, second: second.report }, lang);
  const texts: Record<DiffFlags['format'], () => string> = {
    text: () => printDifference(view(), hasColours(process.stdout, environment)),
    markdown: () => differenceMarkdown(view()),
    // In JSON, the escapes of control characters are the characters themselves.
    json: () => visible(`${JSON.stringify(difference, null, 2)}\n`),
  };
  process.stdout.write(texts[format]());
  return failOn !== undefined && isWorse(difference) ? EXIT.failOn : EXIT.done;
}

/** What was not judged may be worse. */
function isWorse({ outcome }: Difference): boolean {
  return outcome === 'worse' || outcome === 'unknown';
}

/** Reads a report.json, or that of a folder. */
async function readReport(path: string): Promise<StoredReport> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'report.json') : path;
  const bytes = await readInput(file, 'report.json', REPORT_LIMITS.characters);
  try {
    return parseStoredReportWithVersion(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof UserError) throw new ConfigError(`${file}: ${error.message}`);
    throw error;
  }
}
