import { openPrinter } from '../connect/printer.ts';
import type { Rendition } from '../report/formats.ts';
import { allFindings } from '../report/model/all-rows.ts';
import { isNothingSeen } from '../report/model/nothing-seen.ts';
import type { Report } from '../report/model/report.ts';
import type { Printer } from '../report/render/print/pdf.ts';
import { renderReport } from '../report/render-report.ts';
import type { CommandContext } from './context.ts';
import type { OutputFlags } from './options.ts';
import { deliverToFolder } from './report-folder.ts';
import { print, visible } from './terminal.ts';

/**
 * Renders a report into its folder and prints the path of the folder. When a format fails, the other files are written
 * before its error is thrown.
 */
export async function writeReport(
  report: Report,
  rendition: Rendition,
  { out, chromium }: OutputFlags,
  { progress, signal }: CommandContext,
): Promise<void> {
  let printer: Printer | undefined;
  try {
    const { files, failures } = await renderReport(report, {
      ...rendition,
      signal,
      openPrinter: async () => {
        printer = await openPrinter(chromium);
        return printer;
      },
      onStage: (stage) => progress.show(stage === 'print' ? 'printing the PDF' : 'writing the HTML'),
    });
    const folder = await deliverToFolder(out, `${report.id}-${rendition.language}`, files);
    progress.clear();
    // For a report without targets, the command prints advice instead of a summary.
    if (process.stderr.isTTY && !isNothingSeen(report))
      process.stderr.write(`${visible(summarize(report))}\n`);
    print(folder);
    if (failures[0]) throw failures[0].error;
  } finally {
    await printer?.close();
  }
}

function summarize(report: Report): string {
  const { cluster, verdict, score, complete } = report;
  const findings = allFindings(report);
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    `${cluster}: ${verdict}, score ${score} of 100`,
    `${count('critical')} critical and ${count('warning')} warning findings`,
    ...(complete ? [] : ['the report is incomplete']),
  ];
  return parts.join('; ');
}
