import { allFindings } from '../../../model/all-rows.ts';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import type { Context } from '../../kit/context.ts';
import { type Group, groupBy } from '../../kit/group.ts';
import { join, type Phrase } from '../../kit/phrase.ts';
import { placesOf } from '../../kit/place.ts';
import { localDay } from '../../kit/time-ticks.ts';
import type { SubjectLabel } from '../../kit/words/facts.ts';
import { factsOf } from './headline.ts';
import { INCIDENT_WORDS } from './words.ts';

/** What happened at a time, in one line. */
export type Moment = { time: string; text: Phrase };

type TimelineEvent = Omit<Incident['timeline'][number], 'finding'> & { finding: Finding };

/** Moments that are shown. */
const MOMENTS = 8;

/**
 * Returns the timeline of an incident. With one place it is minute by minute. With several places it names each thing
 * that happened once, with the time from the first place to the last.
 */
export function timelineOf(
  context: Context,
  { timeline }: Incident,
  hasOnePlace: boolean,
): { moments: Moment[]; more: number } {
  const findings = allFindings(context.report);
  const events = timeline.flatMap((event): TimelineEvent[] => {
    const finding = findings[event.finding];
    return finding === undefined ? [] : [{ ...event, finding }];
  });
  const related = Map.groupBy(new Set(events.map(({ finding }) => finding)), seriesKey);
  const time = ({ at }: TimelineEvent) => context.format.time(at);
  const things = groupBy(
    events.filter((event) => !isRedundant(event, related.get(seriesKey(event.finding)) ?? [])),
    (event) => [kindOf(event), event.finding.indicator, hasOnePlace ? time(event) : null],
  );
  const moments = groupBy(things, (thing) => [time(thing[0]), time(thing.at(-1) ?? thing[0])]);
  const shown = moments.slice(0, MOMENTS);
  return {
    moments: shown.map((simultaneous, index) => ({
      time: timeText(context, simultaneous[0], shown[index - 1]?.[0][0].at),
      text: join(
        simultaneous.map((thing) => eventText(context, thing, hasOnePlace)),
        context.words.comma,
      ),
    })),
    more: moments.length - shown.length,
  };
}

/** Whether an event adds nothing: the end of a single moment, or a change of severity. */
function isRedundant({ at, kind, finding }: TimelineEvent, related: readonly Finding[]): boolean {
  if (kind !== 'start' && kind !== 'end') return false;
  if (kind === 'end' && finding.start === at) return true;
  return related.some((other) => {
    if (other === finding) return false;
    if (kind === 'end') return other.episodes.some(({ start, end }) => start <= at && at < end);
    const isWorse = finding.severity === 'critical' && other.severity === 'warning';
    return !isWorse && other.episodes.some(({ start, end }) => start < at && at <= end);
  });
}

/** Returns a key that is equal for findings of one series, whatever their severity. */
function seriesKey({ indicator, subject, component, labels }: Finding): string {
  return JSON.stringify([indicator, subject, component, labels]);
}

/** Returns the time of events, with the day where it differs from the day of the moment before. */
function timeText({ format }: Context, events: Group<TimelineEvent>, before: string | undefined): string {
  const [first, last] = [events[0].at, (events.at(-1) ?? events[0]).at];
  const dayOf = (instant: string) => localDay(Date.parse(instant), format.timeZone);
  const days = new Set([before ?? '', first, last].map(dayOf));
  const clocks = new Set([first, last].map((instant) => format.clock(new Date(instant))));
  return days.size === 1 ? [...clocks].join('–') : format.range(first, last);
}

/** Returns the kind of an event. Every begin of a restart finding is a restart. */
function kindOf({ kind, finding }: TimelineEvent): TimelineEvent['kind'] {
  return finding.indicator === 'process-restarts' && kind !== 'end' ? 'restart' : kind;
}

function eventText(context: Context, events: Group<TimelineEvent>, hasOnePlace: boolean): Phrase {
  const words = INCIDENT_WORDS[context.language];
  const [{ finding }] = events;
  const kind = kindOf(events[0]);
  const places = hasOnePlace ? [] : distinctPlaces(context, events);
  if (kind === 'restart') return words.restarts(events.length, places);

  const values = events.flatMap(({ value }) => value ?? []);
  const value =
    kind === 'events'
      ? values.reduce((sum, amount) => sum + amount, 0)
      : finding.condition === 'below'
        ? Math.min(...values)
        : Math.max(...values);
  const facts = factsOf(context, [{ ...finding, value: values.length > 0 ? value : 0 }]);
  if (kind === 'end') return words.ends(facts, places);
  return kind === 'start' ? words.begins(facts, places, values.length > 0) : words.events(facts, places);
}

function distinctPlaces(context: Context, events: Group<TimelineEvent>): SubjectLabel[] {
  const distinct = groupBy(events, ({ finding }) => [finding.subject, finding.component]);
  return placesOf(
    context,
    distinct.map(
      ([
        {
          finding: { subject, component },
        },
      ]) => ({ subject, component }),
    ),
  );
}
