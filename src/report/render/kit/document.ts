import { createHash } from 'node:crypto';
import type { Language } from '../../model/indicator.ts';
import { type Markup, markup } from './markup.ts';
import { template, templateFile } from './templates.ts';

type DocumentView = { language: Language; title: string; policy: string; styles: Markup; body: Markup };

/** Returns the named stylesheets as one, in the order of the list, which is the order in which their rules win. */
export function readStyles(files: readonly string[]): string {
  return files.map(templateFile).join('\n');
}

/**
 * Returns a complete HTML document and its content security policy, which the document also contains.
 * @param parts.styles CSS
 * @param parts.body HTML from our own templates, in which every value is escaped
 */
export function renderDocument(parts: { language: Language; title: string; styles: string; body: string }): {
  html: string;
  policy: string;
} {
  const policy = contentPolicy(parts.styles);
  const html = template<DocumentView>('document.hbs')({
    language: parts.language,
    title: parts.title,
    policy,
    styles: markup(parts.styles),
    body: markup(parts.body),
  });
  return { html, policy };
}

/** Forbids scripts and everything external, and allows only this stylesheet, so that no other can be injected. */
function contentPolicy(styles: string): string {
  const hash = createHash('sha256').update(styles).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
