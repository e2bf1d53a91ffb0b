import {
  describingLabels,
  fittingSettings,
  jobsLine,
  matchersLine,
} from '../../../model/fitting-settings.ts';
import { COMPONENTS } from '../../../model/indicator.ts';
import { isNothingSeen } from '../../../model/nothing-seen.ts';
import type { Report } from '../../../model/report.ts';
import type { ReportSurvey } from '../../../model/survey.ts';
import { yamlText } from '../../../model/yaml.ts';
import type { Context } from '../../kit/context.ts';
import { code, join, name, type Phrase, phrase } from '../../kit/phrase.ts';
import { NOTHING_SEEN_WORDS, type NothingSeenWords } from './words.ts';

/** Replaces the other sections where no target was found: why, and what to do. */
export type NothingSeenView = {
  heading: string;
  sentence: Phrase;
  elsewhere: {
    heading: string;
    columns: NothingSeenWords['columns'];
    rows: { job: Phrase; component: string; labels: Phrase; lastSample: string }[];
    more: string;
  } | null;
  /** Lines for antrea-health.yaml; null where no setting helps. */
  configuration: { sentence: Phrase; lines: string[] } | null;
  reasons: { heading: string; items: Reason[] } | null;
};

type Reason = { text: Phrase; link: { text: string; href: string } | null };
type Job = ReportSurvey['elsewhere'][number];

const DOCUMENTATION = 'https://antrea.io/docs/main/docs/prometheus-integration/';

/** Jobs that are shown; a server with many clusters has more. */
const ROWS = 12;

/** Returns null where any target was found. */
export function nothingSeenView(context: Context): NothingSeenView | null {
  const { report, language } = context;
  if (!isNothingSeen(report)) return null;
  const words = NOTHING_SEEN_WORDS[language];
  const jobs = report.survey?.elsewhere ?? [];
  const present = jobs.filter((job) => isInPeriod(report, job));
  return {
    heading: words.title,
    sentence:
      present.length > 0
        ? words.excluded
        : jobs.length > 0
          ? words.ended
          : phrase`${words.sentence[report.source.kind]}`,
    elsewhere: jobs.length === 0 ? null : elsewhereView(context, jobs),
    configuration:
      present.length === 0
        ? null
        : { sentence: words.configuration, lines: configurationLines(context, present) },
    reasons: jobs.length > 0 ? null : { heading: words.reasonsHeading, items: reasonsOf(context) },
  };
}

function reasonsOf({ report, language }: Context): Reason[] {
  const words = NOTHING_SEEN_WORDS[language];
  return [
    {
      text: words.notScraped,
      link: { text: DOCUMENTATION.replace(/^https:\/\/|\/$/g, ''), href: DOCUMENTATION },
    },
    // A survey has already looked for other jobs and labels.
    ...(report.survey === null ? [{ text: words.otherSettings, link: null }] : []),
    { text: words.otherPeriod, link: null },
    { text: words.otherServer, link: null },
  ];
}

function isInPeriod({ period }: Report, { lastSeen }: Job): boolean {
  return Date.parse(lastSeen) > Date.parse(period.start);
}

function elsewhereView(
  { words: shared, language, format }: Context,
  jobs: readonly Job[],
): NothingSeenView['elsewhere'] {
  const words = NOTHING_SEEN_WORDS[language];
  return {
    heading: words.found,
    columns: words.columns,
    rows: jobs.slice(0, ROWS).map((job) => ({
      job: name(job.job === '' ? '–' : job.job),
      component: shared.components[job.component],
      labels: join(
        describingLabels(job).map(([label, value]) => code(`${label}="${value}"`)),
        ' ',
      ),
      lastSample: format.dateTime(job.lastSeen),
    })),
    more: jobs.length > ROWS ? shared.more(jobs.length - ROWS) : '',
  };
}

/** Returns the settings that select the jobs: their names, and changes to the configured matchers. */
function configurationLines({ report, language }: Context, jobs: readonly Job[]): string[] {
  const words = NOTHING_SEEN_WORDS[language];
  const configured = COMPONENTS.flatMap((component) => matchersIn(report.survey?.[component].selector ?? ''));
  const fitting = fittingSettings(jobs, configured);
  const [jobNames, matchers] = [jobsLine(fitting), matchersLine(fitting)];
  const others = fitting.replaced.flatMap(({ values }) => values.slice(1)).map(yamlText);
  return [
    'prometheus:',
    ...(jobNames === null ? [] : [`  ${jobNames}`]),
    ...(matchers === null ? [] : [`  ${matchers}${others.length > 0 ? ` # ${words.or(others)}` : ''}`]),
    ...fitting.absent.map((label) => `  # ${words.remove(yamlText(label))}`),
  ];
}

/** Returns the labels of a selector with their values, without jobs. */
function matchersIn(selector: string): [string, string][] {
  const pairs = selector.matchAll(/(?:^|,)(?:"((?:[^"\\]|\\.)+)"|([\w:]+))="((?:[^"\\]|\\.)*)"/g);
  return [...pairs]
    .map(([, quoted, bare, value]): [string, string] => [
      unescapeLabel(quoted ?? bare ?? ''),
      unescapeLabel(value ?? ''),
    ])
    .filter(([label]) => label !== 'job');
}

function unescapeLabel(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}
