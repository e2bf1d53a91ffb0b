import { OUTPUT_FORMATS } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import { mark } from '../../report/render/kit/charts/mark.ts';
import { scoreCourse } from '../../report/render/kit/charts/scores.ts';
import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { visible } from '../../report/render/kit/phrase.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { WORDS } from '../../report/render/kit/words/index.ts';
import type { ShownStatus, Words } from '../../report/render/kit/words/words.ts';
import { NOTHING_SEEN_WORDS } from '../../report/render/sections/nothing-seen/words.ts';
import type { ArchivePage, ArchiveReport } from './page.ts';
import { createPeriods, type Periods } from './period.ts';
import { ARCHIVE_WORDS, type ArchiveWords, type Standing } from './words.ts';

/** What every part of the page of reports is made from. */
export type ArchiveContext = {
  page: ArchivePage;
  language: Language;
  words: ArchiveWords;
  /** Of the reports, which this page shares. */
  reportWords: Words;
  periods: Periods;
  /** The time zones of what the page shows. */
  zones: ReadonlySet<string>;
  /** The cluster's own page, by its name; known where the page lists the clusters. */
  pages: ReadonlyMap<string, string>;
};

export type Link = { text: string; href: string };

export function createArchiveContext(page: ArchivePage, language: Language): ArchiveContext {
  const periods = createPeriods(language);
  const shown = [...page.clusters.flatMap(({ latest }) => latest.slice(0, 1)), ...page.reports];
  return {
    page,
    language,
    words: ARCHIVE_WORDS[language],
    reportWords: WORDS[language],
    periods,
    zones: new Set(shown.map(({ timeZone }) => periods.format(timeZone).timeZone)),
    pages: new Map(page.clusters.map(({ name, link }) => [name, link])),
  };
}

const MARKS: Readonly<Record<Standing, ShownStatus>> = {
  critical: 'critical',
  warning: 'warning',
  missing: 'no-data',
  outdated: 'no-data',
  unknown: 'no-data',
  healthy: 'healthy',
};

export function statusOf({ words }: ArchiveContext, standing: Standing): StatusView {
  const kind = MARKS[standing];
  return { kind, mark: mark(kind), word: words.standings[standing] };
}

/** Said beside a verdict that could also be of a whole report. */
export function remarkOf({ words }: ArchiveContext, { complete, verdict }: ArchiveReport): string {
  return complete || verdict === 'unknown' ? '' : words.incomplete;
}

export function findingsOf(
  { words, language }: ArchiveContext,
  { critical, warning, complete, nothingSeen }: ArchiveReport,
): string {
  if (nothingSeen) return NOTHING_SEEN_WORDS[language].title;
  if (critical + warning > 0) return words.findings(critical, warning);
  return complete ? words.noFindings : words.noFindingsSeen;
}

export function linksOf(links: ArchiveReport['links']): Link[] {
  return OUTPUT_FORMATS.flatMap((format) => {
    const href = links[format];
    return href === undefined ? [] : [{ text: format.toUpperCase(), href }];
  });
}

export function zoneNameOf({ periods }: ArchiveContext, { timeZone, period }: ArchiveReport): string {
  return visible(periods.format(timeZone).zoneName(new Date(period.end * 1000).toISOString()));
}

/** The course of a cluster's score; `room`: for how many reports. */
export function courseDrawing(
  { words }: ArchiveContext,
  points: readonly ArchiveReport[],
  room: number,
): Markup {
  const scores = points.map(({ score }) => score);
  const title = words.courseDescription({
    reports: points.length,
    first: scores[0] ?? 0,
    latest: scores.at(-1) ?? 0,
    lowest: Math.min(...scores),
    incomplete: points.filter(({ complete }) => !complete).length,
  });
  return markup(scoreCourse({ title, points, room }));
}
