import { allTargets } from '../../../model/all-rows.ts';
import { COVERAGE_CHECK_IDS } from '../../../model/indicator.ts';
import { compareNames } from '../../../model/names.ts';
import type { Target } from '../../../model/report.ts';
import { type Presence, presenceBar, presenceSwatch } from '../../kit/charts/bars.ts';
import { timeAxis } from '../../kit/charts/time-axis.ts';
import { type ShownStep, shownSteps } from '../../kit/command.ts';
import { type Context, periodSeconds, shareOfPeriod, titleOf } from '../../kit/context.ts';
import type { Span } from '../../kit/episodes.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { type Meaning, meaningOf } from '../../kit/meaning.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { sortValue } from '../../kit/numbers.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { type Phrase, phrase, plain, withCode } from '../../kit/phrase.ts';
import { placeOf, shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { type Explained, explainedOf } from '../incidents/explained.ts';
import { findingsAbout } from '../incidents/finding-groups.ts';
import { type GapRow, gapRows } from './gaps.ts';
import { type SurveyView, surveyView } from './survey.ts';
import { type KnownDefectsView, knownDefectsView, versionsText } from './versions.ts';
import { COVERAGE_WORDS, type CoverageWords } from './words.ts';

export type CoverageView = {
  heading: string;
  summary: Phrase;
  survey: SurveyView | null;
  /** Which versions of Antrea ran at the end; empty where that was not asked. */
  versions: string;
  /** Why it is unknown which alerts fired; empty where that is known or was not asked. */
  alerts: string;
  columns: CoverageWords['columns'];
  targets: TargetRow[];
  axis: Markup;
  legend: { swatch: Markup; word: string }[];
  /** How many targets have no row, if not all of them were scraped throughout. */
  more: string;
  /** The targets that were scraped throughout, which have no rows. */
  fine: { sentence: string; names: Phrase[]; more: string } | null;
  gapsHeading: string;
  gaps: GapRow[];
  moreGaps: string;
  checks: CheckView[];
  knownDefects: KnownDefectsView | null;
  warnings: { heading: string; items: { text: string; query: string }[] } | null;
};

type TargetRow = {
  place: Phrase;
  nodes: string;
  bar: Markup;
  share: string;
  restarts: string;
  /** What the columns are sorted by. */
  values: { share: string; restarts: string };
};

type CheckView = {
  title: string;
  status: StatusView;
  /** What caused all of its findings; null where there are steps instead. */
  explained: Explained | null;
  explanation: Phrase;
  meaning: Meaning | null;
  stepsHeading: string;
  steps: ShownStep[];
};

/** Names of targets that were scraped throughout. */
const FINE_NAMES = 100;

/** Targets with a bar. */
const BARS = 30;

const GAP_ROWS = 12;

/** Returns how completely each target was scraped, worst first. */
export function coverageView(context: Context): CoverageView {
  const { report, words: shared, language } = context;
  const words = COVERAGE_WORDS[language];
  const isThroughout = (target: Target) => wasScrapedThroughout(context, target);
  const shown = report.coverage.targets
    .filter((target) => !isThroughout(target))
    .sort(compareTargets)
    .slice(0, BARS);
  const all = allTargets(report).toSorted(compareTargets);
  const fine = all.filter(isThroughout);
  const isRestFine = fine.length + shown.length === all.length;
  const gaps = gapRows(context, all, GAP_ROWS);
  return {
    heading: words.heading,
    summary: summaryOf(context),
    survey: surveyView(context),
    versions: versionsText(context),
    alerts: report.alertsReason === undefined ? '' : words.alertsUnknown(report.alertsReason),
    columns: words.columns,
    targets: shown.map((target) => targetRow(context, target)),
    axis: markup(timeAxis(periodTicks(context))),
    legend: (['full', 'partial', 'none', 'restart'] as const).map((kind) => ({
      swatch: markup(presenceSwatch(kind)),
      word: words.legend[kind],
    })),
    more: isRestFine ? '' : words.moreTargets(all.length - shown.length),
    fine: isRestFine ? fineTargets(context, fine, shown.length > 0) : null,
    gapsHeading: words.gapsHeading,
    gaps: gaps.rows,
    moreGaps: gaps.more > 0 ? shared.more(gaps.more) : '',
    checks: COVERAGE_CHECK_IDS.flatMap((id) => checkView(context, id) ?? []),
    knownDefects: knownDefectsView(context),
    warnings:
      report.warnings.length === 0
        ? null
        : { heading: words.warnings, items: report.warnings.map(({ text, query }) => ({ text, query })) },
  };
}

/** From this share on, the success rate is shown as 100 %: the first scrape may be a moment after the start. */
const WHOLE_SHARE = 0.9995;

/** Whether nothing is to be said about a target: one process was scraped from the first chart step to the last. */
function wasScrapedThroughout({ report: { period } }: Context, target: Target): boolean {
  const { restarts, gaps, seenRatio, firstSeen } = target;
  const latestStart = Date.parse(period.start) + period.chartStepSeconds * 1000;
  return (
    restarts.length === 0 &&
    gaps.length === 0 &&
    (seenRatio ?? 0) >= WHOLE_SHARE &&
    firstSeen !== null &&
    Date.parse(firstSeen) <= latestStart
  );
}

function fineTargets(context: Context, targets: readonly Target[], hasOthers: boolean): CoverageView['fine'] {
  if (targets.length === 0) return null;
  const names = targets
    .toSorted((a, b) => compareNames(a.subject, b.subject))
    .map((target) => shortPlace(context, target));
  return {
    sentence: COVERAGE_WORDS[context.language].throughout(targets.length, hasOthers),
    names: names.slice(0, FINE_NAMES),
    more: names.length > FINE_NAMES ? context.words.more(names.length - FINE_NAMES) : '',
  };
}

function targetRow(context: Context, target: Target): TargetRow {
  const restarts = target.restarts.length === 0 ? '' : context.format.count(target.restarts.length);
  const share = shareText(context, target.seenRatio);
  return {
    place: shortPlace(context, target),
    nodes: nodeSet(context, [target]),
    bar: presenceBarOf(context, target),
    share,
    restarts,
    values: {
      share: sortValue(target.seenRatio, share),
      restarts: restarts === '' ? '' : sortValue(target.restarts.length, restarts),
    },
  };
}

/** Orders targets worst first. */
function compareTargets(a: Target, b: Target): number {
  return (a.seenRatio ?? 0) - (b.seenRatio ?? 0) || b.restarts.length - a.restarts.length;
}

function shareText({ format }: Context, ratio: number | null): string {
  return ratio === null ? '–' : format.percent(ratio);
}

function summaryOf(context: Context): Phrase {
  const { report, words: shared, format, language } = context;
  const { coverage } = report;
  const words = COVERAGE_WORDS[language];
  const seen = coverage.known
    ? words.seen(shareText(context, coverage.seenRatio), shared.coverageCounts(coverage))
    : shared.coverageUnknown(coverage.reason ?? '');
  const interval = format.duration(coverage.scrapeIntervalSeconds);
  return phrase`${seen}${shared.sentenceSpace}${coverage.scrapeIntervalKnown ? words.interval(interval) : words.assumedInterval(interval)}`;
}

/** Returns a coverage check in full; null without findings. */
function checkView(context: Context, id: string): CheckView | null {
  const { report, words: shared, catalog, language } = context;
  const findings = findingsAbout(report, id);
  const [finding] = findings;
  const record = catalog.get(id);
  if (finding === undefined || record === undefined) return null;
  const explained = explainedOf(context, id);
  return {
    title: titleOf(context, id),
    status: statusView(context, explained === null ? finding.severity : 'explained'),
    explained,
    explanation: withCode(record.explanation[language]),
    meaning: meaningOf(context, id, findings),
    stepsHeading: shared.nextSteps,
    steps: shownSteps(context, record.nextSteps, findings),
  };
}

function presenceBarOf(context: Context, target: Target): Markup {
  const { words: shared, language } = context;
  const subject = plain(shared.place(placeOf(context, target)));
  return markup(
    presenceBar({
      title: COVERAGE_WORDS[language].barTitle(subject, shareText(context, target.seenRatio)),
      spans: presenceSpans(context, target),
      restarts: target.restarts.map((time) => shareOfPeriod(context, time)),
    }),
  );
}

/** Joins steps with the same presence. Nothing was expected of a target before its first scrape. */
function presenceSpans(context: Context, { presence }: Target): (Span & { presence: Presence })[] {
  const steps = periodSeconds(context) / context.report.period.chartStepSeconds;
  const firstSeen = presence.findIndex((share) => share !== null && share > 0);
  const spans: (Span & { presence: Presence })[] = [];
  for (const [index, share] of presence.entries()) {
    const kind = presenceOf(share, firstSeen >= 0 && index >= firstSeen);
    const to = (index + 1 - (presence.length - steps)) / steps;
    const last = spans.at(-1);
    if (last?.presence === kind) last.to = to;
    else spans.push({ presence: kind, from: Math.max(0, to - 1 / steps), to });
  }
  return spans;
}

/** Minimum share of scrapes for a full step: by chance, one scrape more or less falls into it. */
const FULL_SHARE = 0.9;

function presenceOf(share: number | null, wasSeen: boolean): Presence {
  if (share === null) return wasSeen ? 'none' : 'unknown';
  if (share >= FULL_SHARE) return 'full';
  return share > 0 ? 'partial' : 'none';
}
