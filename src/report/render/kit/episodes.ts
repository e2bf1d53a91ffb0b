import type { Severity } from '../../model/indicator.ts';
import type { Finding } from '../../model/report.ts';
import { type Context, shareOfPeriod } from './context.ts';

/** A part of the period, as shares of it from 0 to 1. */
export type Span = { from: number; to: number };

export function spanOf(context: Context, { start, end }: { start: string; end: string }): Span {
  return { from: shareOfPeriod(context, start), to: shareOfPeriod(context, end) };
}

/** Returns when any of the findings was beyond its threshold. Overlapping episodes of both severities are both kept. */
export function breachesOf(
  context: Context,
  findings: readonly Finding[],
): (Span & { severity: Severity })[] {
  return (['warning', 'critical'] as const).flatMap((severity) => {
    const episodes = findings
      .filter((finding) => finding.severity === severity)
      .flatMap((finding) => finding.episodes);
    return mergeSpans(episodes.map((episode) => spanOf(context, episode))).map((span) => ({
      ...span,
      severity,
    }));
  });
}

/** Joins overlapping spans; the result is in order. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}
