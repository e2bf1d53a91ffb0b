import { max, min } from 'd3-array';
import { allFindings, allResolved, allTargets } from '../../../model/all-rows.ts';
import type { Finding, Report, ResolvedFinding } from '../../../model/report.ts';
import { type Change, type Comparison, LATEST_CERTAIN_SECONDS } from '../../../model/report-analysis.ts';
import { upgradeFacts } from '../../kit/antrea-version.ts';
import { anchorOf, type Context, periodBefore, titleOf } from '../../kit/context.ts';
import { type Group, groupBy } from '../../kit/group.ts';
import { nodeSet } from '../../kit/node-set.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { placeOf, placesOf } from '../../kit/place.ts';
import { startsDay } from '../../kit/time-ticks.ts';
import { amountOf } from '../incidents/headline.ts';
import type { ChangeFacts } from './facts.ts';
import { CHANGE_WORDS } from './words.ts';

/** `label`: the kind of change; empty where the line above is of the same kind. */
export type ChangeLine = { label: string; when: string; text: Phrase; anchor: string; nodes: string };

export type ChangesView = {
  heading: string;
  /** Which periods were compared, why others were not, and what is unknown about the previous weeks. */
  compared: string;
  lines: ChangeLine[];
  more: string;
};

/** Lines that are shown. More changes are one event, which the indicators below show better. */
const LINES = 12;

/** Returns which versions came, what is resolved and which levels changed; null where nothing did, and every query was answered. */
export function changesView(context: Context): ChangesView | null {
  const { report, language } = context;
  const words = CHANGE_WORDS[language];
  const lines = [
    ...upgradeLines(context),
    ...groupResolved(allResolved(report)).map((group) => resolvedLine(context, group)),
    ...groupChanges(report.changes.filter((change) => !isInFindings(report, change))).map((group) =>
      changeLine(context, group),
    ),
  ];
  const isAllAnswered = report.history.unanswered.length === 0 && ofEarlierPeriods(report).length === 0;
  if (lines.length === 0 && isAllAnswered) return null;
  return {
    heading: words.heading,
    compared: comparedText(context),
    lines: lines
      .slice(0, LINES)
      .map((line, index) => (line.label === lines[index - 1]?.label ? { ...line, label: '' } : line)),
    more: lines.length > LINES ? words.more(lines.length - LINES) : '',
  };
}

/** Returns a line for each change of the version of agents or controller. */
function upgradeLines(context: Context): ChangeLine[] {
  const { report, language, format } = context;
  const words = CHANGE_WORDS[language];
  return (report.antrea.images?.upgrades ?? []).map((upgrade) => ({
    label: words.upgradeLabel,
    when: format.range(upgrade.start, upgrade.end ?? report.period.end),
    text: words.upgrade(upgradeFacts(context, upgrade)),
    anchor: 'coverage',
    nodes: nodeSet(
      context,
      allTargets(report).filter(({ component }) => component === upgrade.component),
    ),
  }));
}

/**
 * Returns the steps that no earlier report can have shown. Trends are left out, because they are the same news every
 * day.
 */
export function newSteps(context: Context): ChangeLine[] {
  const { report } = context;
  const earliest = Date.parse(report.period.start) / 1000 - LATEST_CERTAIN_SECONDS;
  const steps = report.changes.filter(
    (change) =>
      change.kind === 'step' && Date.parse(change.at) / 1000 > earliest && !isInFindings(report, change),
  );
  return groupChanges(steps).map((group) => changeLine(context, group));
}

type Series = Pick<Finding, 'indicator' | 'subject' | 'component'>;

export function isSameSeries(a: Series, b: Series): boolean {
  return a.indicator === b.indicator && a.subject === b.subject && a.component === b.component;
}

/** Whether a finding already shows a change: the new level is beyond its threshold. */
function isInFindings(report: Report, change: Change): boolean {
  if (change.kind !== 'step') return false;
  const time = Date.parse(change.at) / 1000;
  return allFindings(report).some(
    (finding) =>
      isSameSeries(finding, change) &&
      time >= Date.parse(finding.start) / 1000 - TOGETHER_SECONDS &&
      time <= Date.parse(finding.end) / 1000 + TOGETHER_SECONDS,
  );
}

/** Returns the number of resolved findings as the masthead counts them. */
export function resolvedCount(report: Report): number {
  return groupResolved(allResolved(report)).length;
}

function groupResolved(resolved: readonly ResolvedFinding[]): Group<ResolvedFinding>[] {
  return groupBy(resolved, ({ indicator, severity, component, subject }) => [
    indicator,
    severity,
    component === null ? subject : null,
  ]);
}

function resolvedLine(context: Context, group: Group<ResolvedFinding>): ChangeLine {
  const { language, format } = context;
  const words = CHANGE_WORDS[language];
  const [first] = group;
  const { indicator, severity } = first;
  return {
    label: words.resolvedLabel,
    when: format.range(
      min(group, ({ start }) => start) ?? first.start,
      max(group, ({ end }) => end) ?? first.end,
    ),
    text: words.resolved(
      titleOf(context, indicator),
      placesOf(context, group),
      severity,
      // The value of one subject says nothing about the others.
      group.length === 1 ? amountOf(context, first) : '',
    ),
    anchor: anchorOf(context, indicator),
    nodes: nodeSet(context, group),
  };
}

/** Changes this close together are one, since an upgrade goes through the nodes one after the other. */
const TOGETHER_SECONDS = 2 * 3600;

