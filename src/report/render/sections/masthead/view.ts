import { isEmptyReport, isNothingSeen } from '../../../model/nothing-seen.ts';
import type { Report } from '../../../model/report.ts';
import { scoreBar } from '../../kit/charts/small.ts';
import { type Context, periodSeconds, titleOf } from '../../kit/context.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { name, type Phrase, phrase } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { isCompared, periodBefore } from '../attention/comparison.ts';
import type { AttentionEntry } from '../attention/entry.ts';
import { INCIDENT_WORDS } from '../attention/words.ts';
import { resolvedCount } from '../changes/view.ts';
import { dataFromSentence } from '../coverage/survey.ts';
import { NOTHING_SEEN_WORDS } from '../nothing-seen/words.ts';

export type Masthead = {
  kicker: string;
  cluster: Phrase;
  verdict: { status: StatusView; word: string; detail: string };
  facts: { label: string; value: Phrase; detail: string; bar: Markup | null }[];
  /** What is missing of the report; empty where nothing is. */
  missing: { heading: string; text: string } | null;
};

export function mastheadView(context: Context, entries: readonly AttentionEntry[]): Masthead {
  const { report, words, format } = context;
  const { period, coverage, score } = report;
  const ongoing = entries.filter((entry) => entry.isOngoing).length;
  const kind = report.verdict === 'unknown' ? 'no-data' : report.verdict;
  const isEmpty = isEmptyReport(report);
  const nothing = NOTHING_SEEN_WORDS[context.language];
  return {
    kicker: words.kicker,
    cluster: name(report.cluster),
    verdict: {
      status: statusView(context, kind),
      word: words.verdicts[report.verdict],
      detail: isEmpty
        ? nothing.verdict
        : [words.verdictDetail(report.verdict, entries.length, ongoing), sinceBefore(context, entries)]
            .filter((sentence) => sentence !== '')
            .join(words.sentenceSpace),
    },
    facts: [
      {
        label: words.masthead.score,
        // Of a cluster of which nothing is known, a number would say something.
        value: isEmpty ? phrase`–` : phrase`${score}${words.masthead.outOfHundred}`,
        detail: '',
        bar: isEmpty ? null : markup(scoreBar(score, words.masthead.scoreDescription(score))),
      },
      {
        label: words.masthead.period,
        value: phrase`${format.dateRange(period.start, period.end)}`,
        detail: `${format.duration(periodSeconds(context))}${words.comma}${format.zoneName(period.end)}`,
        bar: null,
      },
      {
        label: words.masthead.coverage,
        value: phrase`${coverageText(context)}`,
        detail:
          coverage.seenRatio === null ? '' : words.masthead.coverageSeen(format.percent(coverage.seenRatio)),
        bar: null,
      },
      ...antreaFacts(context),
      {
        label: words.masthead.generated,
        value: phrase`${format.dateTime(report.generatedAt)}`,
        detail:
          report.source.recordedAt === null
            ? ''
            : words.masthead.recorded(format.dateTime(report.source.recordedAt)),
        bar: null,
      },
    ],
    missing:
      report.complete || isEmpty
        ? null
        : { heading: words.masthead.incomplete, text: missingSentences(context).join(words.sentenceSpace) },
  };
}

function coverageText({ report, words, language }: Context): string {
  const { coverage } = report;
  if (isNothingSeen(report)) return NOTHING_SEEN_WORDS[language].noTargets;
  return coverage.known
    ? words.masthead.coverageCounts({ ...coverage, controllers: coverage.controllersAtEnd })
    : words.masthead.coverageUnknown;
}

/** What is new and what is gone, where the period before was judged too. */
function sinceBefore(context: Context, entries: readonly AttentionEntry[]): string {
  const { report, language } = context;
  if (!isCompared(report)) return '';
  const isKnown = entries.every(({ isNew }) => isNew !== null);
  const fresh = entries.filter(({ isNew }) => isNew === true).length;
  return INCIDENT_WORDS[language].sinceBefore(
    // Of none there is nothing to say; "nothing new" takes that all are known.
    entries.length === 0 || (fresh === 0 && !isKnown) ? null : fresh,
    resolvedCount(report),
    periodBefore(context),
  );
}

/** Which Antrea it is, where the metrics tell. */
function antreaFacts({ report: { antrea }, words }: Context): Masthead['facts'] {
  const { from, before } = antrea;
  if (from === null && before === null) return [];
  return [
    {
      label: 'Antrea',
      value: phrase`${words.masthead.antrea(from, from === null ? null : lastBefore(before), withoutZero(before))}`,
      detail: words.masthead.antreaEvidence,
      bar: null,
    },
  ];
}

/** "2.4" before 2.5.0, "1.13.0" before 1.13.1; before 2.0.0 that cannot be told from the number. */
function lastBefore(release: string | null): string | null {
  const [, major, minor, patch] = (release ?? '').match(/^(\d+)\.(\d+)\.(\d+)$/)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return null;
  if (patch > 0) return `${major}.${minor}.${patch - 1}`;
  return minor > 0 ? `${major}.${minor - 1}` : null;
}

function withoutZero(release: string | null): string | null {
  return release?.replace(/^(\d+\.\d+)\.0$/, '$1') ?? null;
}

/** So many subjects without a reading are named; a sentence of more is not read. */
const MISSING_BY_NAME = 3;

/** Every reason why the report is not complete; they are the document's rule for `complete`, in words. */
function missingSentences(context: Context): string[] {
  const { report, words } = context;
  const { coverage } = report;
  const titles = (status: Report['indicators'][number]['status']) =>
    report.indicators.filter((one) => one.status === status).map(({ id }) => titleOf(context, id));
  const failed = titles('failed');
  const unseen = titles('no-data');
  const partly = report.indicators
    .filter(({ missing }) => missing.length > 0)
    .map(({ id, missing }) => {
      const named = missing.slice(0, MISSING_BY_NAME).map(({ subject }) => subject);
      return words.masthead.incompleteReadings(titleOf(context, id), named, missing.length - named.length);
    });
  const { agentsDesired, agentsAtEnd } = coverage;
  const sentences = [
    isNothingSeen(report)
      ? NOTHING_SEEN_WORDS[context.language].incomplete
      : coverage.known
        ? ''
        : words.masthead.incompleteCoverage(coverage.reason ?? ''),
    dataFromSentence(context),
    !coverage.known || coverage.scrapeIntervalKnown ? '' : words.masthead.incompleteInterval,
    failed.length === 0 ? '' : words.masthead.incompleteFailed(failed),
    unseen.length === 0 || isNothingSeen(report) ? '' : words.masthead.incompleteNoData(unseen),
    ...partly,
    agentsDesired === null || agentsAtEnd >= agentsDesired
      ? ''
      : words.masthead.incompleteAgents({ ...coverage, controllers: coverage.controllersAtEnd }),
    report.metrics === null ? words.masthead.incompleteMetrics(report.metricsReason ?? '') : '',
    report.warnings.length === 0 ? '' : words.masthead.incompleteWarnings(report.warnings.length),
  ].filter((sentence) => sentence !== '');
  return sentences.length > 0 ? sentences : [words.masthead.incompleteOther];
}
