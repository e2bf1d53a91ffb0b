import { createHash } from 'node:crypto';
import type { Language } from '../../model/indicator.ts';
import { type Markup, markup } from './markup.ts';
import { template, templateFile } from './templates.ts';

type DocumentView = {
  language: Language;
  title: string;
  policy: string;
  referrer: string;
  styles: Markup;
  body: Markup;
  /** Null for a page without a script. */
  script: Markup | null;
};

export type DocumentParts = {
  language: Language;
  title: string;
  /** CSS */
  styles: string;
  /** HTML from our own templates, in which every value is escaped. */
  body: string;
  /** JavaScript, the same for all pages: nothing from outside may become part of it. */
  script?: string | undefined;
  /** Where forms of the page may lead, also by redirects; nowhere when absent. */
  formTargets?: readonly string[] | undefined;
};

/**
 * Returns the named stylesheets as one, in the order of the list, which is the order in which their rules win. Comments
 * and indentation, a quarter of them, stay in the files: every stored report contains the result.
 */
export function readStyles(files: readonly string[]): string {
  return files.map((file) => compactStyles(templateFile(file))).join('');
}

function compactStyles(styles: string): string {
  return styles
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim().replace(/^([\w-]+): /, '$1:'))
    .join('\n')
    .replace(/(?<=[{};,])\n+|^\n+/g, '')
    .replaceAll(' {', '{');
}

/** Returns a complete HTML document, and its content security policy and referrer policy, which it also contains. */
export function renderDocument(parts: DocumentParts): { html: string; policy: string; referrer: string } {
  const { language, title, styles, body, script, formTargets = [] } = parts;
  const policy = contentPolicy(parts);
  // With no-referrer, browsers send a form with `Origin: null` (Fetch, "append a request Origin header").
  const referrer = formTargets.length > 0 ? 'same-origin' : 'no-referrer';
  const html = template<DocumentView>('document.hbs')({
    language,
    title,
    policy,
    referrer,
    styles: markup(styles),
    body: markup(body),
    script: script === undefined ? null : markup(script),
  });
  return { html, policy, referrer };
}

/** Forbids everything external, and allows only this stylesheet and this script, so that no other can be injected. */
function contentPolicy({ styles, script, formTargets = [] }: DocumentParts): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`]),
    `style-src ${hashSource(styles)}`,
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    `form-action ${formTargets.length > 0 ? formTargets.join(' ') : "'none'"}`,
  ].join('; ');
}

/** Returns what allows exactly this script or stylesheet in a content security policy. */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
