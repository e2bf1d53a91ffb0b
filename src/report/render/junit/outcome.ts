import { allFindings } from '../../model/all-rows.ts';
import type { CoverageCheckId } from '../../model/indicator.ts';
import type { Finding, ReportIndicator } from '../../model/report.ts';
import { explainedFindings, type Incident } from '../../model/report-analysis.ts';
import { defectViews } from '../kit/antrea-version.ts';
import { shownCommands } from '../kit/command.ts';
import type { Context } from '../kit/context.ts';
import { type Group, groupBy } from '../kit/group.ts';
import { meaningOf, wordsAbout } from '../kit/meaning.ts';
import { type Phrase, phrase, plain, withCode } from '../kit/phrase.ts';
import { placeOf } from '../kit/place.ts';
import type { ShownStatus } from '../kit/words/facts.ts';
import { reasonOf } from '../sections/absent/view.ts';
import { explainedOf, statusOf } from '../sections/incidents/explained.ts';
import { worstByPlace } from '../sections/incidents/finding-groups.ts';
import { amountOf, headlineOf } from '../sections/incidents/headline.ts';
import { summaryOf } from '../sections/incidents/summary.ts';
import { whenOfFinding } from '../sections/incidents/when.ts';
import { sentenceOf } from '../sections/indicators/indicator.ts';
import { missingSentences } from '../sections/masthead/view.ts';
import { silencedRows } from '../sections/silenced/view.ts';
import { JUNIT_WORDS } from './words.ts';

/** What a test case says. `lines`: plain text below the message. */
export type Outcome =
  | { kind: 'passed'; lines: string[] }
  | { kind: 'skipped'; lines: string[] }
  | { kind: 'failure' | 'error'; type: string; message: Phrase; lines: string[] };

/**
 * How the statuses of a report read as results of a test. What another finding explains needs no attention, so it passes,
 * as in the verdict; what was not judged neither passes nor fails.
 */
const KINDS: Readonly<Record<ShownStatus, Outcome['kind']>> = {
  critical: 'failure',
  warning: 'failure',
  explained: 'passed',
  silenced: 'skipped',
  healthy: 'passed',
  idle: 'skipped',
  information: 'skipped',
  'not-enabled': 'skipped',
  'not-exposed': 'skipped',
  'no-data': 'error',
  'not-captured': 'error',
  failed: 'error',
};

export function indicatorOutcome(context: Context, indicator: ReportIndicator): Outcome {
  const status = statusOf(context, indicator);
  const kind = KINDS[status];
  if (kind === 'failure') return failureOf(context, indicator.id) ?? unexplained(context, status);
  const isAbsent = status === 'not-enabled' || status === 'not-exposed';
  const sentence = isAbsent ? withCode(reasonOf(context, indicator)) : sentenceOf(context, indicator, 'full');
  if (kind === 'error')
    return {
      kind,
      type: status,
      message: sentence,
      lines: [
        ...(indicator.reason === null ? [] : [context.words.reason(indicator.reason)]),
        indicator.query,
      ],
    };
  if (status === 'silenced')
    return silencedOutcome(context, indicator.id) ?? { kind, lines: [plain(sentence)] };
  if (status === 'explained') return { kind, lines: explanationOf(context, indicator.id) };
  return { kind, lines: [plain(sentence)] };
}

/** A document that says critical and has no finding for it; silence would read as health. */
function unexplained({ words }: Context, status: ShownStatus): Outcome {
  return { kind: 'failure', type: status, message: phrase`${words.statuses[status]}`, lines: [] };
}

/** Returns the outcome of a check of the data itself. */
export function checkOutcome(context: Context, id: CoverageCheckId): Outcome {
  const { report, words } = context;
  const failure = failureOf(context, id);
  if (failure !== null) return failure;
  if (!report.coverage.known)
    return {
      kind: 'error',
      type: 'no-data',
      message: phrase`${words.coverageUnknown(report.coverage.reason ?? '')}`,
      lines: [],
    };
  const silenced = silencedOutcome(context, id);
  return silenced ?? { kind: 'passed', lines: explanationOf(context, id) };
}

/** Silenced findings that a skipped test lists; it counts the others. */
const SILENCED = 20;

/** Returns what was found and why it does not count; null where nothing is silenced. */
function silencedOutcome(context: Context, id: string): Outcome | null {
  const { report, words, format, language } = context;
  const silenced = report.silenced.filter(({ finding }) => finding.indicator === id);
  if (silenced.length === 0) return null;
  const rows = silencedRows(withDates(context), silenced.slice(0, SILENCED));
  return {
    kind: 'skipped',
    lines: [
      ...rows.flatMap(({ headline, when, reason }) => [
        `${plain(headline)}${words.comma}${when}`,
        `  ${words.statuses.silenced}${words.colon}${plain(reason)}`,
      ]),
      ...(silenced.length > SILENCED ? [words.more(silenced.length - SILENCED)] : []),
      JUNIT_WORDS[language].times(format.zoneName(report.period.end)),
    ],
  };
}

