import { allMissing, allTargets, countMissing } from '../../../model/all-rows.ts';
import { isEmptyReport, isNothingSeen } from '../../../model/nothing-seen.ts';
import { AT_END_SECONDS, type Report } from '../../../model/report.ts';
import { countSilenced } from '../../../model/silence.ts';
import { antreaEvidence, antreaText } from '../../kit/antrea-version.ts';
import { scoreBar } from '../../kit/charts/bars.ts';
import { type Context, periodBefore, periodSeconds, titleOf } from '../../kit/context.ts';
import { groupBy } from '../../kit/group.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { periodName } from '../../kit/period-name.ts';
import { name, type Phrase, phrase } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { resolvedCount } from '../changes/view.ts';
import { dataFromSentence } from '../coverage/survey.ts';
import { isCompared, isFresh } from '../incidents/comparison.ts';
import { findingsOf } from '../incidents/finding-groups.ts';
import { INCIDENT_WORDS } from '../incidents/words.ts';
import { NOTHING_SEEN_WORDS } from '../nothing-seen/words.ts';
import { SILENCED_WORDS } from '../silenced/words.ts';
import { MASTHEAD_WORDS } from './words.ts';

type Fact = { label: string; value: Phrase; detail: string; bar: Markup | null };

export type MastheadView = {
  kicker: string;
  cluster: Phrase;
  /** The day, week or month of the report; empty for a period with hours. */
  period: string;
  verdict: { status: StatusView; word: string; detail: string };
  facts: Fact[];
  /** What the report lacks; null for a complete report. */
  missing: { heading: string; text: string } | null;
};

export function mastheadView(context: Context): MastheadView {
  const { report, words: shared, language } = context;
  const { verdict, complete, cluster } = report;
  const isEmpty = isEmptyReport(report);
  return {
    kicker: MASTHEAD_WORDS[language].kicker,
    cluster: name(cluster),
    period: unbroken(periodName(context) ?? ''),
    verdict: {
      status: statusView(context, verdict === 'unknown' ? 'no-data' : verdict),
      word: shared.verdicts[verdict],
      detail: isEmpty ? NOTHING_SEEN_WORDS[language].verdict : verdictDetail(context),
    },
    facts: [
      scoreFact(context, isEmpty),
      periodFact(context),
      coverageFact(context),
      ...antreaFacts(context),
      generatedFact(context),
    ],
    missing:
      complete || isEmpty
        ? null
        : { heading: shared.incomplete, text: missingSentences(context).join(shared.sentenceSpace) },
  };
}

const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

function verdictDetail(context: Context): string {
  const { report, words: shared, language } = context;
  const ongoing = report.incidents.filter((incident) => incident.ongoing).length;
  const silenced = countSilenced(report);
  return [
    shared.verdictDetail(report.verdict, report.incidents.length, ongoing),
    silenced.critical + silenced.warning === 0 ? '' : SILENCED_WORDS[language].sentence(silenced),
    sinceBefore(context),
  ]
    .filter((sentence) => sentence !== '')
    .join(shared.sentenceSpace);
}

/** Returns what is new and what is resolved; empty where the period before was not evaluated. */
function sinceBefore(context: Context): string {
  const { report, language } = context;
  if (!isCompared(report)) return '';
  const freshness = report.incidents.map((incident) => isFresh(findingsOf(report, incident)));
  const fresh = freshness.filter((isNew) => isNew === true).length;
  // "Nothing new" is only true where it is known for every incident.
  const isKnown = freshness.length > 0 && (fresh > 0 || freshness.every((isNew) => isNew !== null));
  return INCIDENT_WORDS[language].sinceBefore(
    isKnown ? fresh : null,
    resolvedCount(report),
    periodBefore(context),
  );
}

function scoreFact(context: Context, isEmpty: boolean): Fact {
  const { report, words: shared, language } = context;
  const { score, comparisons } = report;
  const before = comparisons.find(({ kind }) => kind === 'before')?.score;
  // An empty report has no score: a number would look like a result.
  if (isEmpty) return { label: shared.score, value: phrase`–`, detail: '', bar: null };
  return {
    label: shared.score,
    value: phrase`${score}${shared.outOfHundred}`,
    detail: before === undefined ? '' : MASTHEAD_WORDS[language].scoreBefore(before, periodBefore(context)),
    bar: markup(scoreBar(score, shared.scoreDescription(score))),
  };
}

function periodFact(context: Context): Fact {
  const { report, words: shared, format, language } = context;
  const { start, end } = report.period;
  return {
    label: MASTHEAD_WORDS[language].period,
    // A line may break between the two times, not within one.
    value: phrase`${format.dateRange(start, end).split(' – ').map(unbroken).join(' – ')}`,
    detail: `${format.duration(periodSeconds(context))}${shared.comma}${format.zoneName(end)}`,
    bar: null,
  };
}

function coverageFact({ report, words: shared, format, language }: Context): Fact {
  const words = MASTHEAD_WORDS[language];
  const { coverage } = report;
  const counts = isNothingSeen(report)
    ? NOTHING_SEEN_WORDS[language].noTargets
    : coverage.known
      ? shared.coverageCounts(coverage)
      : words.coverageUnknown;
  return {
    label: words.coverage,
    value: phrase`${counts}`,
    detail: coverage.seenRatio === null ? '' : words.coverageSeen(format.percent(coverage.seenRatio)),
    bar: null,
  };
}

