import { max, min, sum } from 'd3-array';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { type Context, periodSeconds } from '../../kit/context.ts';
import { mergeSpans, type Span, spanOf } from '../../kit/episodes.ts';
import type { Group } from '../../kit/group.ts';
import { type FindingGroup, groupByPlace } from './finding-groups.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Returns when an incident was and how long, one line each. `groups` may be empty. */
export function whenOf(context: Context, incident: Incident, groups: readonly FindingGroup[]): string[] {
  const [first, ...others] = groups;
  // The time between the findings of several indicators belongs to the incident.
  if (first === undefined || others.length > 0) return whenOfIncident(context, incident, []);
  const places = groupByPlace(first.findings);
  if (places.length > 1) return whenOfPlaces(context, first.findings);
  // A finding of each severity at one place: critical for a while, a warning before and after.
  return first.findings.length > 1
    ? whenOfIncident(context, incident, first.findings)
    : whenOfFinding(context, first.findings[0]);
}

function whenOfIncident(context: Context, incident: Incident, findings: readonly Finding[]): string[] {
  const { format, language, words: shared } = context;
  const { start, end, ongoing } = incident;
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  const range = ongoing ? shared.since(format.time(start)) : format.range(start, end);
  if (seconds === 0) return [range];
  const parts = partsOf(context, findings);
  if (isSparse(parts)) return [range, countOfParts(context, parts)];
  return [range, INCIDENT_WORDS[language].lasted(format.duration(seconds))];
}

/** Up to this many moments are listed; more are given as a range. */
const MOMENTS = 3;

function whenOfPlaces(context: Context, findings: Group<Finding>): string[] {
  const { format, words: shared } = context;
  const inOrder = findings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const moments = [...new Set(inOrder.map(({ start }) => format.time(start)))];
  if (findings.every(({ start, end }) => start === end) && moments.length <= MOMENTS)
    return [moments.join(shared.comma)];
  const [{ start, end }] = findings;
  const earliest = min(findings, (finding) => finding.start) ?? start;
  // A range would look like something that is over.
  if (findings.some(({ ongoing }) => ongoing)) return [shared.since(format.time(earliest))];
  const range = format.range(earliest, max(findings, (finding) => finding.end) ?? end);
  const parts = partsOf(context, findings);
  return isSparse(parts) ? [range, countOfParts(context, parts)] : [range];
}

/** Returns the parts of the period in which any of the findings was there, in order. */
function partsOf(context: Context, findings: readonly Finding[]): Span[] {
  return mergeSpans(findings.flatMap(({ episodes }) => episodes.map((episode) => spanOf(context, episode))));
}

/** Whether something was there for less than half of the time from its first to its last moment. */
function isSparse(parts: readonly Span[]): boolean {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return false;
  return sum(parts, ({ from, to }) => to - from) < (last.to - first.from) / 2;
}

/** A range looks like the time for which something was there, so the number of its parts follows. */
function countOfParts({ language }: Context, parts: readonly Span[]): string {
  return INCIDENT_WORDS[language].episodes(
    parts.length,
    parts.every(({ from, to }) => from === to),
  );
}

/** Returns when an incident was, in one line. */
export function whenInShort(context: Context, incident: Incident, groups: readonly FindingGroup[]): string {
  const [range = '', ...details] = whenOf(context, incident, groups);
  const [only, ...others] = groups;
  const isSparseRange =
    only !== undefined && others.length === 0 && isSparse(partsOf(context, only.findings));
  return isSparseRange ? [range, ...details.slice(0, 1)].join(context.words.comma) : range;
}

/** Returns when a finding was and how long, one line each. */
export function whenOfFinding(context: Context, finding: Finding): string[] {
  const { format, language, words: shared } = context;
  const words = INCIDENT_WORDS[language];
  const { start, end, durationSeconds, episodes, ongoing } = finding;
  const range = format.range(start, end);
  const duration = format.duration(durationSeconds);
  if (episodes.length > 1)
    return [
      range,
      words.episodes(episodes.length, durationSeconds === 0),
      ...(durationSeconds > 0 ? [words.inTotal(duration)] : []),
    ];
  if (durationSeconds === 0) return [range];
  if (durationSeconds >= periodSeconds(context)) return [words.wholePeriod, words.lasted(duration)];
  return [ongoing ? shared.since(format.time(start)) : range, words.lasted(duration)];
}