/** Returns an error for a report that lacks something, so that no pipeline takes missing data for health. */
export function completenessOutcome(context: Context): Outcome {
  const { report, words } = context;
  if (report.complete) return { kind: 'passed', lines: [] };
  return {
    kind: 'error',
    type: 'incomplete',
    message: phrase`${words.incomplete}`,
    lines: missingSentences(context),
  };
}

/** Returns what caused findings that need no attention; no lines where there are none. */
function explanationOf(context: Context, id: string): string[] {
  const explained = explainedOf(context, id);
  if (explained === null) return [];
  const { by, incidents, separator, more } = explained;
  return [
    [`${by}${incidents.map(({ headline }) => plain(headline)).join(separator)}`, more].join(' ').trim(),
  ];
}

/** Nodes that a failure names; it counts the others. */
const PLACES = 20;

/** Incidents that a failure names. */
const INCIDENTS = 3;

/** Returns what is wrong, where, since when, what it means, and what to do first; null where nothing needs attention. */
function failureOf(context: Context, id: string): Outcome | null {
  const { report, words, format, language } = context;
  const explained = explainedFindings(report.incidents);
  const alarms = allFindings(report).flatMap((finding, place) =>
    finding.indicator === id && !explained.has(place) ? [{ finding, place }] : [],
  );
  // One group: all of them are about one indicator.
  const [all] = groupBy(alarms, ({ finding }) => finding.indicator);
  if (all === undefined) return null;
  const [first, ...others] = all;
  const findings: Group<Finding> = [first.finding, ...others.map(({ finding }) => finding)];
  const worst = worstByPlace(findings);
  const places = new Set(alarms.map(({ place }) => place));
  const about = report.incidents.filter(({ findings: members }) =>
    members.some((place) => places.has(place)),
  );
  const incidents = about.filter(({ findings: members }) => !members.every((place) => places.has(place)));
  return {
    kind: 'failure',
    type: findings.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning',
    message: headlineOf(context, worst),
    lines: [
      ...worst.slice(0, PLACES).map((finding) => placeLine(context, finding)),
      ...(worst.length > PLACES ? [words.more(worst.length - PLACES)] : []),
      ...incidents
        .slice(0, INCIDENTS)
        .map((incident) => JUNIT_WORDS[language].incident(plain(summaryOf(context, incident)))),
      ...adviceOf(context, id, findings),
      ...defectLines(context, about),
      JUNIT_WORDS[language].times(format.zoneName(report.period.end)),
    ],
  };
}

/** Known defects that a failure names. */
const DEFECTS = 2;

/** Returns the known defects of this version that show in the findings of incidents. */
function defectLines(context: Context, incidents: readonly Incident[]): string[] {
  const byId = new Map(incidents.flatMap(({ defects = [] }) => defects).map((defect) => [defect.id, defect]));
  return defectViews(context, [...byId.values()].slice(0, DEFECTS)).map(
    ({ heading, title, link }) => `${heading}${context.words.colon}${plain(title)} ${link.url}`,
  );
}

/** A log of CI is read on any day, so its times have dates. */
function withDates(context: Context): Context {
  const { format } = context;
  return {
    ...context,
    format: {
      ...format,
      time: format.dateTime,
      range: (start, end) => (start === end ? format.dateTime(start) : format.dateRange(start, end)),
    },
  };
}

function placeLine(context: Context, finding: Finding): string {
  const { words } = context;
  const facts = [
    words.statuses[finding.severity],
    plain(words.placeShort(placeOf(context, finding))),
    amountOf(context, finding),
    ...whenOfFinding(withDates(context), finding),
  ];
  return facts.join(words.comma);
}

function adviceOf(context: Context, id: string, findings: readonly Finding[]): string[] {
  const { language, words } = context;
  const meaning = meaningOf(context, id, findings);
  const step = wordsAbout(context, id, findings)?.nextSteps[0];
  const commands = step === undefined ? [] : shownCommands(context, step.command, findings);
  return [
    ...(meaning === null ? [] : [`${meaning.heading}${words.colon}${plain(meaning.text)}`]),
    ...(step === undefined
      ? []
      : [`${words.firstStep}${words.colon}${plain(withCode(step.text[language]))}`]),
    ...commands.map(({ lines, note }) => `  ${note === '' ? lines.flat().join('').trim() : note}`),
  ];
}
