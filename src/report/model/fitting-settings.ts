import { COMPONENTS, type Component } from './indicator.ts';
import type { ReportSurvey } from './survey.ts';
import { yamlMap, yamlText } from './yaml.ts';

/** Settings of `prometheus` in antrea-health.yaml that fit the jobs that a server has, where those in use fit none. */

type Job = ReportSurvey['elsewhere'][number];

export type FittingSettings = {
  /** Job names by component; a component that no named job has is left out. */
  jobs: Partial<Record<Component, string[]>>;
  /** Matchers whose value no job has, with the values that there are, sorted. */
  replaced: { label: string; values: [string, ...string[]] }[];
  /** Labels of matchers that no job has. */
  absent: string[];
};

/**
 * @param found the jobs that the settings should fit
 * @param matchers labels with the values that they must have now; a label may come several times
 */
export function fittingSettings(
  found: readonly Job[],
  matchers: readonly (readonly [label: string, value: string])[],
): FittingSettings {
  const jobs = COMPONENTS.flatMap((component) => {
    const names = found.filter((one) => one.component === component && one.job !== '').map(({ job }) => job);
    return names.length === 0 ? [] : [[component, [...new Set(names)]] as const];
  });
  const wrong = [...Map.groupBy(matchers, ([label]) => label)].flatMap(([label, own]) => {
    const values = [...new Set(found.flatMap(({ labels }) => labels[label] ?? []))].sort();
    return own.some(([, value]) => values.includes(value)) ? [] : [{ label, values }];
  });
  return {
    jobs: Object.fromEntries(jobs),
    replaced: wrong.flatMap(({ label, values: [first, ...others] }) =>
      first === undefined ? [] : [{ label, values: [first, ...others] as [string, ...string[]] }],
    ),
    absent: wrong.filter(({ values }) => values.length === 0).map(({ label }) => label),
  };
}

/** "jobs: { agent: a, controller: [b, c] }"; `null` where no job has a name. */
export function jobsLine({ jobs }: Pick<FittingSettings, 'jobs'>): string | null {
  const entries = COMPONENTS.flatMap((component) => {
    const names = (jobs[component] ?? []).map(yamlText);
    if (names.length === 0) return [];
    return [`${component}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}`];
  });
  return entries.length === 0 ? null : `jobs: { ${entries.join(', ')} }`;
}

/** "matchers: { cluster: b }", with the first of the values there are; `null` where nothing is replaced. */
export function matchersLine({ replaced }: Pick<FittingSettings, 'replaced'>): string | null {
  if (replaced.length === 0) return null;
  return `matchers: ${yamlMap(Object.fromEntries(replaced.map(({ label, values: [first] }) => [label, first])))}`;
}

/** Labels of a single target, which do not show where to look. */
const OF_ONE_TARGET = [
  'instance',
  'pod',
  'node',
  'uid',
  'pod_ip',
  'pod_template_hash',
  'controller_revision_hash',
];

/** Labels that are shown of each job. */
const MOST_LABELS = 4;

/** The labels that show which job is meant. */
export function describingLabels({ labels }: Job): [label: string, value: string][] {
  return Object.entries(labels)
    .filter(([label]) => !OF_ONE_TARGET.includes(label))
    .slice(0, MOST_LABELS);
}
