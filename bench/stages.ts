/**
 * Makes reports and measures their stages. It is a separate process, so that the memory is that of the stages.
 * bench/worker.ts starts it and sends it a message for each report.
 *
 *   node bench/stages.ts URL START END FOLDER     the period in Unix seconds; FOLDER gets the files of the last report
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPrometheus } from '../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { limitHeap } from '../src/connect/heap.ts';
import { makeReport } from '../src/report/make-report.ts';
import { pageHeader, renderHtml } from '../src/report/render/html.ts';
import { openPrinter, type Printer } from '../src/report/render/print/pdf.ts';
import { answerTasks } from './answer-tasks.ts';
import { checkComplete } from './complete.ts';
import { type Measurement, measure } from './measure.ts';

export type StagesRun = {
  /** `report`: everything from the first query to the finished document. */
  stages: Record<'report' | 'HTML' | 'PDF', Measurement>;
  /** Sizes in bytes. */
  sizes: { json: number; html: number; pdf: number };
};

const [url = '', start, end, folder = ''] = process.argv.slice(2);
limitHeap();
const { report: settings } = resolveSettings({});
const period = { start: Number(start), end: Number(end) };
let printer: Printer | undefined;

answerTasks(oneReport);
process.once('disconnect', () => {
  void printer?.close();
});

async function oneReport(): Promise<StagesRun> {
  const client = openPrometheus({ url });
  const { value: report, measured: ofReport } = await measure(() =>
    makeReport(client, { cluster: 'bench', period, settings, generatedAt: new Date(period.end * 1000) }),
  );
  await client.close();
  checkComplete(report);
  const json = JSON.stringify(report);
  const { value: html, measured: ofHtml } = await measure(() => renderHtml(report, { language: 'en' }));
  const print = async () => {
    printer ??= await openPrinter();
    return printer.print(html, { pageSize: 'A4', headerText: pageHeader(report, 'en') });
  };
  const { value: pdf, measured: ofPdf } = await measure(print, { withChildren: true });
  await writeFile(join(folder, 'report.json'), json);
  await writeFile(join(folder, 'report.html'), html);
  return {
    stages: { report: ofReport, HTML: ofHtml, PDF: ofPdf },
    sizes: { json: Buffer.byteLength(json), html: Buffer.byteLength(html), pdf: pdf.byteLength },
  };
}
