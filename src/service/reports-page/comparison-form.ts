import { FRAME_WORDS } from '../page-frame/words.ts';
import { scoreText } from './cluster-status.ts';
import { incompleteRemark, type PageContext } from './context.ts';
import type { PageReport } from './page.ts';

/** The form that compares two reports of one cluster. */

type Option = { value: string; text: string; isChosen: boolean };
export type ComparisonForm = {
  heading: string;
  action: string;
  language: string | null;
  fields: { name: 'first' | 'second'; label: string; options: Option[] }[];
  send: string;
};

/** Returns null where there are no two reports of one cluster to choose from. */
export function buildComparisonForm(context: PageContext): ComparisonForm | null {
  const { page, words } = context;
  const { comparison, reports } = page;
  if (comparison === null || reports === null || reports.length < 2) return null;
  const optionsOf = (chosen: number) =>
    reports.map((report, index) => ({
      value: report.id,
      text: describe(context, report),
      isChosen: index === chosen,
    }));
  return {
    heading: words.compareHeading,
    ...comparison,
    fields: [
      { name: 'first', label: words.compareFirst, options: optionsOf(1) },
      { name: 'second', label: words.compareSecond, options: optionsOf(0) },
    ],
    send: words.compareSend,
  };
}

function describe(context: PageContext, report: PageReport): string {
  const { periods, reportWords } = context;
  return [
    periods.text(report),
    `${reportWords.score} ${scoreText(report)}`,
    FRAME_WORDS[report.language].languageName,
    incompleteRemark(context, report),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
