import { min } from 'd3-array';
import type { Finding } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import type { Context } from '../../kit/context.ts';
import type { Group } from '../../kit/group.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { type FindingGroup, groupFindings } from './finding-groups.ts';
import { factsOf } from './headline.ts';
import { INCIDENT_WORDS } from './words.ts';

/** How many following groups a text names: the headline of an incident, and its line in the list of all. */
const FOLLOWING = { headline: 2, summary: 1 } as const;

/**
 * Returns what happened first, and what followed that needs attention itself. Explained groups need no attention, so
 * they are only counted.
 */
export function headlineOfSeveral(
  context: Context,
  [first, ...others]: Group<FindingGroup>,
  form: keyof typeof FOLLOWING = 'headline',
): Phrase {
  const alarms = others.filter(({ explainedBy }) => explainedBy === null);
  // The worst ones, in the order in which they happened.
  const worst = alarms.toSorted((a, b) => weight(b) - weight(a)).slice(0, FOLLOWING[form]);
  const following = alarms
    .filter((group) => worst.includes(group))
    .map((group) => ({
      ...factsOf(context, group.worst),
      isCaused: group.isCaused,
      isLater: group.isCaused && isLater(context, group, first),
      isSamePlace: isSamePlace(group.findings, first.findings),
    }));
  return INCIDENT_WORDS[context.language].headlineOfSeveral(factsOf(context, first.worst), following, {
    more: alarms.length - worst.length,
    // The rows below a headline show them.
    related: alarms.length === 0 && form === 'summary' ? others.length : 0,
  });
}

/** Returns an incident in one line. */
export function summaryOf(context: Context, incident: Incident): Phrase {
  const [first, ...others] = groupFindings(context.report, incident);
  if (first === undefined) return phrase`${INCIDENT_WORDS[context.language].unknown}`;
  return headlineOfSeveral(context, [first, ...others], 'summary');
}

/** Whether findings followed on the first ones. What a restart causes may seem to begin a step before it. */
function isLater({ report }: Context, group: FindingGroup, first: FindingGroup): boolean {
  const startOf = ({ findings }: FindingGroup) => min(findings, ({ start }) => Date.parse(start)) ?? 0;
  const isMoment = first.findings.every(({ start, end }) => start === end);
  return isMoment || startOf(group) - startOf(first) >= report.period.stepSeconds * 1000;
}

const weight = ({ severity }: FindingGroup) => (severity === 'critical' ? 1 : 0);

/** Returns a key that is equal for findings of the same process. */
export const processKey = ({ subject, component }: Finding) => JSON.stringify([subject, component]);

/** Whether findings are about exactly the same processes, so that "its" or "their" refers to them. */
function isSamePlace(some: readonly Finding[], others: readonly Finding[]): boolean {
  const [someKeys, otherKeys] = [new Set(some.map(processKey)), new Set(others.map(processKey))];
  return (
    someKeys.size === otherKeys.size &&
    [...someKeys].every((key) => otherKeys.has(key)) &&
    others.every(({ component }) => component !== null)
  );
}
