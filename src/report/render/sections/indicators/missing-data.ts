import { allTargets } from '../../../model/all-rows.ts';
import type { ChartSeries, ReportIndicator, Target } from '../../../model/report.ts';
import type { Gap } from '../../kit/charts/line-chart.ts';
import type { Context } from '../../kit/context.ts';
import { mergeSpans, type Span, spanOf } from '../../kit/episodes.ts';
import { name, plain } from '../../kit/phrase.ts';
import { shorten } from '../../kit/place.ts';
import { INDICATOR_WORDS } from './words.ts';

/** A gap of one subject; `subject` is empty for a gap of all subjects. */
export type DataGap = Gap & { subject: string };

/** Width of a subject in the label of a gap, in Latin letters. */
const NAME_WIDTH = 24;

/**
 * Returns when the lines of a chart have no data because nothing was scraped: gaps that all targets share, and gaps of
 * the lines that the chart names. Without them a broken line would look as if nothing had happened.
 */
export function dataGaps(
  context: Context,
  { components }: ReportIndicator,
  named: readonly ChartSeries[],
): DataGap[] {
  const { report, language, hostName } = context;
  const words = INDICATOR_WORDS[language].chart;
  const targets = allTargets(report).filter(({ component }) => components.includes(component));
  const [first = [], ...others] = targets.map((target) => gapSpans(context, target));
  const shared = others.reduce(intersect, first);
  const subjects = new Set(named.map(({ subject }) => subject));
  const ofSubjects = targets
    .filter(({ subject }) => subjects.has(subject))
    .flatMap((target) => {
      const subject = plain(name(shorten(hostName(target.subject), NAME_WIDTH)));
      const label = words.noDataFrom(subject);
      return subtract(gapSpans(context, target), shared).map((gap) => ({ ...gap, subject, label }));
    });
  const ofAll = shared.map((gap) => ({ ...gap, subject: '', label: words.noData }));
  return [...ofAll, ...ofSubjects].sort((a, b) => a.from - b.from);
}

function gapSpans(context: Context, { gaps }: Target): Span[] {
  return mergeSpans(gaps.map((gap) => spanOf(context, gap)));
}

function intersect(some: readonly Span[], others: readonly Span[]): Span[] {
  return some.flatMap((span) =>
    others
      .map((other) => ({ from: Math.max(span.from, other.from), to: Math.min(span.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** Shorter remainders come from targets that are scraped at different moments. */
const MIN_REMAINDER = 0.004;

/** Returns what is left of spans without the others. */
function subtract(spans: readonly Span[], removed: readonly Span[]): Span[] {
  const left = removed.reduce<readonly Span[]>(
    (rest, hole) =>
      rest.flatMap((span) => {
        if (hole.to <= span.from || hole.from >= span.to) return [span];
        return [
          { from: span.from, to: hole.from },
          { from: hole.to, to: span.to },
        ].filter(({ from, to }) => to > from);
      }),
    spans,
  );
  return left.filter(({ from, to }) => to - from > MIN_REMAINDER);
}
