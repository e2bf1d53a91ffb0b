import type { Difference } from '../../report/compare/difference.ts';
import type { Line } from '../../report/compare/text/facts.ts';
import { differenceView } from '../../report/compare/text/view.ts';
import type { Language } from '../../report/model/indicator.ts';
import type { Report } from '../../report/model/report.ts';
import { mark } from '../../report/render/kit/charts/mark.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, phrase, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { ShownStatus } from '../../report/render/kit/words/facts.ts';
import { buildFrame, type Frame, type Link, type PageLinks } from '../page-frame/frame.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { COMPARISON_PAGE_WORDS } from './words.ts';

/** The data of the page that compares two reports. `first`, `second`: URLs of the reports; `swapped`: of the reverse. */
export type ComparisonPage = {
  difference: Difference;
  reports: { first: Report; second: Report };
  urls: { first: string; second: string; swapped: string };
  links: PageLinks;
};

type LineView = { mark: Markup | null; kind: ShownStatus | ''; text: Phrase; facts: readonly string[] };

export type ComparisonView = {
  title: string;
  frame: Frame;
  heading: Phrase;
  subject: Phrase;
  reports: Link[];
  verdict: LineView;
  findings: string;
  notes: readonly string[];
  sections: { heading: Phrase; lines: LineView[]; more: string }[];
  unchanged: string;
};

/** Longest name in the title, in Latin letters. */
const NAME_WIDTH = 36;

export function comparisonView(
  { difference, reports, urls, links }: ComparisonPage,
  language: Language,
): ComparisonView {
  const words = COMPARISON_PAGE_WORDS[language];
  const view = differenceView(difference, reports, language);
  const cluster = plain(name(shorten(visible(difference.reports.second.cluster), NAME_WIDTH)));
  return {
    title: FRAME_WORDS[language].titleOf(words.title(cluster)),
    frame: buildFrame(links, language),
    heading: phrase`${words.heading}`,
    subject: view.title,
    reports: [
      { text: words.first, href: urls.first },
      { text: words.second, href: urls.second },
      { text: words.swap, href: urls.swapped },
    ],
    verdict: lineView(view.verdict),
    findings: view.findings,
    notes: view.notes,
    sections: view.sections.map(({ heading, lines, more }) => ({
      heading,
      lines: lines.map(lineView),
      more,
    })),
    unchanged: view.unchanged,
  };
}

function lineView({ mark: verdict, text, facts }: Line): LineView {
  const kind = verdict === 'unknown' ? 'no-data' : (verdict ?? '');
  return { mark: kind === '' ? null : mark(kind), kind, text, facts };
}
