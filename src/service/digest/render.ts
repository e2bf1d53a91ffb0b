import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { template, templateFile } from '../../report/render/kit/templates.ts';
import { toPng } from '../../report/render/print/png.ts';
import type { Digest, DigestImage, RenderedDigest } from './digest.ts';
import { digestText } from './text.ts';
import { type DigestView, digestView } from './view.ts';

/** Returns the message's subject, its content as HTML for mail programs and as plain text, and the HTML's images. */
export async function renderDigest(digest: Digest): Promise<RenderedDigest> {
  const { view, drawings } = digestView(digest);
  const page = template<DigestView & { styles: Markup }>('pages/digest/page.hbs')({
    ...view,
    styles: markup(templateFile('pages/digest/page.css')),
  });
  const [html, pngs] = await Promise.all([inlineStyles(page), toPng([...drawings.values()])]);
  const images = [...drawings.keys()].flatMap((cid, index): DigestImage[] => {
    const bytes = pngs[index];
    return bytes === undefined ? [] : [{ cid, contentType: 'image/png', bytes }];
  });
  return { subject: view.subject, html, text: digestText(view), images };
}

/**
 * Copies the styles into the elements, because many mail programs ignore or change stylesheets. The media queries, for
 * dark mode and narrow screens, stay in the stylesheet for those that read it.
 */
async function inlineStyles(page: string): Promise<string> {
  const { default: juice } = await import('juice');
  // Juice skips text between {{ and }} as the code of a template language; here it can only be part of a name.
  for (const kind of Object.keys(juice.codeBlocks)) delete juice.codeBlocks[kind];
  const html = juice(page, {
    preserveImportant: true,
    applyWidthAttributes: false,
    applyHeightAttributes: false,
  });
  // Gmail cuts messages of more than 102 KB, and there are thousands of these spaces.
  return html.replace(/ style="([^"]*)"/g, (_, style: string) => ` style="${compact(style)}"`);
}

function compact(style: string): string {
  return style
    .replace(/\s+/g, ' ')
    .replace(/([;:,]) /g, '$1')
    .replace(/;$/, '');
}
