import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { template, templateFile } from '../../report/render/kit/templates.ts';
import { toPng } from '../../report/render/print/png.ts';
import type { Digest, DigestImage, RenderedDigest } from './digest.ts';
import { digestText } from './text.ts';
import { type DigestView, digestView } from './view.ts';

/** The message of the morning: a page for mail programs, the same as text, and the pictures within the page. */
export async function renderDigest(digest: Digest): Promise<RenderedDigest> {
  const { view, pictures } = digestView(digest);
  const page = template<DigestView & { styles: Markup }>('digest.hbs')({
    ...view,
    styles: markup(templateFile('styles/digest.css')),
  });
  const [html, drawn] = await Promise.all([inlineStyles(page), toPng([...pictures.values()])]);
  const images = [...pictures.keys()].flatMap((cid, index): DigestImage[] => {
    const bytes = drawn[index];
    return bytes === undefined ? [] : [{ cid, contentType: 'image/png', bytes }];
  });
  return { subject: view.subject, html, text: digestText(view), images };
}

/**
 * Mail programs drop or change stylesheets, so every element gets its own; what depends on the screen, the dark and
 * the narrow, stays in the sheet for those that read it.
 */
async function inlineStyles(page: string): Promise<string> {
  const { default: juice } = await import('juice');
  // It takes what stands between {{ and }} for some other template and leaves it as it is; here that would be a name.
  for (const kind of Object.keys(juice.codeBlocks)) delete juice.codeBlocks[kind];
  const html = juice(page, {
    preserveImportant: true,
    applyWidthAttributes: false,
    applyHeightAttributes: false,
  });
  // Gmail cuts messages of more than 102 KB: thousands of spaces matter.
  return html.replace(/ style="([^"]*)"/g, (_, style: string) => ` style="${compact(style)}"`);
}

function compact(style: string): string {
  return style
    .replace(/\s+/g, ' ')
    .replace(/([;:,]) /g, '$1')
    .replace(/;$/, '');
}
