import type { EarlierKind, PeriodScrapes } from '../../model/gathered.ts';
import type { Finding, Reading, ReportIndicator, Target } from '../../model/report.ts';
import type { Comparison } from '../../model/report-analysis.ts';
import { toInstant } from '../../model/time.ts';
import { severityRank } from '../severity.ts';
import { seriesKey } from '../subjects.ts';
import type { Earlier, Outcome } from './outcome.ts';

/** Minimum share of a period, or of a target's time in it, that was scraped with success. Our choice. */
const LEAST_SEEN_SHARE = 0.5;

/** Decides whether enough is known of an earlier period to compare with it. */
export function checkComparison({ period, grid, targets }: PeriodScrapes, kind: EarlierKind): Comparison {
  const base = { kind, start: toInstant(period.start), end: toInstant(period.end) };
  if (!targets.ok) return { ...base, known: false, reason: targets.reason };
  const seen = Array.from({ length: grid.count }, (_, index) =>
    targets.value.successes.some(({ values }) => (values[index] as number) > 0),
  );
  const share = seen.filter(Boolean).length / grid.count;
  if (share >= LEAST_SEEN_SHARE) return { ...base, known: true, reason: null };
  const reason = share > 0 ? `targets were scraped in only ${Math.ceil(100 * share)} % of it` : null;
  return { ...base, known: false, reason };
}

export function isSeenEnough({ seenRatio }: Target): boolean {
  return (seenRatio ?? 0) >= LEAST_SEEN_SHARE;
}

/** Returns a key for everything that one indicator found of one subject. */
export function findingKey({ indicator, subject, component }: Finding): string {
  return JSON.stringify([indicator, subject, component]);
}

/** Returns the worst finding by `findingKey`. */
export function worstByKey(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const known = worst.get(findingKey(finding));
    if (!known || severityRank(finding.severity) > severityRank(known.severity))
      worst.set(findingKey(finding), finding);
  }
  return worst;
}

/** Adds to an indicator's readings the values of the same series in the earlier periods. */
export function addEarlierReadings(indicator: ReportIndicator, earlier: Earlier<Outcome>): ReportIndicator {
  const valueIn = (kind: EarlierKind, key: string) => earlier[kind]?.assessment?.values.get(key) ?? null;
  const readings = indicator.readings.map((reading): Reading => {
    const key = seriesKey(reading);
    return { ...reading, before: valueIn('before', key), weekBefore: valueIn('week-before', key) };
  });
  return { ...indicator, readings };
}
