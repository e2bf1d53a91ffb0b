import { ConfigError } from '../config/errors.ts';
import { readInput } from '../config/input.ts';
import type { OutputFormat } from '../report/formats.ts';
import { DEFAULT_FORMATS } from '../report/formats.ts';
import type { Language } from '../report/model/indicator.ts';
import type { PageSize } from '../report/model/rendition.ts';
import type { Report } from '../report/model/report.ts';
import { readStoredReport } from '../report/model/stored-report.ts';
import { UserError } from '../report/model/user-error.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { type OutputFlags, writeReport } from './write.ts';

export type RenderFlags = OutputFlags & { lang?: Language; format?: OutputFormat[]; pageSize?: PageSize };

/** `antrea-health render`: renders a stored report again, without Prometheus. */
export async function renderCommand(
  file: string,
  flags: RenderFlags,
  context: CommandContext,
): Promise<number> {
  const report = readReport((await readInput(file, 'report.json')).toString('utf8'), file);
  const rendition = {
    language: flags.lang ?? 'en',
    formats: flags.format ?? DEFAULT_FORMATS,
    pageSize: flags.pageSize ?? 'A4',
  } as const;
  await writeReport(report, rendition, flags, context);
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
    if (error instanceof UserError) throw new ConfigError(`${file}: ${error.message}`);
    throw error;
  }
}
