import { deliverToFolder } from '../adapters/folder/report-folder.ts';
import type { Settings } from '../config/settings.ts';
import { renderReport } from '../report/make-report.ts';
import { isNothingSeen } from '../report/model/nothing-seen.ts';
import type { Report } from '../report/model/report.ts';
import type { Printer } from '../report/render/print/pdf.ts';
import type { CommandContext } from './context.ts';

/**
 * Renders a report and puts it into its folder; prints the folder's path, last. Where only the PDF fails, the rest is
 * delivered before the failure is thrown.
 */
export async function writeReport(
  report: Report,
  options: Pick<Settings, 'language' | 'formats' | 'pageSize'> & {
    out: string;
    chromium: string | undefined;
  },
  { progress, signal }: Pick<CommandContext, 'progress' | 'signal'>,
): Promise<void> {
  let printer: Printer | undefined;
  try {
    const { files, failure } = await renderReport(report, {
      ...options,
      signal,
      openPrinter: async () => {
        const { openPrinter } = await import('../report/render/print/pdf.ts');
        printer = await openPrinter(options.chromium ? { executablePath: options.chromium } : {});
        return printer;
      },
      onStage: (stage) => progress.show(stage === 'html' ? 'writing the HTML' : 'printing the PDF'),
    });
    const folder = await deliverToFolder(options.out, `${report.id}-${options.language}`, files);
    progress.clear();
    // Of a report that saw nothing there is advice instead.
    if (process.stderr.isTTY && !isNothingSeen(report)) process.stderr.write(`${summaryOf(report)}\n`);
    process.stdout.write(`${folder}\n`);
    if (failure) throw failure;
  } finally {
    await printer?.close();
  }
}

function summaryOf({ cluster, verdict, score, findings, complete }: Report): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    `${cluster}: ${verdict}, score ${score} of 100`,
    `${count('critical')} critical and ${count('warning')} warning findings`,
    ...(complete ? [] : ['the report is incomplete']),
  ];
  return parts.join('; ');
}
