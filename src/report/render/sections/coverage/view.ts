import { COVERAGE_CHECK_IDS } from '../../../model/indicator.ts';
import type { Target } from '../../../model/report.ts';
import { type Presence, presenceStrip, presenceSwatch, type Stretch } from '../../kit/charts/strip.ts';
import { timeAxis } from '../../kit/charts/time-axis.ts';
import { shownSteps } from '../../kit/command.ts';
import { type Context, periodSeconds, shareOfPeriod, titleOf } from '../../kit/context.ts';
import { ownGaps, sharedGaps } from '../../kit/episodes.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { periodTicks } from '../../kit/period-ticks.ts';
import { type Phrase, phrase, plain, withCode } from '../../kit/phrase.ts';
import { placeOf, shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import type { Step } from '../attention/entry.ts';
import { type Explained, explainedOf } from '../attention/explained.ts';
import type { Meaning } from '../indicators/view.ts';
import { type SurveyView, surveyView } from './survey.ts';

export type CoverageView = {
  heading: string;
  summary: Phrase;
  survey: SurveyView | null;
  columns: { target: string; presence: string; share: string; restarts: string };
  targets: { place: Phrase; strip: Markup; share: string; restarts: string }[];
  hours: Markup;
  legend: { swatch: Markup; word: string }[];
  more: string;
  gapsHeading: string;
  stretches: { place: Phrase; texts: string[] }[];
  moreStretches: string;
  checks: {
    title: string;
    status: StatusView;
    /** What brought all of it: then there are no steps. */
    explained: Explained | null;
    explanation: Phrase;
    meaning: Meaning;
    stepsHeading: string;
    steps: Step[];
  }[];
  warnings: { heading: string; items: { text: string; query: string }[] } | null;
};

const STRIPS = 30;
const STRETCH_ROWS = 12;
/** Stretches listed for one target. */
const LISTED = 3;

export function coverageView(context: Context): CoverageView {
  const { report, words, format } = context;
  const { coverage } = report;
  const said = words.coverage;
  const interval = format.duration(coverage.scrapeIntervalSeconds);
  const worstFirst = [...coverage.targets].sort(
    (a, b) => (a.seenRatio ?? 0) - (b.seenRatio ?? 0) || b.restarts.length - a.restarts.length,
  );
  const shown = worstFirst.slice(0, STRIPS);
  const listed = stretchesOf(context, worstFirst);
  const share = (ratio: number | null) => (ratio === null ? '–' : format.percent(ratio));
  const counts = { ...coverage, controllers: coverage.controllersAtEnd };
  const known = coverage.known
    ? phrase`${said.seen(share(coverage.seenRatio), counts)}`
    : said.unknown(coverage.reason ?? '');
  return {
    heading: said.heading,
    summary: phrase`${known}${words.sentenceSpace}${coverage.scrapeIntervalKnown ? said.interval(interval) : said.assumedInterval(interval)}`,
    survey: surveyView(context),
    columns: {
      target: said.target,
      presence: said.presence,
      share: said.share,
      restarts: said.restarts,
    },
    targets: shown.map((target) => ({
      place: shortPlace(context, target),
      strip: stripOf(context, target),
      share: share(target.seenRatio),
      restarts: target.restarts.length === 0 ? '' : format.count(target.restarts.length),
    })),
    hours: markup(timeAxis(periodTicks(context))),
    legend: [
      { swatch: markup(presenceSwatch('full')), word: said.legendFull },
      { swatch: markup(presenceSwatch('partial')), word: said.legendPartial },
      { swatch: markup(presenceSwatch('none')), word: said.legendNone },
      { swatch: markup(presenceSwatch('restart')), word: said.legendRestart },
    ],
    more: worstFirst.length > shown.length ? said.moreTargets(worstFirst.length - shown.length) : '',
    gapsHeading: said.gaps,
    stretches: listed.slice(0, STRETCH_ROWS),
    moreStretches: listed.length > STRETCH_ROWS ? said.moreStretches(listed.length - STRETCH_ROWS) : '',
    checks: COVERAGE_CHECK_IDS.flatMap((id) => checkOf(context, id) ?? []),
    warnings:
      report.warnings.length === 0
        ? null
        : { heading: said.warnings, items: report.warnings.map(({ text, query }) => ({ text, query })) },
  };
}

function checkOf(context: Context, id: string): CoverageView['checks'][number] | null {
  const { report, words, catalog, language } = context;
  const findings = report.findings.filter(({ indicator }) => indicator === id);
  const [finding] = findings;
  const record = catalog.get(id);
  if (finding === undefined || record === undefined) return null;
  const explained = explainedOf(context, id);
  return {
    title: titleOf(context, id),
    status: statusView(context, explained === null ? finding.severity : 'explained'),
    explained,
    explanation: withCode(record.explanation[language]),
    meaning: { heading: words.indicator.meaning, text: withCode(record.impact[language]) },
    stepsHeading: words.indicator.nextSteps,
    steps: shownSteps(context, record.nextSteps, findings),
  };
}

function stripOf(context: Context, target: Target): Markup {
  const { words, format } = context;
  const subject = plain(words.place(placeOf(context, target)));
  return markup(
    presenceStrip({
      title: words.coverage.presenceDescription(
        subject,
        target.seenRatio === null ? '–' : format.percent(target.seenRatio),
      ),
      runs: runsOf(context, target),
      restarts: target.restarts.map((time) => shareOfPeriod(context, time)),
    }),
  );
}

/** Steps of the same kind as one stretch. Before a target was first seen nothing was expected of it. */
function runsOf(context: Context, target: Target): (Stretch & { presence: Presence })[] {
  const { report } = context;
  const steps = periodSeconds(context) / report.period.chartStepSeconds;
  const count = target.presence.length;
  const firstSeen = target.presence.findIndex((share) => share !== null && share > 0);
  const runs: (Stretch & { presence: Presence })[] = [];
  for (const [index, share] of target.presence.entries()) {
    const presence = presenceOf(share, firstSeen >= 0 && index >= firstSeen);
    const to = (index + 1 - (count - steps)) / steps;
    const last = runs.at(-1);
    if (last?.presence === presence) runs[runs.length - 1] = { ...last, to };
    else runs.push({ presence, from: Math.max(0, to - 1 / steps), to });
  }
  return runs;
}

/** One scrape more or less falls into a step by chance; only from so much on is it missing. */
const WHOLE = 0.9;

function presenceOf(share: number | null, wasSeen: boolean): Presence {
  if (share === null) return wasSeen ? 'none' : 'unknown';
  if (share >= WHOLE) return 'full';
  return share > 0 ? 'partial' : 'none';
}

/** Gaps and restarts in words; what all targets missed alike is said once. */
function stretchesOf(context: Context, targets: readonly Target[]): CoverageView['stretches'] {
  const { words } = context;
  const shared = sharedGaps(targets);
  const everything = words.placeShort({ kind: 'everything', component: null, labels: '' });
  const own = targets.map((target) => ({
    place: shortPlace(context, target),
    texts: [...gapTexts(context, ownGaps(target, shared)), ...restartTexts(context, target)],
  }));
  return [{ place: everything, texts: gapTexts(context, shared) }, ...own].filter(
    ({ texts }) => texts.length > 0,
  );
}

function gapTexts({ words, format }: Context, gaps: Target['gaps']): string[] {
  const said = words.coverage;
  const seconds = (start: string, end: string) => (Date.parse(end) - Date.parse(start)) / 1000;
  const listed = gaps
    .slice(0, LISTED)
    .map(({ start, end, kind }) =>
      said.gap(format.range(start, end), format.duration(seconds(start, end)), said.gapKinds[kind]),
    );
  return gaps.length > LISTED ? [...listed, said.moreStretches(gaps.length - LISTED)] : listed;
}

function restartTexts({ words, format }: Context, { restarts }: Target): string[] {
  if (restarts.length === 0) return [];
  const starts = restarts.slice(0, LISTED).map((time) => format.time(time));
  return [words.coverage.restartTimes(starts, restarts.length - starts.length)];
}
