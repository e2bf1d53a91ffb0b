import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/errors.ts';
import type { Language } from '../report/model/indicator.ts';
import { FORMATS, type OutputFormat, type PageSize } from '../report/model/rendition.ts';
import type { Report } from '../report/model/report.ts';
import { readStoredReport, StoredReportError } from '../report/model/stored-report.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { writeReport } from './write.ts';

export type RenderFlags = {
  lang?: Language;
  format?: OutputFormat[];
  pageSize?: PageSize;
  out: string;
  chromium?: string;
};

/** `antrea-health render`: a stored report as files again, without asking anybody. */
export async function renderCommand(
  file: string,
  flags: RenderFlags,
  context: CommandContext,
): Promise<number> {
  const report = readReport(
    await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError(`cannot read ${file} (${error.code})`);
    }),
    file,
  );
  const options = {
    language: flags.lang ?? 'en',
    formats: flags.format ?? FORMATS,
    pageSize: flags.pageSize ?? 'A4',
    out: flags.out,
    chromium: flags.chromium,
  } as const;
  await writeReport(report, options, context);
  return EXIT.done;
}

function readReport(text: string, file: string): Report {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ConfigError(`${file}: is not JSON, or is cut off`);
  }
  try {
    return readStoredReport(content);
  } catch (error) {
    if (error instanceof StoredReportError) throw new ConfigError(`${file}: ${error.message}`);
    throw error;
  }
}