/** Groups changes of the same kind and direction at about the same time. */
function groupChanges(changes: readonly Change[]): Group<Change>[] {
  const alike = groupBy(
    changes,
    ({ indicator, kind, component, deviations, explainedBy, labels, before, after }) => [
      indicator,
      kind,
      component,
      isRise({ before, after, deviations }),
      explainedBy,
      labels,
    ],
  );
  return alike.flatMap((group) => {
    const inOrder = group.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    const groups: [Change, ...Change[]][] = [];
    for (const change of inOrder) {
      const current = groups.at(-1);
      const last = current?.at(-1);
      const isNear = last && (Date.parse(change.at) - Date.parse(last.at)) / 1000 <= TOGETHER_SECONDS;
      if (current && (isNear || change.kind === 'trend')) current.push(change);
      else groups.push([change]);
    }
    return groups;
  });
}

function isRise({ before, after, deviations }: Pick<Change, 'before' | 'after' | 'deviations'>): boolean {
  return after === before ? deviations >= 0 : after > before;
}

function changeLine(context: Context, group: Group<Change>): ChangeLine {
  const { language, format } = context;
  const words = CHANGE_WORDS[language];
  const [first] = group;
  const largest = group.reduce((found, change) => (sizeOf(change) > sizeOf(found) ? change : found));
  const facts: ChangeFacts = {
    title: titleOf(context, first.indicator),
    places: placesOf(context, group),
    largest: placeOf(context, largest),
    before: format.value(largest.before, largest.unit),
    after: format.valueBeside(largest.after, largest.before, largest.unit),
    share: shareText(context, group),
    isRise: isRise(first),
    isRestart: first.explainedBy === 'restart',
  };
  const earliest = min(group, ({ at }) => at) ?? first.at;
  const latest = max(group, ({ at }) => at) ?? first.at;
  const { perDay } = largest;
  const isTrend = first.kind === 'trend' && perDay !== null;
  const signed = (value: number) => signedValue(context, value, largest);
  return {
    label: isTrend ? words.trendLabel : words.stepLabel,
    when: isTrend ? context.words.since(format.days(earliest, earliest)) : format.range(earliest, latest),
    text: isTrend
      ? words.trend({
          ...facts,
          perDay: signed(perDay.value),
          low: signed(perDay.low),
          high: signed(perDay.high),
        })
      : words.step(facts),
    anchor: anchorOf(context, first.indicator),
    nodes: nodeSet(context, group),
  };
}

function sizeOf({ before, after, perDay, kind }: Change): number {
  return kind === 'trend' && perDay !== null ? Math.abs(perDay.value) : Math.abs(after - before);
}

function signedValue({ format }: Context, value: number, { unit }: Change): string {
  return `${value < 0 ? '−' : '+'}${format.value(Math.abs(value), unit)}`;
}

/** From this factor on, a change is shown as a factor rather than in per cent. */
const FACTOR_FROM = 3;

/** Returns "+74%", "+70% to +78%" or "×12"; empty where the level was 0 before. */
function shareText(context: Context, group: Group<Change>): string {
  const ratios = group.map(({ before, after }) => (before > 0 && after >= 0 ? after / before : null));
  if (ratios.some((ratio) => ratio === null)) return '';
  const [low = 1, high = 1] = [min(ratios, (ratio) => ratio ?? 1), max(ratios, (ratio) => ratio ?? 1)];
  const [least = '', greatest = ''] = (high < 1 ? [high, low] : [low, high]).map((ratio) =>
    ratioText(context, ratio),
  );
  return least === greatest ? least : CHANGE_WORDS[context.language].shares(least, greatest);
}

/** Returns a change relative to what was before: "+74%", "−20%" or "×12". */
export function ratioText({ format }: Context, ratio: number): string {
  if (ratio >= FACTOR_FROM) return `×${format.number(ratio)}`;
  return `${ratio < 1 ? '−' : '+'}${format.percent(Math.abs(ratio - 1))}`;
}

/** Returns whole days as days, other periods with hours. */
function periodText({ format }: Context, { start, end }: Pick<Comparison, 'start' | 'end'>): string {
  const isWholeDays = [start, end].every((instant) => startsDay(Date.parse(instant), format.timeZone));
  if (!isWholeDays) return format.dateRange(start, end);
  const [first, last] = [format.day(new Date(start)), format.day(new Date(Date.parse(end) - 1))];
  return first === last ? first : `${first} – ${last}`;
}

/** Indicators that a sentence names. */
const INDICATORS_BY_NAME = 3;

/** Returns the failed questions about the earlier periods. */
function ofEarlierPeriods({ unanswered }: Report) {
  return unanswered.flatMap(({ about: kind, ...rest }) =>
    kind === 'before' || kind === 'week-before' ? [{ kind, ...rest }] : [],
  );
}

function comparedText(context: Context): string {
  const { report, language } = context;
  const words = CHANGE_WORDS[language];
  const known = report.comparisons.filter((comparison) => comparison.known);
  const sentences = [
    known.length === 0 ? '' : words.comparedWith(known.map((comparison) => periodText(context, comparison))),
    ...report.comparisons
      .filter((comparison) => !comparison.known)
      .map(({ kind, reason }) =>
        words.notCompared(kind === 'before' ? periodBefore(context) : 'week-before', reason),
      ),
    ...ofEarlierPeriods(report).map(({ kind, indicators, reason }) =>
      words.unansweredBefore(
        {
          names: indicators.slice(0, INDICATORS_BY_NAME).map((id) => titleOf(context, id)),
          more: Math.max(0, indicators.length - INDICATORS_BY_NAME),
        },
        kind === 'before' ? periodBefore(context) : kind,
        reason,
      ),
    ),
    ...report.history.unanswered.map(({ questions, reason }) =>
      words.unanswered(questions, report.history.questions, reason),
    ),
  ];
  return sentences.filter((sentence) => sentence !== '').join(context.words.sentenceSpace);
}
