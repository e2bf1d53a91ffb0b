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
import { NOTHING_SEEN_WORDS } from './words.ts';

/** What stands in place of a report where no target was found: why, and what to do. */
export type NothingSeenView = {
  heading: string;
  sentence: Phrase;
  elsewhere: {
    heading: string;
    columns: { job: string; component: string; labels: string; lastSample: string };
    rows: { job: Phrase; component: string; labels: Phrase; lastSample: string }[];
    more: string;
  } | null;
  /** Lines of antrea-health.yaml; null where no line would help. */
  configuration: { sentence: Phrase; lines: string[] } | null;
  reasons: { heading: string; items: Reason[] } | null;
};

type Reason = { text: Phrase; link: { text: string; href: string } | null };
type Job = ReportSurvey['elsewhere'][number];

const DOCUMENTATION = 'https://antrea.io/docs/main/docs/prometheus-integration/';

/** Jobs that are shown; a server of many clusters has more. */
const ROWS = 12;
/** @returns null where any target was found */
export function nothingSeenView(context: Context): NothingSeenView | null {
  const { report, language } = context;
  if (!isNothingSeen(report)) return null;
  const said = NOTHING_SEEN_WORDS[language];
  const jobs = report.survey?.elsewhere ?? [];
  const present = jobs.filter((job) => isInPeriod(report, job));
  return {
    heading: said.title,
    sentence:
      present.length > 0
        ? said.excluded
        : jobs.length > 0
          ? said.ended
          : phrase`${said.sentence[report.source.kind]}`,
    elsewhere: jobs.length === 0 ? null : elsewhereOf(context, jobs),
    configuration:
      present.length === 0
        ? null
        : { sentence: said.configuration, lines: configurationOf(context, present) },
    reasons:
      jobs.length > 0
        ? null
        : {
            heading: said.reasonsHeading,
            items: [
              {
                text: said.notScraped,
                link: { text: DOCUMENTATION.replace(/^https:\/\/|\/$/g, ''), href: DOCUMENTATION },
              },
              // The survey looks for others by itself.
              ...(report.survey === null ? [{ text: said.otherSettings, link: null }] : []),
              { text: said.otherPeriod, link: null },
              { text: said.otherServer, link: null },
            ],
          },
  };
}

function isInPeriod({ period }: Report, { lastSeen }: Job): boolean {
  return Date.parse(lastSeen) > Date.parse(period.start);
}

function elsewhereOf({ language, format }: Context, jobs: readonly Job[]): NothingSeenView['elsewhere'] {
  const said = NOTHING_SEEN_WORDS[language];
  const { job, component, labels, lastSample } = said;
  return {
    heading: said.found,
    columns: { job, component, labels, lastSample },
    rows: jobs.slice(0, ROWS).map((one) => ({
      job: name(one.job === '' ? '–' : one.job),
      component: said.components[one.component],
      labels: join(
        describingLabels(one).map(([label, value]) => code(`${label}="${value}"`)),
        ' ',
      ),
      lastSample: format.dateTime(one.lastSeen),
    })),
    more: jobs.length > ROWS ? said.more(jobs.length - ROWS) : '',
  };
}

/** The jobs, and what must be changed of the matchers that were asked for. */
function configurationOf({ report, language }: Context, jobs: readonly Job[]): string[] {
  const said = NOTHING_SEEN_WORDS[language];
  const asked = COMPONENTS.flatMap((component) => matchersIn(report.survey?.[component].selector ?? ''));
  const fitting = fittingSettings(jobs, asked);
  const [jobNames, matchers] = [jobsLine(fitting), matchersLine(fitting)];
  const others = fitting.replaced.flatMap(({ values }) => values.slice(1)).map(yamlText);
  return [
    'prometheus:',
    ...(jobNames === null ? [] : [`  ${jobNames}`]),
    ...(matchers === null ? [] : [`  ${matchers}${others.length > 0 ? ` # ${said.or(others)}` : ''}`]),
    ...fitting.absent.map((label) => `  # ${said.remove(yamlText(label))}`),
  ];
}

/** The labels with their values in a selector, jobs left out. */
function matchersIn(selector: string): [string, string][] {
  const pairs = selector.matchAll(/(?:^|,)(?:"((?:[^"\\]|\\.)+)"|([\w:]+))="((?:[^"\\]|\\.)*)"/g);
  return [...pairs]
    .map(([, quoted, plain, value]): [string, string] => [
      unescaped(quoted ?? plain ?? ''),
      unescaped(value ?? ''),
    ])
    .filter(([label]) => label !== 'job');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, one: string) => (one === 'n' ? '\n' : one));
}
