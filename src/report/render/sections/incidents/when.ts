import { max, min } from 'd3-array';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { type Context, periodSeconds } from '../../kit/context.ts';
import type { Group } from '../../kit/group.ts';
import { type FindingGroup, groupByPlace } from './finding-groups.ts';
import { INCIDENT_WORDS } from './words.ts';

/** Returns when an incident was and how long, one line each. `groups` may be empty. */
export function whenOf(context: Context, incident: Incident, groups: readonly FindingGroup[]): string[] {
  const [first, ...others] = groups;
  if (first === undefined || others.length > 0) return whenOfIncident(context, incident);
  const places = groupByPlace(first.findings);
  if (places.length > 1) return [whenOfPlaces(context, first.findings)];
  // A finding of each severity at one place: critical for a while, a warning before and after.
  return first.findings.length > 1
    ? whenOfIncident(context, incident)
    : whenOfFinding(context, first.findings[0]);
}

function whenOfIncident({ format, language, words: shared }: Context, incident: Incident): string[] {
  const { start, end, ongoing } = incident;
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  const range = ongoing ? shared.since(format.time(start)) : format.range(start, end);
  return seconds > 0 ? [range, INCIDENT_WORDS[language].lasted(format.duration(seconds))] : [range];
}

/** Up to this many moments are listed; more are given as a range. */
const MOMENTS = 3;

function whenOfPlaces({ format, words: shared }: Context, findings: Group<Finding>): string {
  const inOrder = findings.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const moments = [...new Set(inOrder.map(({ start }) => format.time(start)))];
  if (findings.every(({ start, end }) => start === end) && moments.length <= MOMENTS)
    return moments.join(shared.comma);
  const [{ start, end }] = findings;
  const earliest = min(findings, (finding) => finding.start) ?? start;
  // A range would look like something that is over.
  if (findings.some(({ ongoing }) => ongoing)) return shared.since(format.time(earliest));
  return format.range(earliest, max(findings, (finding) => finding.end) ?? end);
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
