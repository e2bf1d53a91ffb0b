import { COMPONENTS, type Component } from '../../../model/indicator.ts';
import { isNothingSeen } from '../../../model/nothing-seen.ts';
import type { ReportSurvey } from '../../../model/survey.ts';
import type { Context } from '../../kit/context.ts';
import { addressOf } from '../../kit/node-address.ts';
import { join, type Phrase, phrase } from '../../kit/phrase.ts';
import { type Duplicated, type FoundComponent, SURVEY_WORDS } from './survey-words.ts';

/** How the targets were found: a few sentences, and the PromQL that picks them. */
export type SurveyView = {
  sentences: Phrase;
  selectorsHeading: string;
  selectors: { label: string; text: string }[];
};

/** Other clusters of the server that are named. */
const NAMED_CLUSTERS = 4;

/** @returns null where the report does not know it, or found nothing */
export function surveyView(context: Context): SurveyView | null {
  const { report, words, language } = context;
  const { survey } = report;
  if (survey === null || isNothingSeen(report)) return null;
  const said = SURVEY_WORDS[language];
  const agents = foundOf(context, survey, 'agent').count;
  const sentences: Phrase[] = [
    ...foundSentences(context, survey),
    ...addressSentence(context),
    ...clusterSentence(context, survey),
    ...duplicatedOf(survey).map(said.duplicated),
    // Its Pods were counted with those that were replaced.
    survey.windowsAgents > 0 ? phrase`${said.windows(Math.min(agents, survey.windowsAgents))}` : [],
    survey.forms.length > 0
      ? said.forms(survey.forms.includes('total-suffix'), survey.forms.includes('native-histograms'))
      : [],
    phrase`${dataFromSentence(context)}`,
  ];
  return {
    sentences: join(
      sentences.filter((sentence) => sentence.length > 0),
      words.sentenceSpace,
    ),
    selectorsHeading: said.selectors,
    selectors: COMPONENTS.filter((component) => survey[component].targets > 0).map((component) => ({
      label: words.metrics.groups[component],
      text: `{${survey[component].selector}}`,
    })),
  };
}

/** When the server's data begins, where it begins within the period; else empty. */
export function dataFromSentence({ report, language, format }: Context): string {
  const { dataFrom } = report.coverage;
  return dataFrom === null ? '' : SURVEY_WORDS[language].dataFrom(format.time(dataFrom));
}

function foundSentences(context: Context, survey: ReportSurvey): Phrase[] {
  const said = SURVEY_WORDS[context.language];
  const found = COMPONENTS.filter((component) => survey[component].targets > 0);
  const missing = COMPONENTS.filter((component) => survey[component].targets === 0);
  const ways = Map.groupBy(found, (component) => survey[component].foundBy);
  return [
    ...[...ways].map(([foundBy, components]) =>
      said.found(
        foundBy,
        components.map((component) => foundOf(context, survey, component)),
      ),
    ),
    ...missing.map((component) => phrase`${said.none[component]}`),
  ];
}

function foundOf({ report }: Context, survey: ReportSurvey, component: Component): FoundComponent {
  const { targets, jobs, nodeFrom, nodeLabel } = survey[component];
  const subjects = report.coverage.targets.filter((one) => one.component === component).length;
  return {
    component,
    // Where no scrapes are known, the targets are all that can be counted.
    count: subjects === 0 ? targets : subjects,
    targets,
    jobs: jobs.filter((job) => job !== ''),
    nodeFrom,
    nodeLabel,
  };
}

function addressSentence({ report, language }: Context): Phrase[] {
  const agents = report.coverage.targets.filter(({ component }) => component === 'agent');
  const unnamed = agents.filter((target) => addressOf(report, target) !== null).length;
  return unnamed === 0 ? [] : [phrase`${SURVEY_WORDS[language].byAddress(unnamed, agents.length)}`];
}

function clusterSentence({ language }: Context, { cluster }: ReportSurvey): Phrase[] {
  if (cluster === null) return [];
  const others = cluster.others.map(orNone);
  return [
    SURVEY_WORDS[language].cluster(
      cluster.label,
      cluster.value,
      others.slice(0, NAMED_CLUSTERS),
      Math.max(0, others.length - NAMED_CLUSTERS),
    ),
  ];
}

/** Agents and controller are usually scraped by the same replicas, which is said once. */
function duplicatedOf({ duplications, agent, controller }: ReportSurvey): Duplicated[] {
  const groups = Map.groupBy(duplications, ({ label, values, isFilled }) =>
    JSON.stringify([label, values, isFilled]),
  );
  const components = [agent, controller].filter(({ targets }) => targets > 0).length;
  return [...groups.values()].flatMap(([first, ...rest]) => {
    const [used, ...others] = first?.values ?? [];
    if (first === undefined || used === undefined || others.length === 0) return [];
    const { component, label, isFilled } = first;
    const isAll = 1 + rest.length === components;
    return [
      {
        component: isAll ? null : component,
        label,
        used: orNone(used),
        others: others.map(orNone),
        isFilled,
      },
    ];
  });
}

/** An empty value is that of series without the label. */
function orNone(value: string): string {
  return value === '' ? '""' : value;
}
