import type { Language } from '../../report/model/indicator.ts';
import { readStyles, renderDocument } from '../../report/render/kit/document.ts';
import { template } from '../../report/render/kit/templates.ts';
import type { ReportsPage } from './page.ts';
import { type ReportsPageView, reportsPageView } from './view.ts';

/** The styles that the page shares with the report, then the styles of the page. */
const STYLES = [
  'styles/base.css',
  'styles/tables.css',
  'styles/details.css',
  'sections/masthead/section.css',
  'styles/narrow.css',
  'styles/print.css',
  'pages/reports-page/page.css',
];

/**
 * Returns the reports page as one HTML document, and the headers to send with it. It looks like a report but embeds no
 * fonts, because it is rendered anew for every visit.
 */
export function renderReportsPage(
  page: ReportsPage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  const view = reportsPageView(page, language);
  const { html, policy } = renderDocument({
    language,
    title: view.title,
    styles: readStyles(STYLES),
    body: template<ReportsPageView>('pages/reports-page/page.hbs')(view),
  });
  return {
    html,
    headers: {
      // Browsers honour frame-ancestors only in a header, not in the document's <meta>.
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'content-language': language,
      'referrer-policy': 'no-referrer',
    },
  };
}
