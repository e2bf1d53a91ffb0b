import type { Language } from '../model/indicator.ts';
import { isEmptyReport } from '../model/nothing-seen.ts';
import type { Report } from '../model/report.ts';
import { type Context, createContext } from './kit/context.ts';
import { type Phrase, phrase } from './kit/phrase.ts';
import { type AbsentView, absentView } from './sections/absent/view.ts';
import { type Attention, attentionView } from './sections/attention/view.ts';
import { type CapacityView, capacityView } from './sections/capacity/view.ts';
import { type Changes, changesView } from './sections/changes/view.ts';
import { type CoverageView, coverageView } from './sections/coverage/view.ts';
import { type DaysView, daysView } from './sections/days/view.ts';
import { type SectionView, sectionsView } from './sections/indicators/view.ts';
import { DETAILS_WORDS } from './sections/indicators/words.ts';
import { type Masthead, mastheadView } from './sections/masthead/view.ts';
import { type MetricsView, metricsView } from './sections/metrics/view.ts';
import { type NothingSeenView, nothingSeenView } from './sections/nothing-seen/view.ts';
import { type Overview, overviewView } from './sections/overview/view.ts';

/** Everything that the page says, in the words of its language; templates only lay it out. */
export type ReportView = {
  language: Language;
  title: string;
  masthead: Masthead;
  nothingSeen: NothingSeenView | null;
  /** Whether that is all: then templates leave the parts below it out. */
  isEmpty: boolean;
  attention: Attention;
  changes: Changes | null;
  days: DaysView | null;
  capacity: CapacityView | null;
  overview: Overview;
  sections: SectionView[];
  absent: AbsentView | null;
  coverage: CoverageView;
  metrics: MetricsView;
  colophon: { heading: string; paragraphs: Phrase[] };
};

export function reportView(report: Report, language: Language): ReportView {
  const context = createContext(report, language);
  const { words, format } = context;
  const { period, generator } = report;
  const attention = attentionView(context);
  const isEmpty = isEmptyReport(report);
  return {
    language,
    title: words.documentTitle(report.cluster, format.dateTime(period.end)),
    masthead: mastheadView(context, attention.entries),
    nothingSeen: nothingSeenView(context),
    isEmpty,
    attention,
    changes: changesView(context),
    days: daysView(context),
    capacity: capacityView(context),
    overview: overviewView(context),
    sections: sectionsView(context),
    absent: absentView(context),
    coverage: coverageView(context),
    metrics: metricsView(context),
    colophon: {
      heading: words.colophon.heading,
      paragraphs: [
        ...(isEmpty ? [] : [phrase`${words.colophon.score}`, phrase`${timesOf(context)}`]),
        words.colophon.made(generator.name, generator.version, report.schemaVersion, report.id),
      ],
    },
  };
}

function timesOf({ report, words, format, language }: Context): string {
  const { period, rateWindowSeconds } = report;
  return [
    words.colophon.times(
      format.zoneName(period.end),
      format.duration(period.chartStepSeconds),
      format.duration(rateWindowSeconds),
    ),
    period.chartStepSeconds === period.stepSeconds
      ? ''
      : DETAILS_WORDS[language].judgedBy(format.duration(period.stepSeconds)),
  ]
    .filter((sentence) => sentence !== '')
    .join(words.sentenceSpace);
}
