import type { Severity } from '../../model/indicator.ts';
import type { ChartSeries, Finding, ReportIndicator, Target } from '../../model/report.ts';
import type { Stretch } from './charts/strip.ts';
import { type Context, shareOfPeriod } from './context.ts';
import { name, plain } from './phrase.ts';
import { shorten } from './place.ts';

/** When any subject was beyond its limit; where a critical and a warning stretch overlap, both are drawn. */
export function breachesOf(
  context: Context,
  findings: readonly Finding[],
): (Stretch & { severity: Severity })[] {
  return (['warning', 'critical'] as const).flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    const stretches = own.flatMap(({ episodes }) => episodes.map((episode) => stretchOf(context, episode)));
    return merge(stretches).map((stretch) => ({ ...stretch, severity }));
  });
}

/**
 * When a chart's lines have nothing to show because nobody looked: the gaps that all its targets share, and those of
 * the lines it names, whose subject then says whose. Without them a broken line could be taken for "nothing happened".
 */
export function missingStretches(
  context: Context,
  { components }: ReportIndicator,
  named: readonly ChartSeries[],
): (Stretch & { label: string; subject: string })[] {
  const { report, words } = context;
  const targets = report.coverage.targets.filter(({ component }) => components.includes(component));
  const shared = targets
    .map((target) => gapsOf(context, target))
    .reduce<Stretch[] | null>((common, gaps) => (common === null ? gaps : intersect(common, gaps)), null);
  const subjects = new Set(named.map(({ subject }) => subject));
  const own = targets
    .filter(({ subject }) => subjects.has(subject))
    .flatMap((target) =>
      subtract(gapsOf(context, target), shared ?? []).map((gap) => ({
        ...gap,
        subject: plain(name(shorten(context.hostName(target.subject), 24))),
      })),
    )
    .map((gap) => ({ ...gap, label: words.chart.noDataOf(gap.subject) }));
  const all = [...(shared ?? []).map((gap) => ({ ...gap, subject: '', label: words.chart.noData })), ...own];
  return all.sort((a, b) => a.from - b.from);
}

function stretchOf(context: Context, { start, end }: { start: string; end: string }): Stretch {
  return { from: shareOfPeriod(context, start), to: shareOfPeriod(context, end) };
}

function gapsOf(context: Context, { gaps }: Target): Stretch[] {
  return merge(gaps.map((gap) => stretchOf(context, gap)));
}

function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && stretch.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
    } else merged.push(stretch);
  }
  return merged;
}

function intersect(some: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  return some.flatMap((one) =>
    others
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** What is left of the first when the second are cut out. Slivers, from scrapes at different moments, are dropped. */
function subtract(some: readonly Stretch[], cut: readonly Stretch[]): Stretch[] {
  const left = cut.reduce<readonly Stretch[]>(
    (rest, hole) =>
      rest.flatMap((one) => {
        if (hole.to <= one.from || hole.from >= one.to) return [one];
        return [
          { from: one.from, to: hole.from },
          { from: hole.to, to: one.to },
        ].filter(({ from, to }) => to > from);
      }),
    some,
  );
  return left.filter(({ from, to }) => to - from > 0.004);
}

type Gap = Target['gaps'][number];

/** Gaps that every target has, seen alike but for a scrape more or less. */
export function sharedGaps(targets: readonly Target[]): Gap[] {
  const [first, ...others] = targets;
  if (first === undefined || others.length === 0) return [];
  return first.gaps.filter((gap) => others.every(({ gaps }) => gaps.some((other) => isSame(gap, other))));
}

export function ownGaps({ gaps }: Target, shared: readonly Gap[]): Gap[] {
  return gaps.filter((gap) => !shared.some((other) => isSame(gap, other)));
}

function isSame(a: Gap, b: Gap): boolean {
  const [from, to] = [
    Math.max(Date.parse(a.start), Date.parse(b.start)),
    Math.min(Date.parse(a.end), Date.parse(b.end)),
  ];
  const longest = Math.max(Date.parse(a.end) - Date.parse(a.start), Date.parse(b.end) - Date.parse(b.start));
  return (to - from) * 2 > longest;
}
