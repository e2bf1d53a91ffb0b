import type { Period } from '../model/period.ts';
import type { Finding, Report } from '../model/report.ts';
import type { ReportSilence, Silence } from '../model/silence.ts';
import { toInstant, toUnixSeconds } from '../model/time.ts';

/** Findings that are listed one by one; further ones are counted. Our choice: ten times what a reader looks at. */
const LISTED = 200;

export type Silenced = {
  /** The findings that count. */
  findings: Finding[];
  silences: ReportSilence[];
  silenced: Report['silenced'];
};

/**
 * Takes out the findings that are silenced. A finding is silenced only as a whole: one that began before the silence, or
 * is there after it, counts.
 * @param period that of the findings
 */
export function applySilences(
  all: readonly Finding[],
  silences: readonly Silence[],
  period: Period,
): Silenced {
  const matchers = silences.map(matcherOf);
  const counts = silences.map(() => 0);
  const findings: Finding[] = [];
  const silenced: Report['silenced'] = [];
  for (const finding of all) {
    const index = matchers.findIndex((matches) => matches(finding));
    if (index < 0) findings.push(finding);
    else {
      counts[index] = (counts[index] ?? 0) + 1;
      if (silenced.length < LISTED) silenced.push({ silence: index, finding });
    }
  }
  return {
    findings,
    silenced,
    silences: silences.map(({ start, end, ...rest }, index) => ({
      ...rest,
      start: start === null ? null : toInstant(start),
      end: toInstant(end),
      expired: end <= period.start,
      findings: counts[index] ?? 0,
    })),
  };
}

function matcherOf({ indicator, subject, start, end }: Silence): (finding: Finding) => boolean {
  return (finding) =>
    (indicator === null || finding.indicator === indicator) &&
    (subject === null || matchesPattern(finding.subject, subject)) &&
    (start === null || toUnixSeconds(finding.start) >= start) &&
    toUnixSeconds(finding.end) <= end;
}

/** Whether a name is a pattern, in which `*` stands for any characters. */
export function matchesPattern(name: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
