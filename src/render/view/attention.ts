import { max, min } from 'd3-array';
import type { Finding } from '../../model/report.ts';
import { episodeStrip } from '../charts/strip.ts';
import { timeAxis } from '../charts/time-axis.ts';
import { type Markup, markup } from '../markup.ts';
import { type Phrase, plain, withCode } from '../phrase.ts';
import { type ShownCommand, shownCommands } from './command.ts';
import { anchorOf, type Context, periodSeconds, shareOfPeriod, titleOf } from './context.ts';
import { headlineOf } from './headline.ts';
import { placeOf, shortPlace } from './place.ts';
import { type StatusView, statusView } from './status.ts';
import { periodTicks } from './time.ts';

export type Step = { text: Phrase; commands: ShownCommand[] };

export type AttentionEntry = {
  status: StatusView;
  headline: Phrase;
  isOngoing: boolean;
  ongoing: string;
  /** From when to when, and how long: a line each. */
  when: string[];
  strips: { place: Phrase | null; strip: Markup; value: string }[];
  isGroup: boolean;
  more: string;
  hours: Markup;
  /** False where an entry above has already said what this kind of finding means. */
  isExplained: boolean;
  impact: Phrase;
  firstStep: Step | null;
  anchor: string;
};

export type Attention = {
  heading: string;
  entries: AttentionEntry[];
  nothing: string;
  meaning: string;
  firstStep: string;
  details: string;
};

/** Of several subjects so many get a strip of their own; the others are counted. */
const STRIPS = 5;

export function attentionView(context: Context): Attention {
  const { words, report } = context;
  const groups = groupFindings(report.findings);
  return {
    heading: words.attention.heading,
    entries: groups.map((group, index) => entryOf(context, group, groups.slice(0, index))),
    nothing: report.complete ? words.attention.nothing : words.attention.nothingKnown,
    meaning: words.attention.meaning,
    firstStep: words.attention.firstStep,
    details: words.attention.details,
  };
}

/** Findings of the same indicator and severity are one thing to read: 300 restarted nodes are one rollout. */
function groupFindings(findings: readonly Finding[]): Finding[][] {
  return [...Map.groupBy(findings, keyOfGroup).values()];
}

function keyOfGroup({ indicator, severity, component, subject }: Finding): string {
  // A gap of all targets is Prometheus's own, and no more of the same.
  return JSON.stringify([indicator, severity, component === null ? subject : null]);
}

function entryOf(
  context: Context,
  group: readonly Finding[],
  above: readonly (readonly Finding[])[],
): AttentionEntry {
  const { words, catalog, language } = context;
  const [first] = group;
  if (first === undefined) throw new RangeError('a group of findings has at least one');
  const record = catalog.get(first.indicator);
  const ongoing = group.filter((finding) => finding.ongoing).length;
  const step = record?.nextSteps[0];
  const shown = group.slice(0, STRIPS);
  return {
    status: statusView(context, first.severity),
    headline: headlineOf(context, group),
    isOngoing: ongoing > 0,
    ongoing:
      ongoing === 0
        ? ''
        : ongoing === group.length
          ? words.attention.ongoing
          : words.attention.ongoingSome(ongoing, group.length),
    when: whenOf(context, group),
    strips: shown.map((finding) => ({
      place: group.length > 1 ? shortPlace(context, finding) : null,
      strip: stripOf(context, finding),
      value: group.length > 1 ? amountOf(context, finding) : '',
    })),
    more: group.length > shown.length ? words.attention.more(group.length - shown.length) : '',
    hours: markup(timeAxis(periodTicks(context))),
    isGroup: group.length > 1,
    isExplained: !above.some(([other]) => other?.indicator === first.indicator),
    impact: withCode(record?.impact[language] ?? ''),
    firstStep:
      step === undefined
        ? null
        : {
            text: withCode(step.text[language]),
            commands: shownCommands(context, step.command, group),
          },
    anchor: anchorOf(context, first.indicator),
  };
}

function amountOf({ format, words }: Context, { indicator, value, unit }: Finding): string {
  if (indicator === 'scrape-coverage' && unit === 'seconds') return format.duration(value);
  return words.noun(format.value(value, unit), value, unit);
}

/** So many moments are told one by one; more are a stretch in which they lie. */
const MOMENTS = 3;

function whenOf(context: Context, group: readonly Finding[]): string[] {
  const { words, format } = context;
  const said = words.attention;
  const [finding] = group;
  if (finding === undefined) return [];
  const start = min(group, (one) => one.start) ?? finding.start;
  const end = max(group, (one) => one.end) ?? finding.end;
  const range = format.range(start, end);
  if (group.length > 1) {
    const inOrder = group.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
    const moments = [...new Set(inOrder.map((one) => format.time(one.start)))];
    const areMoments = group.every((one) => one.start === one.end) && moments.length <= MOMENTS;
    return [areMoments ? moments.join(words.comma) : range];
  }
  const { durationSeconds, episodes, ongoing } = finding;
  const duration = format.duration(durationSeconds);
  if (episodes.length > 1)
    return [
      range,
      said.several(episodes.length, durationSeconds === 0),
      ...(durationSeconds > 0 ? [said.inAll(duration)] : []),
    ];
  if (durationSeconds === 0) return [range];
  if (durationSeconds >= periodSeconds(context)) return [said.throughout, said.lasted(duration)];
  return [ongoing ? said.since(format.time(start)) : range, said.lasted(duration)];
}

/** So many stretches of a strip are read out to those who do not see it. */
const DESCRIBED = 3;

function stripOf(context: Context, finding: Finding): Markup {
  const { words, format } = context;
  const subject = plain(words.place(placeOf(context, finding)));
  const ranges = finding.episodes
    .slice(0, DESCRIBED)
    .map(({ start, end }) => (start === end ? format.time(start) : format.range(start, end)));
  return markup(
    episodeStrip({
      title: words.chart.strip(`${titleOf(context, finding.indicator)}, ${subject}`),
      description: words.attention.episodes(subject, ranges, finding.episodes.length - ranges.length),
      severity: finding.severity,
      episodes: finding.episodes.map(({ start, end }) => ({
        from: shareOfPeriod(context, start),
        to: shareOfPeriod(context, end),
      })),
      ongoing: finding.ongoing,
    }),
  );
}
