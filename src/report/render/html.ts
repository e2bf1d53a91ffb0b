import type { Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import { readStyles, renderDocument } from './kit/document.ts';
import { createFormatter } from './kit/formatter.ts';
import { allVisible, name, plain, visible } from './kit/phrase.ts';
import { shorten } from './kit/place.ts';
import { template } from './kit/templates.ts';
import { WORDS } from './kit/words/index.ts';
import { embedFonts } from './print/fonts.ts';
import { type ReportView, reportView } from './report-view.ts';

/** The parts of the stylesheet, in the order in which they build on each other. */
const STYLES = [
  'styles/base.css',
  'styles/attention.css',
  'styles/incidents.css',
  'styles/indicators.css',
  'styles/calm.css',
  'styles/charts.css',
  'styles/capacity.css',
  'styles/days.css',
  'styles/coverage.css',
  'styles/nothing-seen.css',
  'styles/narrow.css',
  'styles/print.css',
];

/** A report as one HTML document that needs nothing else: no script, no network, its fonts within it. */
export async function renderHtml(report: Report, options: { language: Language }): Promise<string> {
  const view = reportView(allVisible(report), options.language);
  const body = template<ReportView>('report.hbs')(view);
  const stylesheet = readStyles(STYLES);
  const fonts = await embedFonts(
    charactersOf(`${view.title}${pageHeader(report, options.language)}${body}${stylesheet}`),
  );
  const styles = `${fonts}\n${stylesheet}`;
  return renderDocument({ language: options.language, title: view.title, styles, body }).html;
}

/** As long as the head of a page has room for. */
const HEADER_NAME = 60;

/** What the printed pages say at their head: of which cluster and which days they are. Its characters are embedded. */
export function pageHeader({ cluster, period }: Report, language: Language): string {
  const shown = plain(name(shorten(visible(cluster), HEADER_NAME)));
  return WORDS[language].documentTitle(
    shown,
    createFormatter(language, period).days(period.start, period.end),
  );
}

/** Entities stand for ASCII characters only, which every font has; so markup serves as well as the text in it. */
function charactersOf(text: string): string {
  return [...new Set(text)].join('');
}
