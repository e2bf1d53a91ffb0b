/** Reads a PDF with a program that is independent of Chromium. */
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type PdfContent = {
  document: PDFDocumentProxy;
  /** The text of each page. */
  texts: string[];
  /** The lines of each page, from the top. Columns share a line. */
  lines: string[][];
  /** The elements of the structure tree: what a screen reader finds. */
  elements: { role: string; alt: string | undefined }[];
  /** The names of the embedded fonts, sorted. */
  fonts: string[];
  /** The bytes of the file, each as a character. */
  raw: string;
};

export async function readPdf(bytes: Uint8Array): Promise<PdfContent> {
  // Skia does not compress the dictionaries of fonts.
  const raw = Buffer.from(bytes).toString('latin1');
  const document = await getDocument({ data: bytes.slice(), verbosity: VerbosityLevel.ERRORS }).promise;
  const texts: string[] = [];
  const lines: string[][] = [];
  const elements: PdfContent['elements'] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item) => ('str' in item && item.str !== '' ? item : []));
    texts.push(pieces.map(({ str }) => str).join(''));
    const byHeight = Map.groupBy(pieces, ({ transform }) => Math.round(transform[5]));
    const fromTop = [...byHeight].sort(([a], [b]) => b - a);
    lines.push(fromTop.map(([, line]) => line.map(({ str }) => str).join('')));
    elements.push(...elementsBelow(await page.getStructTree()));
  }
  const fonts = [...raw.matchAll(/\/BaseFont\s*\/[A-Z]{6}\+([\w-]+)/g)].map(([, name]) => name ?? '');
  return { document, texts, lines, elements, fonts: [...new Set(fonts)].sort(), raw };
}

/** A node of the tree, or the content of one, which has no role. */
type StructureNode = { role?: string; alt?: string; children?: unknown[] };

function elementsBelow(node: unknown): PdfContent['elements'] {
  const { role, alt, children = [] } = (node ?? {}) as StructureNode;
  return role === undefined ? [] : [{ role, alt }, ...children.flatMap(elementsBelow)];
}
