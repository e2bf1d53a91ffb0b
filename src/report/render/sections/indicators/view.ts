import { allTargets, countMissing } from '../../../model/all-rows.ts';
import { SECTIONS } from '../../../model/indicator.ts';
import type { ReportIndicator } from '../../../model/report.ts';
import type { Context } from '../../kit/context.ts';
import { isAbsent } from '../absent/view.ts';
import { areExplained } from '../incidents/explained.ts';
import { findingsAbout } from '../incidents/finding-groups.ts';
import { type IndicatorView, indicatorView } from './indicator.ts';
import { INDICATOR_WORDS } from './words.ts';

/** The indicators of one chapter: in full where there is something to read, otherwise compact. */
export type ChapterView = {
  /** Ids of indicators have no underscore. */
  anchor: string;
  title: string;
  full: IndicatorView[];
  /** Columns side by side, each from top to bottom. */
  compact: IndicatorView[][];
  /** What small charts show; empty for all chapters but the first that has any. */
  note: string;
  /** Opens the rest of a compact indicator. */
  details: string;
};

export type IndicatorsView = { chapters: ChapterView[] };

/** Returns all measured indicators by chapter. */
export function indicatorsView(context: Context): IndicatorsView {
  const { report, words: shared, language } = context;
  const words = INDICATOR_WORDS[language];
  const chapters = SECTIONS.map((section) => {
    const measured = report.indicators.filter((one) => one.section === section && !isAbsent(one));
    const isShownCompact = (indicator: ReportIndicator) => isCompact(context, indicator);
    const compact = measured
      .filter(isShownCompact)
      .map((indicator) => indicatorView(context, indicator, 'small'));
    return {
      anchor: `chapter_${section}`,
      title: shared.chapters[section],
      full: measured
        .filter((indicator) => !isShownCompact(indicator))
        .map((indicator) => indicatorView(context, indicator, 'full')),
      compact: inColumns(explainedFirst(compact)),
      note: '',
      details: words.details,
    };
  }).filter(({ full, compact }) => full.length + compact.length > 0);
  // A gap of all targets is in all charts.
  const hasGaps = allTargets(report).some(({ gaps }) => gaps.length > 0);
  const note = [words.chart.small, ...(hasGaps ? [words.chart.hatched([])] : [])].join(shared.sentenceSpace);
  const first = chapters.findIndex(({ compact }) => compact.flat().some(({ chart }) => chart !== null));
  return { chapters: chapters.map((chapter, index) => (index === first ? { ...chapter, note } : chapter)) };
}

/**
 * Whether an indicator is shown compact: nothing needs attention; or something explains its findings, and has the
 * steps for them; or it could not be evaluated, since there may be many such when all queries fail.
 */
function isCompact(context: Context, indicator: ReportIndicator): boolean {
  const findings = findingsAbout(context.report, indicator.id);
  return countMissing(indicator) === 0 && (findings.length === 0 || areExplained(context, findings));
}

/** Explained indicators come first, because nobody looks for them among healthy ones. */
function explainedFirst(views: readonly IndicatorView[]): IndicatorView[] {
  return views.toSorted((a, b) => Number(b.explained !== null) - Number(a.explained !== null));
}

/** Approximate heights of a compact indicator, relative to one without a chart. */
const HEIGHTS = { chart: 2.2, words: 1, explained: 0.5 };

/** Splits indicators into two columns of about equal height. Fixed columns keep their place when details open. */
function inColumns(views: readonly IndicatorView[]): IndicatorView[][] {
  const height = (some: readonly IndicatorView[]) =>
    some.reduce(
      (sum, { chart, explained }) =>
        sum + (chart === null ? HEIGHTS.words : HEIGHTS.chart) + (explained === null ? 0 : HEIGHTS.explained),
      0,
    );
  const end = views.findIndex((_, index) => height(views.slice(0, index + 1)) * 2 >= height(views)) + 1;
  return [views.slice(0, end), views.slice(end)].filter((column) => column.length > 0);
}
