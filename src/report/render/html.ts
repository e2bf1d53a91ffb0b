import type { Language } from '../model/indicator.ts';
import type { Report } from '../model/report.ts';
import { contentPolicy } from './kit/content-policy.ts';
import { createFormatter } from './kit/formatter.ts';
import { type Markup, markup } from './kit/markup.ts';
import { allVisible, name, plain, visible } from './kit/phrase.ts';
import { shorten } from './kit/place.ts';
import { template, templateFile } from './kit/templates.ts';
import { WORDS } from './kit/words/index.ts';
import { embedFonts } from './print/fonts.ts';
import { type ReportView, reportView } from './report-view.ts';

/** The parts of the stylesheet, in the order in which they build on each other. */
const STYLES = [
  'base',
  'attention',
  'incidents',
  'indicators',
  'calm',
  'charts',
  'capacity',
  'days',
  'coverage',
  'nothing-seen',
  'narrow',
  'print',
] as const;

type DocumentView = { language: Language; title: string; policy: string; styles: Markup; body: Markup };

/** A report as one HTML document that needs nothing else: no script, no network, its fonts within it. */
export async function renderHtml(report: Report, options: { language: Language }): Promise<string> {
  const view = reportView(allVisible(report), options.language);
  const body = template<ReportView>('report.hbs')(view);
  const stylesheet = STYLES.map((name) => templateFile(`styles/${name}.css`)).join('\n');
  const fonts = await embedFonts(
    charactersOf(`${view.title}${pageHeader(report, options.language)}${body}${stylesheet}`),
  );
  const styles = `${fonts}\n${stylesheet}`;
  return template<DocumentView>('document.hbs')({
    language: options.language,
    title: view.title,
    policy: contentPolicy(styles),
    styles: markup(styles),
    body: markup(body),
  });
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
