import { ASSUMED_SCRAPE_INTERVAL_SECONDS } from '../gather/plan.ts';
import type { Preparation } from '../gather/prepare.ts';
import { EXPOSED_FORMS, type StoredForms } from '../gather/stored-forms.ts';
import { describeSurvey } from '../gather/survey/describe.ts';
import { expectedJobs, requiredMatchers } from '../gather/survey/targets.ts';
import type { Component } from '../model/indicator.ts';
import { NAMESPACE } from '../model/product.ts';
import type { ReportSettings } from '../model/report-settings.ts';
import { type ComponentSelection, oneOf, type Selection } from '../promql/placeholders.ts';

/** Which series rules and dashboards select, and how they are stored. */
export type MonitoredTargets = {
  selection: Selection;
  forms: StoredForms;
  scrapeIntervalSeconds: number;
  /** The labels that name the cluster; empty if the server has one. Alerts get them. */
  cluster: Readonly<Record<string, string>>;
  /** The namespace of Antrea, for commands. */
  namespace: string;
};

/** The settings that choose targets. */
export type TargetChoice = Pick<ReportSettings, 'targetSettings' | 'scrapeIntervalSeconds'>;

/**
 * Returns the targets that the settings name, without a server. What they leave open is as in Antrea's sample
 * configuration: its jobs, with the name of the node in `instance`.
 */
export function assumedTargets({ targetSettings, scrapeIntervalSeconds }: TargetChoice): MonitoredTargets {
  const select = (component: Component): ComponentSelection => ({
    matchers: [
      ...requiredMatchers(targetSettings, component),
      oneOf('job', expectedJobs(component, targetSettings)),
    ],
    windows: null,
    nodeLabel: targetSettings.nodeLabels[component] ?? 'instance',
  });
  return {
    selection: {
      agent: select('agent'),
      controller: select('controller'),
      others: requiredMatchers(targetSettings, 'others'),
    },
    forms: EXPOSED_FORMS,
    scrapeIntervalSeconds: scrapeIntervalSeconds ?? ASSUMED_SCRAPE_INTERVAL_SECONDS,
    cluster: targetSettings.matchers.others,
    namespace: NAMESPACE,
  };
}

/** Returns the targets that the survey found on a server. */
export function surveyedTargets(
  { survey, querier, plan }: Pick<Preparation, 'survey' | 'querier' | 'plan'>,
  { targetSettings }: TargetChoice,
): MonitoredTargets {
  const { cluster, agent } = describeSurvey(survey, querier.forms, []);
  return {
    selection: querier.selection,
    forms: querier.forms,
    scrapeIntervalSeconds: plan.windows.scrapeIntervalSeconds,
    cluster: { ...targetSettings.matchers.others, ...(cluster && { [cluster.label]: cluster.value }) },
    namespace: agent.namespace ?? NAMESPACE,
  };
}
