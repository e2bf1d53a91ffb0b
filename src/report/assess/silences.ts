import { bisectRight } from 'd3-array';
import type { Period } from '../model/period.ts';
import { windowsWithin } from '../model/recurrence.ts';
import type { Finding, Report } from '../model/report.ts';
import { LISTED_WINDOWS, type ReportSilence, type Silence } from '../model/silence.ts';
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
  const windows = silences.map((silence) => silenceWindows(silence, period));
  const matchers = silences.map((silence, index) => matcherOf(silence, windows[index] ?? []));
  const counts = silences.map(() => ({ findings: 0, critical: 0 }));
  const findings: Finding[] = [];
  const silenced: Report['silenced'] = [];
  for (const finding of all) {
    const index = matchers.findIndex((matches) => matches(finding));
    const count = counts[index];
    if (count === undefined) findings.push(finding);
    else {
      count.findings += 1;
      if (finding.severity === 'critical') count.critical += 1;
      if (silenced.length < LISTED) silenced.push({ silence: index, finding });
    }
  }
  return {
    findings,
    silenced,
    silences: silences.map(({ start, end, recurrence, ...rest }, index) => ({
      ...rest,
      start: start === null ? null : toInstant(start),
      end: end === null ? null : toInstant(end),
      ...(recurrence && {
        recurrence: {
          every: [...recurrence.every],
          timeZone: recurrence.timeZone,
          windows: (windows[index] ?? [])
            .slice(0, LISTED_WINDOWS)
            .map((window) => ({ start: toInstant(window.start), end: toInstant(window.end) })),
        },
      }),
      expired: end !== null && end <= period.start,
      findings: 0,
      ...counts[index],
    })),
  };
}

/** Returns when findings of a period are silenced, in order and disjoint. */
export function silenceWindows({ start, end, recurrence }: Silence, period: Period): Period[] {
  const whole = { start: start ?? -Infinity, end: end ?? Infinity };
  if (recurrence === undefined) return [whole];
  return windowsWithin(recurrence, period)
    .map((window) => ({ start: Math.max(window.start, whole.start), end: Math.min(window.end, whole.end) }))
    .filter((window) => window.start < window.end);
}

function matcherOf(
  { indicator, subject }: Silence,
  windows: readonly Period[],
): (finding: Finding) => boolean {
  const starts = windows.map(({ start }) => start);
  return (finding) => {
    if (indicator !== null && finding.indicator !== indicator) return false;
    if (subject !== null && !matchesPattern(finding.subject, subject)) return false;
    const window = windows[bisectRight(starts, toUnixSeconds(finding.start)) - 1];
    return window !== undefined && toUnixSeconds(finding.end) <= window.end;
  };
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
