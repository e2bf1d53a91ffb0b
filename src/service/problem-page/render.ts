import type { Language } from '../../report/model/indicator.ts';
import { type Phrase, phrase, visible } from '../../report/render/kit/phrase.ts';
import type { ProblemType } from '../api/problem.ts';
import { buildFrame, type Frame, type PageLinks } from '../page-frame/frame.ts';
import { renderPage } from '../page-frame/render.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { PROBLEM_PAGE_WORDS } from './words.ts';

/** `detail`: the text for programs, which is English; null where the sentence says all. */
export type ProblemPage = {
  type: ProblemType;
  /** Says more than the words for all problems of this type. */
  sentence?: string;
  detail: string | null;
  links: PageLinks;
};

type ProblemView = { title: string; frame: Frame; heading: Phrase; detail: string };

/** Returns the page that says why a browser does not get what it asked for, and the headers to send with it. */
export function renderProblemPage(
  { type, sentence, detail, links }: ProblemPage,
  { language }: { language: Language },
): { html: string; headers: Record<string, string> } {
  const { kicker } = FRAME_WORDS[language];
  const view: ProblemView = {
    title: kicker,
    frame: buildFrame(links, language),
    heading: phrase`${sentence ?? PROBLEM_PAGE_WORDS[language].problems[type]}`,
    detail: visible(detail ?? ''),
  };
  return renderPage(view, {
    language,
    file: 'pages/problem-page/page.hbs',
    styles: ['pages/problem-page/page.css'],
  });
}
