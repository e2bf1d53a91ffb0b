import type { Language } from '../../report/model/indicator.ts';
import { renderPage } from '../page-frame/render.ts';
import type { ReportsPage } from './page.ts';
import { reportsPageView } from './view.ts';

/** Returns the page of all clusters, of one cluster, or of all reports, and the headers to send with it. */
export function renderReportsPage(
  page: ReportsPage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  return renderPage(reportsPageView(page, language), {
    language,
    file: 'pages/reports-page/page.hbs',
    styles: ['pages/reports-page/page.css'],
  });
}
