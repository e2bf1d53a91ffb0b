import { max, min } from 'd3-array';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { timeAxis } from '../../kit/charts/time-axis.ts';
import { shownCommands } from '../../kit/command.ts';
import { anchorOf, type Context, periodSeconds, titleOf } from '../../kit/context.ts';
import { markup } from '../../kit/markup.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { phrase, plain, withCode } from '../../kit/phrase.ts';
import { placeOf, shortPlace } from '../../kit/place.ts';
import { statusView } from '../../kit/status.ts';
import { comparedOf, isFresh } from './comparison.ts';
import { type AttentionIndex, attentionIndex } from './contents.ts';
import type { AttentionEntry, Step } from './entry.ts';
import { entryAnchor } from './explained.ts';
import { byPlace, type Findings, type Kind, kindsOf } from './finding-groups.ts';
import { headlineOf } from './headline.ts';
import { storyOf } from './story.ts';
import { stripOf } from './strips.ts';
import { storyHeadline } from './summary.ts';
import { INCIDENT_WORDS } from './words.ts';

export type Attention = {
  heading: string;
  /** Null where there are so few that the entries serve as well. */
  index: AttentionIndex | null;
  /** Over the entries, where something stands between them and the list. */
  inDetail: string;
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
  const told = report.incidents.map((incident) => ({ incident, kinds: kindsOf(report, incident) }));
  const entries = told.map(({ incident, kinds: [root, ...others] }, index): AttentionEntry => {
    const id = entryAnchor(index);
    if (root === undefined) return { id, ...unknownEntry(context, incident) };
    const isRepeated = told.slice(0, index).some(({ kinds }) => kinds[0]?.indicator === root.indicator);
    return { id, ...entryOf(context, incident, [root, ...others], isRepeated) };
  });
  return {
    heading: words.attention.heading,
    index: attentionIndex(context, entries),
    inDetail: words.attention.inDetail,
    entries,
    nothing: report.complete ? words.attention.nothing : words.attention.nothingKnown,
    meaning: words.attention.meaning,
    firstStep: words.attention.firstStep,
    details: words.attention.details,
  };
}

function entryOf(
  context: Context,
  incident: Incident,
  kinds: readonly [Kind, ...Kind[]],
  isRepeated: boolean,
): Omit<AttentionEntry, 'id'> {
  const { words, catalog, language } = context;
  const [root, ...others] = kinds;
  const isStory = others.length > 0;
  const findings = kinds.flatMap((kind) => kind.findings);
  const places = isStory ? [] : byPlace(root.findings);
  const shown = places.slice(0, STRIPS);
  const isGroup = places.length > 1;
  // Critical for a while, and a warning around it.
  const isMixed = places.length === 1 && root.findings.length > 1;
  const impact = catalog.get(root.indicator)?.impact[language] ?? '';
  const isCritical = ({ severity, explainedBy }: Kind) => severity === 'critical' && explainedBy === null;
  return {
    status: statusView(context, incident.severity),
    headline: isStory ? storyHeadline(context, kinds) : headlineOf(context, root.worst),
    isOngoing: incident.ongoing,
    ongoing: ongoingOf(context, incident, places),
    isNew: isFresh(findings),
    compared: comparedOf(context, findings),
    when: isStory || isMixed ? whenOfStory(context, incident) : whenOf(context, root.findings),
    strips: shown.map((own) => ({
      place: isGroup ? shortPlace(context, own[0]) : null,
      strip: stripOf(context, own, plain(words.place(placeOf(context, own[0])))),
      value: isGroup ? amountOf(context, own[0]) : '',
    })),
    isGroup,
    more: places.length > shown.length ? words.attention.more(places.length - shown.length) : '',
    story: isStory ? storyOf(context, incident, kinds) : null,
    hours: markup(timeAxis(periodTicks(context))),
    isExplained: !isRepeated && impact !== '',
    impact: withCode(impact),
    firstStep: firstStepOf(context, root),
    furtherSteps: others.filter(isCritical).flatMap((kind) => {
      const step = firstStepOf(context, kind);
      return step === null ? [] : [{ ...step, title: titleOf(context, kind.indicator) }];
    }),
    anchor: anchorOf(context, root.indicator),
  };
}

/** Silence about an incident would read as health, so one whose findings a document lacks is told nevertheless. */
function unknownEntry(context: Context, incident: Incident): Omit<AttentionEntry, 'id'> {
  return {
    status: statusView(context, incident.severity),
    headline: phrase`${INCIDENT_WORDS[context.language].unknown}`,
    isOngoing: incident.ongoing,
    ongoing: ongoingOf(context, incident, []),
    isNew: null,
    compared: [],
    when: whenOfStory(context, incident),
    strips: [],
    isGroup: false,
    more: '',
    story: null,
    hours: markup(''),
    isExplained: false,
    impact: [],
    firstStep: null,
    furtherSteps: [],
    anchor: 'coverage',
  };
}

function firstStepOf(context: Context, { indicator, findings }: Kind): Step | null {
  const { catalog, language } = context;
  const step = catalog.get(indicator)?.nextSteps[0];
  if (step === undefined) return null;
  return { text: withCode(step.text[language]), commands: shownCommands(context, step.command, findings) };
}

function ongoingOf({ words }: Context, incident: Incident, places: readonly Findings[]): string {
  if (!incident.ongoing) return '';
  const ongoing = places.filter((own) => own.some((finding) => finding.ongoing)).length;
  return ongoing > 0 && ongoing < places.length
    ? words.attention.ongoingSome(ongoing, places.length)
    : words.attention.ongoing;
}

function amountOf({ format, words }: Context, { indicator, value, unit }: Finding): string {
  if (indicator === 'scrape-coverage' && unit === 'seconds') return format.duration(value);
  return words.noun(format.value(value, unit), value, unit);
}

function whenOfStory(context: Context, { start, end, ongoing }: Incident): string[] {
  const { words, format } = context;
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  const range = ongoing ? words.attention.since(format.time(start)) : format.range(start, end);
  return seconds > 0 ? [range, words.attention.lasted(format.duration(seconds))] : [range];
}

/** So many moments are told one by one; more are a stretch in which they lie. */
const MOMENTS = 3;

function whenOf(context: Context, group: Findings): string[] {
  const { words, format } = context;
  const said = words.attention;
  const [finding] = group;
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
