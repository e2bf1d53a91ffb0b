import type { Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import { readStyles, renderDocument } from './kit/document.ts';
import { createFormatter } from './kit/formatter.ts';
import { periodName } from './kit/period-name.ts';
import { allVisible, name, plain, visible } from './kit/phrase.ts';
import { shorten } from './kit/place.ts';
import { template } from './kit/templates.ts';
import { WORDS } from './kit/words/words.ts';
import { embedFonts } from './print/fonts.ts';
import { type ReportView, reportView } from './report-view.ts';
import { pageScript } from './script/script.ts';
import { STYLESHEETS } from './sections/sections.ts';

/** A report as a page for browsers, and the same page for the printer, which needs no script. */
export type RenderedPage = { html: string; printable: string };

/** Returns a report as one self-contained HTML document, with embedded fonts, one script, and without requests. */
export async function renderHtml(report: Report, options: { language: Language }): Promise<string> {
  return (await renderPage(report, options)).html;
}

export async function renderPage(
  report: Report,
  { language }: { language: Language },
): Promise<RenderedPage> {
  const view = reportView(allVisible(report), language);
  const body = template<ReportView>('pages/report/page.hbs')(view);
  const stylesheet = readStyles(STYLESHEETS);
  const texts = [view.title, pageHeader(report, language), body, stylesheet];
  const fonts = await embedFonts(charactersOf(texts.join('')));
  const parts = { language, title: view.title, styles: `${fonts}\n${stylesheet}`, body };
  return {
    html: renderDocument({ ...parts, script: pageScript() }).html,
    printable: renderDocument(parts).html,
  };
}

/** Longest cluster name that fits the page header, in Latin letters. */
const HEADER_NAME_WIDTH = 60;

/** Returns the header of printed pages: the cluster and the period. `renderHtml` embeds its characters. */
export function pageHeader(report: Report, language: Language): string {
  const { cluster, period } = report;
  const clusterName = plain(name(shorten(visible(cluster), HEADER_NAME_WIDTH)));
  const format = createFormatter(language, period);
  const when = periodName({ report, language, format }) ?? format.days(period.start, period.end);
  return WORDS[language].documentTitle(clusterName, when);
}

/** Returns each character of HTML once. Entities stand for ASCII characters only, which every font has. */
function charactersOf(html: string): string {
  return [...new Set(html)].join('');
}
