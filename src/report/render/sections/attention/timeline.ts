import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import type { Context } from '../../kit/context.ts';
import { join, type Phrase } from '../../kit/phrase.ts';
import { placeOf } from '../../kit/place.ts';
import { localDay } from '../../kit/time-ticks.ts';
import type { SubjectLabel } from '../../kit/words/words.ts';
import { clauseOf } from './headline.ts';
import { INCIDENT_WORDS } from './words.ts';

/** What happened at a time, in a line. */
export type Moment = { time: string; text: Phrase };

type Entry = Incident['timeline'][number] & { about: Finding };
type Entries = readonly [Entry, ...Entry[]];

/** So many are read in passing. */
const MOMENTS = 8;

/**
 * Of one place minute by minute. Of several it would be a list of all of them one after the other: there each thing
 * that happened is told once, with the time that it took to go round.
 */
export function timelineOf(
  context: Context,
  { timeline }: Incident,
  hasOnePlace: boolean,
): { moments: Moment[]; more: number } {
  const entries = timeline.flatMap((entry): Entry[] => {
    const about = context.report.findings[entry.finding];
    return about === undefined ? [] : [{ ...entry, about }];
  });
  const related = Map.groupBy(new Set(entries.map(({ about }) => about)), sameKey);
  const told = entries.filter((entry) => !isUnsaid(entry, related.get(sameKey(entry.about)) ?? []));
  const time = ({ at }: Entry) => context.format.time(at);
  const things = groupsOf(told, (entry) => [
    wayOf(entry),
    entry.about.indicator,
    hasOnePlace ? time(entry) : null,
  ]);
  const moments = groupsOf(things, (thing) => [time(thing[0]), time(thing.at(-1) ?? thing[0])]);
  const shown = moments.slice(0, MOMENTS);
  return {
    moments: shown.map((own, index) => ({
      time: timeOf(context, own[0], shown[index - 1]?.[0][0].at),
      text: join(
        own.map((thing) => eventOf(context, thing, hasOnePlace)),
        context.words.comma,
      ),
    })),
    more: moments.length - shown.length,
  };
}

/** What needs no saying: that a moment is over, and that what was critical goes on as a warning or was one before. */
function isUnsaid({ at, kind, about }: Entry, related: readonly Finding[]): boolean {
  if (kind !== 'start' && kind !== 'end') return false;
  if (kind === 'end' && about.start === at) return true;
  return related.some((other) => {
    if (other === about) return false;
    if (kind === 'end') return other.episodes.some(({ start, end }) => start <= at && at < end);
    const isWorse = about.severity === 'critical' && other.severity === 'warning';
    return !isWorse && other.episodes.some(({ start, end }) => start < at && at <= end);
  });
}

/** The same thing at the same place, whose severity may change. */
function sameKey({ indicator, subject, component, labels }: Finding): string {
  return JSON.stringify([indicator, subject, component, labels]);
}

function groupsOf<T>(all: readonly T[], keyOf: (one: T) => unknown): [T, ...T[]][] {
  const groups = Map.groupBy(all, (one) => JSON.stringify(keyOf(one)));
  return [...groups.values()].flatMap(([first, ...others]): [T, ...T[]][] =>
    first === undefined ? [] : [[first, ...others]],
  );
}

/** The day is said when it begins. */
function timeOf({ format }: Context, entries: Entries, before: string | undefined): string {
  const [first, last] = [entries[0].at, (entries.at(-1) ?? entries[0]).at];
  const dayOf = (instant: string) => localDay(Date.parse(instant), format.timeZone);
  const days = new Set([before ?? '', first, last].map(dayOf));
  const clocks = new Set([first, last].map((instant) => format.clock(new Date(instant))));
  return days.size === 1 ? [...clocks].join('–') : format.range(first, last);
}

/** A restart is told as one, however it came into the timeline. */
function wayOf({ kind, about }: Entry): Entry['kind'] {
  return about.indicator === 'process-restarts' && kind !== 'end' ? 'restart' : kind;
}

function eventOf(context: Context, entries: Entries, hasOnePlace: boolean): Phrase {
  const words = INCIDENT_WORDS[context.language];
  const [first] = entries;
  const way = wayOf(first);
  const values = entries.flatMap(({ value }) => value ?? []);
  const places = hasOnePlace ? [] : distinctPlaces(context, entries);
  const value =
    way === 'events'
      ? values.reduce((sum, one) => sum + one, 0)
      : first.about.condition === 'below'
        ? Math.min(...values)
        : Math.max(...values);
  const clause = clauseOf(context, [{ ...first.about, value: values.length > 0 ? value : 0 }]);
  if (way === 'restart') return words.restarts(entries.length, places);
  if (way === 'end') return words.ends(clause, places);
  if (way === 'start') return words.begins(clause, places, values.length > 0);
  return words.events(clause, places);
}

function distinctPlaces(context: Context, entries: Entries): SubjectLabel[] {
  const own = groupsOf(entries, ({ about }) => [about.subject, about.component]);
  return own.map(([{ about }]) => placeOf(context, { ...about, labels: {} }));
}
