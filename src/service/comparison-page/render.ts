import type { Language } from '../../report/model/indicator.ts';
import { renderPage } from '../page-frame/render.ts';
import { type ComparisonPage, comparisonView } from './view.ts';

/** Returns the page that compares two reports, and the headers to send with it. */
export function renderComparisonPage(
  page: ComparisonPage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  return renderPage(comparisonView(page, language), {
    language,
    file: 'pages/comparison-page/page.hbs',
    styles: ['pages/comparison-page/page.css'],
  });
}
