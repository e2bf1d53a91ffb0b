import type { Language } from '../../report/model/indicator.ts';
import { renderPage } from '../page-frame/render.ts';
import type { ReportStatePage } from './page.ts';
import { reportStateView } from './view.ts';

/** Seconds until the page of a report under way is loaded again. A report takes two to ten. */
const REFRESH_SECONDS = 5;

/** Returns the page about one report, and the headers to send with it. */
export function renderReportStatePage(
  page: ReportStatePage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  const { html, headers } = renderPage(reportStateView(page, language), {
    language,
    file: 'pages/report-state-page/page.hbs',
    styles: ['pages/report-state-page/page.css'],
  });
  const isUnderWay = page.state === 'queued' || page.state === 'running';
  return { html, headers: { ...headers, ...(isUnderWay && { refresh: String(REFRESH_SECONDS) }) } };
}
