import { COMPONENTS } from '../../model/indicator.ts';
import { isNothingSeen } from '../../model/nothing-seen.ts';
import type { Report } from '../../model/report.ts';
import type { ReportSurvey } from '../../model/survey.ts';
import { NOTHING_SEEN_WORDS } from '../locales/nothing-seen.ts';
import { code, join, name, type Phrase, phrase } from '../phrase.ts';
import type { Context } from './context.ts';

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
/** Labels that are shown of each. */
const LABELS = 4;

/** Labels that name a single target, which tell nothing of where to look. */
const OF_ONE_TARGET = [
  'instance',
  'pod',
  'node',
  'uid',
  'pod_ip',
  'pod_template_hash',
  'controller_revision_hash',
];

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
        tellingLabels(one).map(([label, value]) => code(`${label}="${value}"`)),
        ' ',
      ),
      lastSample: format.dateTime(one.lastSeen),
    })),
    more: jobs.length > ROWS ? said.more(jobs.length - ROWS) : '',
  };
}

function tellingLabels({ labels }: Job): [string, string][] {
  return Object.entries(labels)
    .filter(([label]) => !OF_ONE_TARGET.includes(label))
    .slice(0, LABELS);
}

/** The jobs, and what must be changed of the matchers that were asked for. */
function configurationOf({ report, language }: Context, jobs: readonly Job[]): string[] {
  const byComponent = COMPONENTS.flatMap((component) => {
    const own = jobs.filter((one) => one.component === component).map(({ job }) => job);
    const names = [...new Set(own)].filter((job) => job !== '').map(yamlText);
    if (names.length === 0) return [];
    return [`${component}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}`];
  });
  const asked = COMPONENTS.flatMap((component) => matchersIn(report.survey?.[component].selector ?? ''));
  const changes = [...new Set(asked.map(([label]) => label))].map((label) => ({
    label,
    wanted: asked.filter(([other]) => other === label).map(([, value]) => value),
    found: [...new Set(jobs.flatMap(({ labels }) => labels[label] ?? []))],
  }));
  const wrong = changes.filter(({ wanted, found }) => !found.some((value) => wanted.includes(value)));
  const [replaced, missing] = [
    wrong.filter(({ found }) => found.length > 0),
    wrong.filter(({ found }) => found.length === 0),
  ];
  const matchers = replaced.map(({ label, found }) => `${yamlText(label)}: ${yamlText(found[0] ?? '')}`);
  const others = replaced.flatMap(({ found }) => found.slice(1)).map(yamlText);
  return [
    'prometheus:',
    ...(byComponent.length > 0 ? [`  jobs: { ${byComponent.join(', ')} }`] : []),
    ...(matchers.length > 0
      ? [
          `  matchers: { ${matchers.join(', ')} }${others.length > 0 ? ` # ${NOTHING_SEEN_WORDS[language].or(others)}` : ''}`,
        ]
      : []),
    ...missing.map(({ label }) => `  # ${NOTHING_SEEN_WORDS[language].remove(yamlText(label))}`),
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
  return text.replace(/\\(.)/gs, '$1');
}

/** As a scalar of YAML, which reads JSON's strings too. */
function yamlText(text: string): string {
  const isPlain = /^[a-z_][\w./-]*$/i.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
