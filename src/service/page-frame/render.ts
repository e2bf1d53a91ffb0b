import type { Language } from '../../report/model/indicator.ts';
import { readStyles, renderDocument } from '../../report/render/kit/document.ts';
import { template } from '../../report/render/kit/templates.ts';

/** The styles that the pages share with the report, then the styles of the pages. */
const STYLES = [
  'styles/base.css',
  'styles/tables.css',
  'styles/details.css',
  'sections/masthead/section.css',
  'styles/narrow.css',
  'styles/print.css',
  'pages/page-frame/page.css',
];

/**
 * Returns a page of the service as one HTML document, and the headers to send with it. It looks like a report but embeds
 * no fonts, because it is rendered anew for every visit.
 * @param file its template; `styles`: stylesheets in addition to those of all pages
 */
export function renderPage<View extends { title: string }>(
  view: View,
  { language, file, styles }: { language: Language; file: string; styles: readonly string[] },
): { html: string; headers: Record<string, string> } {
  const { html, policy, referrer } = renderDocument({
    language,
    title: view.title,
    styles: readStyles([...STYLES, ...styles]),
    body: template<View>(file)(view),
    formTargets: ["'self'"],
  });
  return {
    html,
    headers: {
      // Browsers honour frame-ancestors only in a header, not in the document's <meta>.
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'content-language': language,
      'referrer-policy': referrer,
    },
  };
}
