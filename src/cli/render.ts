import { ConfigError } from '../config/errors.ts';
import { readInput } from '../config/input.ts';
import { DEFAULT_FORMATS } from '../report/formats.ts';
import type { Report } from '../report/model/report.ts';
import { parseStoredReport, REPORT_LIMITS } from '../report/model/stored-report.ts';
import { UserError } from '../report/model/user-error.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { RenditionFlags } from './options.ts';
import { writeReport } from './write.ts';

/** `antrea-health render`: renders a stored report again, without Prometheus. */
export async function renderCommand(
  file: string,
  flags: RenditionFlags,
  context: CommandContext,
): Promise<number> {
  const { lang = 'en', format = DEFAULT_FORMATS, pageSize = 'A4' } = flags;
  const report = parseReport(
    (await readInput(file, 'report.json', REPORT_LIMITS.characters)).toString('utf8'),
    file,
  );
  await writeReport(report, { language: lang, formats: format, pageSize }, flags, context);
  return EXIT.done;
}

function parseReport(text: string, file: string): Report {
  try {
    return parseStoredReport(text);
  } catch (error) {
    if (error instanceof UserError) throw new ConfigError(`${file}: ${error.message}`);
    throw error;
  }
}