function antreaFacts(context: Context): Fact[] {
  const text = antreaText(context);
  const detail = antreaEvidence(context);
  return text === null ? [] : [{ label: 'Antrea', value: phrase`${text}`, detail, bar: null }];
}

/** From this age on, readers should know that "ongoing" may no longer hold. */
const FRESH_SECONDS = 3600;

function generatedFact({ report, format, language }: Context): Fact {
  const words = MASTHEAD_WORDS[language];
  const { recordedAt } = report.source;
  const age = (Date.parse(report.generatedAt) - Date.parse(report.period.end)) / 1000;
  const ageText = age < FRESH_SECONDS ? '' : words.afterPeriod(format.duration(age));
  return {
    label: words.generated,
    value: phrase`${format.dateTime(report.generatedAt)}`,
    detail: recordedAt === null ? ageText : words.recorded(format.dateTime(recordedAt)),
    bar: null,
  };
}

/** Subjects without a reading, and indicators without it, that a sentence names. */
const MISSING_BY_NAME = 3;

/** Sentences about missing readings. */
const MISSING_SENTENCES = 3;

/** Returns which readings are missing. Indicators that lack those of the same subjects share a sentence. */
function missingReadings(context: Context): string[] {
  const { report, language, hostName } = context;
  const words = MASTHEAD_WORDS[language].missing;
  const lacking = report.indicators.filter((indicator) => countMissing(indicator) > 0);
  const groups = groupBy(lacking, ({ missing, otherMissing }) => [missing, otherMissing]);
  const left = groups.slice(MISSING_SENTENCES).flat().length;
  return [
    ...groups.slice(0, MISSING_SENTENCES).map((group) => {
      const titles = group.slice(0, MISSING_BY_NAME).map(({ id }) => titleOf(context, id));
      const subjects = group[0].missing.slice(0, MISSING_BY_NAME).map(({ subject }) => hostName(subject));
      return words.readings(
        { names: titles, more: group.length - titles.length },
        { names: subjects, more: countMissing(group[0]) - subjects.length },
      );
    }),
    ...(left > 0 ? [words.moreReadings(left)] : []),
  ];
}

/** Returns every reason why the report is incomplete: the rule of the document for `complete`, in words. */
export function missingSentences(context: Context): string[] {
  const { report, words: shared, language } = context;
  const words = MASTHEAD_WORDS[language].missing;
  const { coverage } = report;
  const titles = (status: Report['indicators'][number]['status']) =>
    report.indicators.filter((one) => one.status === status).map(({ id }) => titleOf(context, id));
  const failed = titles('failed');
  const notCaptured = titles('not-captured');
  const withoutData = isNothingSeen(report) ? [] : titles('no-data');
  const isAgentMissing = coverage.agentsDesired !== null && coverage.agentsAtEnd < coverage.agentsDesired;
  const sentences = [
    coverageSentence(context),
    dataFromSentence(context),
    ...unansweredSentences(context),
    coverage.known && !coverage.scrapeIntervalKnown ? words.interval : '',
    failed.length === 0 ? '' : words.failed(failed),
    notCaptured.length === 0 ? '' : words.notCaptured(notCaptured),
    withoutData.length === 0 ? '' : words.noData(withoutData),
    ...missingReadings(context),
    isAgentMissing ? words.agents(coverage, missingUnread(report)) : '',
    report.metrics === null ? shared.metricsUnknown(report.metricsReason ?? '') : '',
    report.warnings.length === 0 ? '' : words.warnings(report.warnings.length),
  ].filter((sentence) => sentence !== '');
  return sentences.length > 0 ? sentences : [words.other];
}

/**
 * Returns how many of the nodes without readings had no agent at the end: readers see the two numbers of nodes next to
 * each other. Null for a few nodes, which are named.
 */
function missingUnread(report: Report): number | null {
  const unread = new Set(
    report.indicators
      .flatMap((indicator) => allMissing(report, indicator))
      .flatMap(({ subject, component }) => (component === 'agent' ? [subject] : [])),
  );
  if (unread.size <= MISSING_BY_NAME) return null;
  const atEnd = Date.parse(report.period.end) - AT_END_SECONDS * 1000;
  const present = new Set(
    allTargets(report).flatMap(({ subject, component, lastSeen }) =>
      component === 'agent' && lastSeen !== null && Date.parse(lastSeen) > atEnd ? [subject] : [],
    ),
  );
  return [...unread].filter((node) => !present.has(node)).length;
}

/** Returns which questions besides those of indicators failed, if findings depend on them. */
function unansweredSentences(context: Context): string[] {
  const words = MASTHEAD_WORDS[context.language].missing;
  return context.report.unanswered.flatMap(({ about, indicators, reason }) => {
    if (about === 'targets') return [words.targets(reason)];
    if (about === 'agents') return [words.agentsWanted(reason)];
    if (about === 'restarts') return [words.restarts];
    if (about !== 'usual-level') return [];
    const titles = indicators.map((id) => titleOf(context, id));
    return [words.usualLevel(titles, periodBefore(context), reason)];
  });
}

function coverageSentence({ report, words: shared, language }: Context): string {
  if (isNothingSeen(report)) return NOTHING_SEEN_WORDS[language].incomplete;
  return report.coverage.known ? '' : shared.coverageUnknown(report.coverage.reason ?? '');
}
