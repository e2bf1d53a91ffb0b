/** Reads a PDF with a program that is independent of Chromium. */
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type PdfContent = {
  document: PDFDocumentProxy;
  /** The text of each page. */
  texts: string[];
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
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join(''));
  }
  const fonts = [...raw.matchAll(/\/BaseFont\s*\/[A-Z]{6}\+([\w-]+)/g)].map(([, name]) => name ?? '');
  return { document, texts, fonts: [...new Set(fonts)].sort(), raw };
}
