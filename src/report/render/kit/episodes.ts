import type { Severity } from '../../model/indicator.ts';
import type { Finding } from '../../model/report.ts';
import { type Context, shareOfPeriod } from './context.ts';

/** A part of the period, as shares of it from 0 to 1. */
export type Span = { from: number; to: number };

export function spanOf(context: Context, { start, end }: { start: string; end: string }): Span {
  return { from: shareOfPeriod(context, start), to: shareOfPeriod(context, end) };
}

/** A part of the period in which something was beyond its threshold, or the moment of a restart. */
export type Breach = Span & { severity: Severity; isRestart: boolean };

/**
 * Returns when any of the findings was beyond its threshold, in the order in which to draw: restarts over everything
 * else, since they are short. Overlapping episodes of both severities are both kept.
 */
export function breachesOf(context: Context, findings: readonly Finding[]): Breach[] {
  const draw = (severity: Severity, areRestarts: boolean): Breach[] => {
    const some = findings.filter(
      (one) => one.severity === severity && (one.indicator === 'process-restarts') === areRestarts,
    );
    const spans = some.flatMap(({ episodes }) => episodes.map((episode) => spanOf(context, episode)));
    return visibleSpans(spans).map((span) => ({ ...span, severity, isRestart: areRestarts }));
  };
  return [
    ...draw('warning', false),
    ...draw('critical', false),
    ...draw('warning', true),
    ...draw('critical', true),
  ];
}

/** With more spans than this, those with a smaller distance than this share of the period are drawn as one. */
const MANY_SPANS = 300;
const NEAR = 0.002;

function visibleSpans(spans: readonly Span[]): Span[] {
  const merged = mergeSpans(spans);
  return merged.length > MANY_SPANS ? mergeSpans(merged, NEAR) : merged;
}

/** Joins spans that overlap or have at most `distance` between them; the result is in order. */
export function mergeSpans(spans: readonly Span[], distance = 0): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to + distance) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}
