import type { Language } from '../../report/model/indicator.ts';
import { contentPolicy } from '../../report/render/kit/content-policy.ts';
import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { template, templateFile } from '../../report/render/kit/templates.ts';
import type { ArchivePage } from './page.ts';
import { type ArchiveView, archiveView } from './view.ts';

/** The parts of the stylesheet, in the order in which they build on each other. */
const STYLES = [
  'styles/base',
  'styles/tables',
  'styles/details',
  'sections/masthead/section',
  'styles/narrow',
  'styles/print',
  'styles/archive',
] as const;

type DocumentView = { language: Language; title: string; policy: string; styles: Markup; body: Markup };

/**
 * The stored reports as one HTML document, and the headers to send it with. It looks like the reports, but is written
 * for every visit: in the fonts of the reader's system.
 */
export function renderArchive(
  page: ArchivePage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  const view = archiveView(page, language);
  const styles = STYLES.map((name) => templateFile(`${name}.css`)).join('\n');
  const policy = contentPolicy(styles);
  const html = template<DocumentView>('document.hbs')({
    language,
    title: view.title,
    policy,
    styles: markup(styles),
    body: markup(template<ArchiveView>('archive.hbs')(view)),
  });
  return {
    html,
    headers: {
      // Only a header can forbid to be framed.
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'content-language': language,
      'referrer-policy': 'no-referrer',
    },
  };
}
