import type { Language } from '../model/indicator.ts';
import { isEmptyReport } from '../model/nothing-seen.ts';
import type { Report } from '../model/report.ts';
import { createContext } from './create-context.ts';
import type { Context } from './kit/context.ts';
import { periodName } from './kit/period-name.ts';
import { type PageData, pageData } from './script/page-data.ts';
import {
  FOOTER,
  HEADER,
  NOTHING_SEEN,
  type ReportSection,
  SECTIONS,
  type SectionView,
} from './sections/sections.ts';

/** A section with the name of the template that prints it. */
export type RenderedSection = { template: string; anchor: string; view: SectionView };

/** The table of contents. A part belongs to the line above it. */
export type Contents = { heading: string; items: { anchor: string; title: string; isPart: boolean }[] };

/** All texts and charts of the page in one language; templates only arrange them. */
export type ReportView = {
  language: Language;
  title: string;
  header: RenderedSection[];
  /** Null for a page that is short. */
  contents: Contents | null;
  sections: RenderedSection[];
  footer: RenderedSection[];
  data: PageData;
};

export function reportView(report: Report, language: Language): ReportView {
  const context = createContext(report, language);
  const { words, format } = context;
  const shown = isEmptyReport(report)
    ? [NOTHING_SEEN]
    : SECTIONS.filter(({ name }) => !report.leaveOut.some((left) => left === name));
  const sections = renderSections(context, shown);
  return {
    language,
    title: words.documentTitle(report.cluster, periodName(context) ?? format.dateTime(report.period.end)),
    header: renderSections(context, [HEADER]),
    contents: contentsOf(context, sections),
    sections,
    footer: renderSections(context, [FOOTER]),
    data: pageData(context),
  };
}

function renderSections(context: Context, sections: readonly ReportSection[]): RenderedSection[] {
  return sections.flatMap(({ name, anchor, view }) => {
    const made = view(context);
    return made === null ? [] : [{ template: `sections/${name}/section`, anchor: anchor ?? '', view: made }];
  });
}

/** Pages with fewer lines than this need no table of contents. */
const MIN_CONTENTS = 3;

function contentsOf({ words }: Context, sections: readonly RenderedSection[]): Contents | null {
  const items = sections.flatMap(({ anchor, view: { heading, chapters } }) => [
    ...(heading === undefined ? [] : [{ anchor, title: heading, isPart: false }]),
    ...(chapters ?? []).map((chapter) => ({ anchor: chapter.anchor, title: chapter.title, isPart: true })),
  ]);
  return items.length < MIN_CONTENTS ? null : { heading: words.contents, items };
}
