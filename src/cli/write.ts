import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openPrinter } from '../connect/printer.ts';
import type { Rendition } from '../report/formats.ts';
import { isNothingSeen } from '../report/model/nothing-seen.ts';
import type { Report } from '../report/model/report.ts';
import type { Printer } from '../report/render/print/pdf.ts';
import { type RenderedFile, renderReport } from '../report/render-report.ts';
import { printBrief } from './brief.ts';
import type { CommandContext } from './context.ts';
import type { OutputFlags } from './options.ts';
import { deliverToFolder } from './report-folder.ts';
import { hasColours, print } from './terminal.ts';

/**
 * Renders a report into its folder and prints one line to standard output: the address of the page, or the path of the
 * folder of a report without a page. A terminal also shows the verdict and the worst incidents. When a format fails, the
 * other files are written before its error is thrown.
 */
export async function writeReport(
  report: Report,
  rendition: Rendition,
  { out, chromium }: OutputFlags,
  { environment, progress, signal }: CommandContext,
): Promise<void> {
  let printer: Printer | undefined;
  try {
    const { files, failures } = await renderReport(report, {
      ...rendition,
      signal,
      openPrinter: async () => {
        printer = await openPrinter(chromium, environment);
        return printer;
      },
      onStage: (stage) => progress.show(stage === 'print' ? 'printing the PDF' : 'writing the HTML'),
    });
    const folder = await deliverToFolder(out, `${report.id}-${rendition.language}`, files);
    progress.clear();
    // For a report without targets, the command prints advice instead.
    if (process.stderr.isTTY && !isNothingSeen(report))
      process.stderr.write(printBrief(report, rendition.language, hasColours(process.stderr, environment)));
    print(addressOf(folder, files));
    if (failures[0]) throw failures[0].error;
  } finally {
    await printer?.close();
  }
}

/** Returns what to open: the page, or the folder of a report without one. */
function addressOf(folder: string, files: readonly RenderedFile[]): string {
  const page = files.find(({ format }) => format === 'html');
  return page === undefined ? folder : pathToFileURL(join(folder, page.name)).href;
}
