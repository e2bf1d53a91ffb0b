import { max, min } from 'd3-array';
import type { Finding, Report, ResolvedFinding } from '../../../model/report.ts';
import { type Change, type Comparison, LATEST_CERTAIN_SECONDS } from '../../../model/report-analysis.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { type Group, groupsOf } from '../../kit/groups.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import { localDay } from '../../kit/time-ticks.ts';
import { periodBefore } from '../attention/comparison.ts';
import { CHANGE_WORDS, type ChangeFacts } from './words.ts';

/** `label`: what kind of change it is, where the line above is of another. */
export type ChangeLine = { label: string; when: string; text: Phrase; anchor: string };

export type Changes = {
  heading: string;
  /** With what was compared, or why not, and what is not known of the weeks before. */
  compared: string;
  lines: ChangeLine[];
  more: string;
};

/** More are an event of their own, which the indicators below show better. */
const LINES = 12;

/** What is gone, and what has moved for good; null where nothing has, and nothing is in doubt. */
export function changesView(context: Context): Changes | null {
  const { report, language } = context;
  const words = CHANGE_WORDS[language];
  const lines = [
    ...groupResolved(report.resolved).map((group) => resolvedLine(context, group)),
    ...groupChanges(report.changes.filter((change) => !isTold(report, change))).map((group) =>
      changeLine(context, group),
    ),
  ];
  if (lines.length === 0 && report.history.unanswered.length === 0) return null;
  return {
    heading: words.heading,
    compared: comparedText(context),
    lines: lines
      .slice(0, LINES)
      .map((line, index) => (line.label === lines[index - 1]?.label ? { ...line, label: '' } : line)),
    more: lines.length > LINES ? words.more(lines.length - LINES) : '',
  };
}

/** The steps alone that nobody was told of before: what goes on steadily is the same news every day. */
export function newSteps(context: Context): ChangeLine[] {
  const { report } = context;
  const earliest = Date.parse(report.period.start) / 1000 - LATEST_CERTAIN_SECONDS;
  const steps = report.changes.filter(
    (change) => change.kind === 'step' && Date.parse(change.at) / 1000 > earliest && !isTold(report, change),
  );
  return groupChanges(steps).map((group) => changeLine(context, group));
}

type Line = Pick<Finding, 'indicator' | 'subject' | 'component'>;

export function isOfSameLine(one: Line, other: Line): boolean {
  return (
    one.indicator === other.indicator && one.subject === other.subject && one.component === other.component
  );
}

/** A new level that is beyond a threshold stands in what needs attention already. */
function isTold({ findings }: Report, change: Change): boolean {
  if (change.kind !== 'step') return false;
  const time = Date.parse(change.at) / 1000;
  return findings.some(
    (finding) =>
      isOfSameLine(finding, change) &&
      time >= Date.parse(finding.start) / 1000 - TOGETHER_SECONDS &&
      time <= Date.parse(finding.end) / 1000 + TOGETHER_SECONDS,
  );
}

/** As many as the verdict counts. */
export function resolvedCount({ resolved }: Report): number {
  return groupResolved(resolved).length;
}

function groupResolved(resolved: readonly ResolvedFinding[]): Group<ResolvedFinding>[] {
  return groupsOf(resolved, ({ indicator, severity, component, subject }) => [
    indicator,
    severity,
    component === null ? subject : null,
  ]);
}

function resolvedLine(context: Context, group: Group<ResolvedFinding>): ChangeLine {
  const { language, format, words: common } = context;
  const [first] = group;
  const { indicator, severity, unit, value } = first;
  const amount =
    indicator === 'scrape-coverage' && unit === 'seconds'
      ? format.duration(value)
      : common.noun(format.value(value, unit), value, unit);
  const words = CHANGE_WORDS[language];
  return {
    label: words.gone,
    when: format.range(
      min(group, ({ start }) => start) ?? first.start,
      max(group, ({ end }) => end) ?? first.end,
    ),
    text: words.resolved(
      titleOf(context, indicator),
      group.map((one) => placeOf(context, one)),
      severity,
      // Of several nobody knows which of their values is the worst.
      group.length === 1 ? amount : '',
    ),
    anchor: anchorOf(context, indicator),
  };
}

/** An upgrade goes through its nodes one after the other. */
const TOGETHER_SECONDS = 2 * 3600;

