import type { Environment } from '../config/environment.ts';
import type { Printer } from '../report/render/print/pdf.ts';

/**
 * @param executablePath a Chromium or Chrome of this machine; the bundled or an installed one when absent
 * @param environment where installed ones can be
 */
export async function openPrinter(executablePath?: string, environment: Environment = {}): Promise<Printer> {
  const pdf = await import('../report/render/print/pdf.ts');
  return pdf.openPrinter({ executablePath, places: environment });
}
