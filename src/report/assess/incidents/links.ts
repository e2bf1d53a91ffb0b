import type { CauseRule } from '../../model/cause.ts';
import { PROMETHEUS_SUBJECT } from '../../model/report.ts';
import { compareStarts, type Found, isMoment, placeOf, severityRank } from './occurrence.ts';

/** What points are worth: each stands for a step, and shows what its look-back holds. */
export type Resolution = { stepSeconds: number; lookBackSeconds: number };

/** That one finding is likely to have caused another. */
export type Link = {
  rule: CauseRule;
  cause: Found;
  effect: Found;
  /** Which stretches of the effect begin when the rule says … */
  begun: readonly number[];
  /** … and which of these are explained by it: over in time, and no worse than it allows. */
  settled: readonly number[];
};

/** A cause accounts for an effect when it does so for half of its stretches; one in ten is a coincidence. */
const LEAST_SHARE = 1 / 2;

/** Everything that the rules say of these findings. Where a rule fits a pair both ways, the cause began first. */
export function linksOf(all: readonly Found[], rules: readonly CauseRule[], resolution: Resolution): Link[] {
  const found = all.toSorted(compareStarts);
  const byIndicator = Map.groupBy(found, ({ finding }) => finding.indicator);
  const byPlace = Map.groupBy(found, (one) => keyOf(one.finding.indicator, placeOf(one)));
  const candidates = rules.flatMap((rule) =>
    rule.causes
      .flatMap((id) => byIndicator.get(id) ?? [])
      .filter((cause) => isCauseOf(rule, cause))
      .flatMap((cause) => {
        const place = placeOf(cause);
        const effects = rule.effects.flatMap((id) =>
          rule.scope === 'anywhere' ? (byIndicator.get(id) ?? []) : (byPlace.get(keyOf(id, place)) ?? []),
        );
        return effects.flatMap((effect) => linkOf(rule, cause, effect, resolution) ?? []);
      }),
  );
  return withoutCoincidences(withoutContradictions(candidates, rules));
}

function keyOf(indicator: string, place: string): string {
  return JSON.stringify([indicator, place]);
}

function isCauseOf({ of, severity }: CauseRule, { finding }: Found): boolean {
  if (severity !== undefined && finding.severity !== severity) return false;
  if (of === 'prometheus') return finding.component === null && finding.subject === PROMETHEUS_SUBJECT;
  return of === undefined || finding.component === of;
}

function linkOf(rule: CauseRule, cause: Found, effect: Found, resolution: Resolution): Link | null {
  if (cause === effect) return null;
  const { stepSeconds } = resolution;
  // An effect's step begins before what happened within it; a cause's last step may end before the cause does.
  const before = rule.beforeSeconds + stepSeconds;
  const after = rule.afterSeconds + (isMoment(cause) ? 0 : stepSeconds);
  const begun: number[] = [];
  const settled: number[] = [];
  effect.stretches.forEach(({ start }, index) => {
    const behind = cause.stretches.filter((stretch) => {
      const from = rule.anchor === 'end' ? stretch.end : stretch.start;
      const to = rule.anchor === 'start' ? stretch.start : stretch.end;
      return start >= from - before && start <= to + after;
    });
    if (behind.length === 0) return;
    begun.push(index);
    if (behind.some((stretch) => isSettled(rule, cause, stretch, effect, index, resolution)))
      settled.push(index);
  });
  return begun.length === 0 ? null : { rule, cause, effect, begun, settled };
}

/** Whether a stretch of an effect is no more than such a cause usually brings. */
function isSettled(
  { explainsSeconds, explainsWorse }: CauseRule,
  cause: Found,
  stretch: Found['stretches'][number],
  effect: Found,
  index: number,
  { stepSeconds, lookBackSeconds }: Resolution,
): boolean {
  const own = effect.stretches[index];
  if (explainsSeconds === undefined || own === undefined) return false;
  const isOngoing = effect.finding.ongoing && index === effect.stretches.length - 1;
  const isCauseOngoing = cause.finding.ongoing && stretch === cause.stretches.at(-1);
  // What goes on is not over, unless its cause goes on as well.
  if (isOngoing && !isCauseOngoing) return false;
  if (severityRank(effect) > severityRank(cause) && (isOngoing || !explainsWorse)) return false;
  // Steps longer than what is allowed do not show whether a moment's effects were over in time.
  if (stretch.end - stretch.start < stepSeconds && stepSeconds > explainsSeconds) return false;
  return own.end <= stretch.end + explainsSeconds + Math.max(stepSeconds, lookBackSeconds);
}

function withoutCoincidences(links: readonly Link[]): Link[] {
  return [...Map.groupBy(links, ({ effect }) => effect)].flatMap(([{ stretches }, own]) => {
    const accounted = new Set(own.flatMap(({ begun }) => begun));
    return accounted.size >= stretches.length * LEAST_SHARE ? own : [];
  });
}

/** One link between two findings, by the first rule that says so: they cannot each be the other's cause. */
function withoutContradictions(links: readonly Link[], rules: readonly CauseRule[]): Link[] {
  const precedence = new Map(rules.map((rule, index) => [rule, index]));
  const inOrder = links.toSorted((a, b) => (precedence.get(a.rule) ?? 0) - (precedence.get(b.rule) ?? 0));
  const pairs = new Map<string, Link>();
  for (const link of inOrder) {
    const [a, b] = [link.cause.index, link.effect.index];
    const pair = `${Math.min(a, b)} ${Math.max(a, b)}`;
    if (!pairs.has(pair)) pairs.set(pair, link);
  }
  return [...pairs.values()];
}

/**
 * The findings that others explain in full: each of their stretches is what one of their causes usually brings. Where
 * rules go round in a circle, what began first is not explained, and the rest is by it.
 */
export function explainedBy(links: readonly Link[]): Set<Found> {
  const explaining = links.filter(({ settled }) => settled.length > 0);
  const incoming = Map.groupBy(explaining, ({ effect }) => effect);
  const isCovered = (effect: Found, own: readonly Link[]) =>
    new Set(own.flatMap(({ settled }) => settled)).size === effect.stretches.length;
  const open = new Map([...incoming].filter(([effect, own]) => isCovered(effect, own)));
  const explained = new Set<Found>();
  while (open.size > 0) {
    const next = [...open].filter(([effect, own]) =>
      isCovered(
        effect,
        own.filter(({ cause }) => !open.has(cause)),
      ),
    );
    if (next.length === 0) {
      const [first] = [...open.keys()].sort(compareStarts);
      if (first) open.delete(first);
    }
    for (const [effect] of next) {
      open.delete(effect);
      explained.add(effect);
    }
  }
  return explained;
}