/** Changes of the same kind and direction, at about the same time, of as many subjects as there are. */
function groupChanges(changes: readonly Change[]): Group<Change>[] {
  const alike = groupsOf(
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
    const runs: [Change, ...Change[]][] = [];
    for (const change of inOrder) {
      const run = runs.at(-1);
      const last = run?.at(-1);
      const isNear = last && (Date.parse(change.at) - Date.parse(last.at)) / 1000 <= TOGETHER_SECONDS;
      if (run && (isNear || change.kind === 'trend')) run.push(change);
      else runs.push([change]);
    }
    return runs;
  });
}

function isRise({ before, after, deviations }: Pick<Change, 'before' | 'after' | 'deviations'>): boolean {
  return after === before ? deviations >= 0 : after > before;
}

function changeLine(context: Context, group: Group<Change>): ChangeLine {
  const { language, format } = context;
  const words = CHANGE_WORDS[language];
  const [first] = group;
  const largest = group.reduce((found, one) => (sizeOf(one) > sizeOf(found) ? one : found));
  const facts: ChangeFacts = {
    title: titleOf(context, first.indicator),
    places: group.map((one) => placeOf(context, one)),
    largest: placeOf(context, largest),
    before: format.value(largest.before, largest.unit),
    after: format.valueBeside(largest.after, largest.before, largest.unit),
    share: sharesOf(context, group),
    isRise: isRise(first),
    isRestart: first.explainedBy === 'restart',
  };
  const earliest = min(group, ({ at }) => at) ?? first.at;
  const latest = max(group, ({ at }) => at) ?? first.at;
  const { perDay } = largest;
  const isTrend = first.kind === 'trend' && perDay !== null;
  const signed = (value: number) => signedValue(context, value, largest);
  return {
    label: isTrend ? words.trend : words.step,
    when: isTrend ? words.since(format.days(earliest, earliest)) : format.range(earliest, latest),
    text: isTrend
      ? words.growing({
          ...facts,
          perDay: signed(perDay.value),
          low: signed(perDay.low),
          high: signed(perDay.high),
        })
      : words.stepped(facts),
    anchor: anchorOf(context, first.indicator),
  };
}

function sizeOf({ before, after, perDay, kind }: Change): number {
  return kind === 'trend' && perDay !== null ? Math.abs(perDay.value) : Math.abs(after - before);
}

function signedValue({ format }: Context, value: number, { unit }: Change): string {
  return `${value < 0 ? '−' : '+'}${format.value(Math.abs(value), unit)}`;
}

/** From so many times as much on, people think in times rather than in per cent. */
const TIMES = 3;

/** "+74%", "+70% to +78%", "×12"; empty where there was nothing before. */
function sharesOf(context: Context, group: Group<Change>): string {
  const ratios = group.map(({ before, after }) => (before > 0 && after >= 0 ? after / before : null));
  if (ratios.some((ratio) => ratio === null)) return '';
  const [low = 1, high = 1] = [min(ratios, (ratio) => ratio ?? 1), max(ratios, (ratio) => ratio ?? 1)];
  const [least, most] = (high < 1 ? [high, low] : [low, high]).map((ratio) => shareOf(context, ratio));
  return least === most ? (least ?? '') : CHANGE_WORDS[context.language].shares(least ?? '', most ?? '');
}

function shareOf({ format }: Context, ratio: number): string {
  if (ratio >= TIMES) return `×${format.number(ratio)}`;
  return `${ratio < 1 ? '−' : '+'}${format.percent(Math.abs(ratio - 1))}`;
}

/** Whole days as days, anything else with its hours. */
function periodText({ format }: Context, { start, end }: Pick<Comparison, 'start' | 'end'>): string {
  const isWholeDays = [start, end].every((instant) => {
    const at = Date.parse(instant);
    return localDay(at, format.timeZone) !== localDay(at - 1, format.timeZone);
  });
  if (!isWholeDays) return format.dateRange(start, end);
  const [first, last] = [format.day(new Date(start)), format.day(new Date(Date.parse(end) - 1))];
  return first === last ? first : `${first} – ${last}`;
}

function comparedText(context: Context): string {
  const { report, language, words: common } = context;
  const words = CHANGE_WORDS[language];
  const known = report.comparisons.filter((one) => one.known);
  const sentences = [
    known.length === 0 ? '' : words.comparedWith(known.map((one) => periodText(context, one))),
    ...report.comparisons
      .filter((one) => !one.known)
      .map(({ kind, reason }) =>
        words.notCompared(kind === 'before' ? periodBefore(context) : 'week-before', reason),
      ),
    ...report.history.unanswered.map(({ questions, reason }) =>
      words.unanswered(questions, report.history.questions, reason),
    ),
  ];
  return sentences.filter((sentence) => sentence !== '').join(common.sentenceSpace);
}
