import { allTargets } from '../../../model/all-rows.ts';
import { COMPONENTS, type Component } from '../../../model/indicator.ts';
import { isNothingSeen } from '../../../model/nothing-seen.ts';
import type { ReportSurvey } from '../../../model/survey.ts';
import type { Context } from '../../kit/context.ts';
import { groupBy } from '../../kit/group.ts';
import { addressOf } from '../../kit/node-address.ts';
import { join, type Phrase, phrase } from '../../kit/phrase.ts';
import type { Duplicated, FoundComponent } from './facts.ts';
import { COVERAGE_WORDS } from './words.ts';

/** How the targets were found: a few sentences, and the PromQL that selects them. */
export type SurveyView = {
  sentences: Phrase;
  selectorsHeading: string;
  selectors: { label: string; text: string }[];
};

/** Other clusters of the server that a sentence names. */
const NAMED_CLUSTERS = 4;

/** Returns null for a report without a survey, or without targets. */
export function surveyView(context: Context): SurveyView | null {
  const { report, words: shared, language } = context;
  const { survey } = report;
  if (survey === null || isNothingSeen(report)) return null;
  const words = COVERAGE_WORDS[language];
  const agents = foundComponent(context, survey, 'agent').count;
  const sentences: Phrase[] = [
    ...foundSentences(context, survey),
    ...addressSentence(context),
    ...clusterSentence(context, survey),
    ...duplicatedTargets(survey).map(words.duplicated),
    // The survey also counts replaced Pods.
    survey.windowsAgents > 0 ? phrase`${words.windows(Math.min(agents, survey.windowsAgents))}` : [],
    survey.forms.length > 0
      ? words.forms(survey.forms.includes('total-suffix'), survey.forms.includes('native-histograms'))
      : [],
    phrase`${dataFromSentence(context)}`,
  ];
  return {
    sentences: join(
      sentences.filter((sentence) => sentence.length > 0),
      shared.sentenceSpace,
    ),
    selectorsHeading: words.selectors,
    selectors: COMPONENTS.filter((component) => survey[component].targets > 0).map((component) => ({
      label: shared.components[component],
      text: `{${survey[component].selector}}`,
    })),
  };
}

/** Returns when the server's data begins; empty unless it begins within the period. */
export function dataFromSentence({ report, language, format }: Context): string {
  const { dataFrom } = report.coverage;
  return dataFrom === null ? '' : COVERAGE_WORDS[language].dataFrom(format.time(dataFrom));
}

function foundSentences(context: Context, survey: ReportSurvey): Phrase[] {
  const words = COVERAGE_WORDS[context.language];
  const found = COMPONENTS.filter((component) => survey[component].targets > 0);
  const missing = COMPONENTS.filter((component) => survey[component].targets === 0);
  const ways = Map.groupBy(found, (component) => survey[component].foundBy);
  return [
    ...[...ways].map(([foundBy, components]) =>
      words.found(
        foundBy,
        components.map((component) => foundComponent(context, survey, component)),
      ),
    ),
    ...missing.map((component) => phrase`${words.none[component]}`),
  ];
}

function foundComponent({ report }: Context, survey: ReportSurvey, component: Component): FoundComponent {
  const { targets, jobs, nodeFrom, nodeLabel } = survey[component];
  const subjects = allTargets(report).filter((target) => target.component === component).length;
  return {
    component,
    // Without known scrapes, only targets can be counted.
    count: subjects === 0 ? targets : subjects,
    targets,
    jobs: jobs.filter((job) => job !== ''),
    nodeFrom,
    nodeLabel,
  };
}

function addressSentence({ report, language }: Context): Phrase[] {
  const agents = allTargets(report).filter(({ component }) => component === 'agent');
  const unnamed = agents.filter((target) => addressOf(report, target) !== null).length;
  return unnamed === 0 ? [] : [phrase`${COVERAGE_WORDS[language].byAddress(unnamed, agents.length)}`];
}

function clusterSentence({ language }: Context, { cluster }: ReportSurvey): Phrase[] {
  if (cluster === null) return [];
  const others = cluster.others.map(quotedIfEmpty);
  return [
    COVERAGE_WORDS[language].cluster(
      cluster.label,
      cluster.value,
      others.slice(0, NAMED_CLUSTERS),
      Math.max(0, others.length - NAMED_CLUSTERS),
    ),
  ];
}

/** Returns one entry for agents and controller where the same replicas scrape both. */
function duplicatedTargets({ duplications, agent, controller }: ReportSurvey): Duplicated[] {
  const groups = groupBy(duplications, ({ label, values, isFilled }) => [label, values, isFilled]);
  const components = [agent, controller].filter(({ targets }) => targets > 0).length;
  return groups.flatMap((group) => {
    const [{ component, label, isFilled, values }] = group;
    const [used, ...others] = values;
    if (used === undefined || others.length === 0) return [];
    return [
      {
        component: group.length === components ? null : component,
        label,
        used: quotedIfEmpty(used),
        others: others.map(quotedIfEmpty),
        isFilled,
      },
    ];
  });
}

/** Series without a label have an empty value. */
function quotedIfEmpty(value: string): string {
  return value === '' ? '""' : value;
}
