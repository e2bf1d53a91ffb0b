import type { Finding } from '../../model/report.ts';
import { medianOf, scatterOf } from '../medians.ts';
import { seriesKey } from '../subjects.ts';
import { findingKey, worstByKey } from './earlier-period.ts';
import { type Judged, wasJudged } from './judged.ts';
import type { Earlier, Outcome } from './outcome.ts';
import { compareDurations, compareLevels, compareTotalsOf, directionOf, isBelow } from './rules.ts';

/**
 * Compares the findings of this period with the period before and with a week before. All findings of one subject and
 * indicator, critical or not, are compared as a whole by the worst of them.
 */
export function compareFindings(
  present: Outcome,
  { before, 'week-before': weekBefore }: Earlier<Outcome>,
): Finding[] {
  const worst = worstByKey(present.findings);
  const worstBefore = worstByKey(before?.findings ?? []);
  const worstWeekBefore = worstByKey(weekBefore?.findings ?? []);
  return present.findings.map((finding) => {
    const key = findingKey(finding);
    return {
      ...finding,
      compared: before && compare(worst.get(key) ?? finding, worstBefore.get(key), present, before),
      weekBefore:
        weekBefore && (worstWeekBefore.has(key) || (wasJudged(finding, judgedIn(weekBefore)) ? false : null)),
    };
  });
}

function compare(
  finding: Finding,
  same: Finding | undefined,
  present: Outcome,
  before: Outcome,
): Finding['compared'] {
  if (!same) return wasJudged(finding, judgedIn(before)) ? 'new' : null;
  // Too many after too few is another problem, or the end of the first one.
  if (isBelow(finding) !== isBelow(same)) return 'new';
  const isTotal = (present.assessment?.indicator.aggregation ?? 'total') === 'total';
  return directionOf(finding, same, {
    change: isTotal ? compareTotalsOf(finding, same) : compareSeries(finding, present, before),
    duration: isTotal ? 0 : compareDurations(finding, same),
  });
}

const judgedIn = ({ assessment, coverage }: Outcome): Judged => ({
  indicator: assessment?.indicator,
  coverage,
});

/** Compares the levels of the series that a finding is about. */
function compareSeries(finding: Finding, present: Outcome, before: Outcome): number {
  const key = seriesKey(finding);
  const [now, then] = [present, before].map(({ assessment }) =>
    assessment?.series.find((series) => series.key === key),
  );
  const [medianNow, medianThen] = [now && medianOf(now.judged), then && medianOf(then.judged)];
  if (!then || medianNow == null || medianThen == null) return 0;
  return compareLevels({ median: medianNow }, { median: medianThen, scatter: scatterOf(then.values) });
}
