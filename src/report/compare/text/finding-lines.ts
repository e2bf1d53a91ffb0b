import { max, min } from 'd3-array';
import type { Finding } from '../../model/report.ts';
import { titleOf } from '../../render/kit/context.ts';
import { type Group, groupBy } from '../../render/kit/group.ts';
import type { Phrase } from '../../render/kit/phrase.ts';
import { placesOf } from '../../render/kit/place.ts';
import { CHANGE_WORDS } from '../../render/sections/changes/words.ts';
import { amountOf, headlineOf } from '../../render/sections/incidents/headline.ts';
import { whenOfFinding } from '../../render/sections/incidents/when.ts';
import { INCIDENT_WORDS } from '../../render/sections/incidents/words.ts';
import type { ComparedFinding, FindingChange } from '../difference.ts';
import type { Line, Which } from './facts.ts';
import { type DifferenceContext, findingOf, transition } from './sides.ts';

/** Returns a line for each group of changes of one kind: 300 restarted nodes are one rollout. */
export function findingLines(context: DifferenceContext, changes: readonly FindingChange[]): Line[] {
  const groups = groupBy(
    changes,
    ({ indicator, component, subject, first, second, reason, sameThresholds }) => [
      indicator,
      component === null ? subject : null,
      [first?.severity, first?.explained],
      [second?.severity, second?.explained],
      reason,
      sameThresholds,
    ],
  );
  return groups.map((group) => lineOf(context, group));
}

function lineOf(context: DifferenceContext, group: Group<FindingChange>): Line {
  const { words } = context;
  const [{ first, second, sameThresholds, kind, reason }] = group;
  const judgement = sameThresholds || reason === 'no-thresholds' ? [] : [words.otherThresholds];
  if (first !== null && second !== null) {
    const facts = [...changedFacts(context, group), ...judgement];
    const mark = second.explained ? null : second.severity;
    return { mark, text: subjectOf(context, group, 'second'), facts };
  }
  const which: Which = second === null ? 'first' : 'second';
  const why = reason === null ? [] : [words.reason(reason, which === 'first' ? 'second' : 'first')];
  return {
    // What is over needs no mark; what may not be over is unknown.
    mark: second?.severity ?? (kind === 'not-judged' ? 'unknown' : null),
    text:
      which === 'first'
        ? goneText(context, group)
        : headlineOf(context.contexts.second, findingsIn(group, 'second')),
    facts: [...whenFacts(context, group, which), ...why, ...judgement],
  };
}

/** Returns the findings of a group in one of the reports; either all changes of a group have one, or none. */
function findingsIn([first, ...others]: Group<FindingChange>, which: Which): Group<Finding> {
  const findings = others.flatMap((change) =>
    change[which] === null ? [] : [findingOf(change, change[which])],
  );
  const finding = first[which];
  if (finding === null) throw new RangeError(`the ${which} report has no such finding`);
  return [findingOf(first, finding), ...findings];
}

function subjectOf(
  { contexts, words }: DifferenceContext,
  group: Group<FindingChange>,
  which: Which,
): Phrase {
  const context = contexts[which];
  return words.subject(titleOf(context, group[0].indicator), placesOf(context, findingsIn(group, which)));
}

/** Returns a finding that only the first report has, in the words for what is resolved. */
function goneText(
  { contexts: { first: context }, difference }: DifferenceContext,
  group: Group<FindingChange>,
): Phrase {
  const findings = findingsIn(group, 'first');
  // Nothing was resolved in one cluster because another one does not have it.
  if (!difference.sameCluster) return headlineOf(context, findings);
  return CHANGE_WORDS[context.language].resolved(
    titleOf(context, group[0].indicator),
    placesOf(context, findings),
    findings[0].severity,
    findings.length === 1 ? amountOf(context, findings[0]) : '',
  );
}

function whenFacts(
  { contexts, difference }: DifferenceContext,
  group: Group<FindingChange>,
  which: Which,
): string[] {
  const context = contexts[which];
  const words = INCIDENT_WORDS[context.language];
  const findings = findingsIn(group, which);
  const [finding, ...others] = findings;
  // What was ongoing at the end of the first period is over in the second one.
  const isOver = group[0].kind === 'resolved' && difference.sameCluster;
  const ongoing = isOver ? 0 : findings.filter((one) => one.ongoing).length;
  const when =
    others.length === 0 && !isOver
      ? whenOfFinding(context, finding).slice(0, 1)
      : [
          context.format.range(
            min(findings, ({ start }) => start) ?? finding.start,
            max(findings, ({ end }) => end) ?? finding.end,
          ),
        ];
  if (ongoing === 0) return when;
  return [
    ...when,
    ongoing === findings.length ? words.ongoing : words.someStillOngoing(ongoing, findings.length),
  ];
}

/** Returns what is different about findings that both reports have. */
function changedFacts(context: DifferenceContext, group: Group<FindingChange>): string[] {
  const { contexts, words } = context;
  const { words: shared, format } = contexts.second;
  const [{ first, second }] = group;
  if (first === null || second === null) return [];
  const [before, after] = [findingsIn(group, 'first'), findingsIn(group, 'second')];
  const isBelow = after[0].condition === 'below';
  const values = [worstAmount(context, before, 'first'), worstAmount(context, after, 'second')] as const;
  const durations = [before, after].map((findings) =>
    format.duration(max(findings, ({ durationSeconds }) => durationSeconds) ?? 0),
  );
  const [durationBefore = '', durationAfter = ''] = durations;
  const isLevel = second.durationSeconds > 0 && first.durationSeconds > 0 && second.unit !== 'seconds';
  const status = ({ severity, explained }: ComparedFinding) =>
    shared.statuses[explained ? 'explained' : severity];
  return [
    status(first) === status(second) ? '' : transition(status(first), status(second)),
    group.length > 1 ? words.worst(...values, isBelow) : transition(...values),
    isLevel && durationBefore !== durationAfter ? words.lasted(durationBefore, durationAfter) : '',
    ongoingFact(context, before, after),
  ].filter((fact) => fact !== '');
}

function ongoingFact(
  { words, contexts }: DifferenceContext,
  before: Group<Finding>,
  after: Group<Finding>,
): string {
  const incidentWords = INCIDENT_WORDS[contexts.second.language];
  const ongoing = after.filter((finding) => finding.ongoing).length;
  if (ongoing === 0) return before.some((finding) => finding.ongoing) ? words.over : '';
  return ongoing === after.length
    ? incidentWords.ongoing
    : incidentWords.someStillOngoing(ongoing, after.length);
}

function worstAmount({ contexts }: DifferenceContext, findings: Group<Finding>, which: Which): string {
  const isBelow = findings[0].condition === 'below';
  const worst = findings.reduce((found, finding) =>
    (isBelow ? finding.value < found.value : finding.value > found.value) ? finding : found,
  );
  return amountOf(contexts[which], worst);
}
