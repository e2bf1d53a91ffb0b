import type { Printer } from '../report/render/print/pdf.ts';

/** @param executablePath a Chromium or Chrome of this machine; the bundled one when absent */
export async function openPrinter(executablePath?: string): Promise<Printer> {
  const pdf = await import('../report/render/print/pdf.ts');
  return pdf.openPrinter({ executablePath });
}
