import { COMPONENTS, type Component } from './indicator.ts';
import { compareNames } from './names.ts';
import { labelOf } from './series.ts';
import type { ReportSurvey } from './survey.ts';
import { yamlMap, yamlText } from './yaml.ts';

/** Suggests settings of `prometheus` that match the jobs of a server, if those in use match none. */

type Job = ReportSurvey['elsewhere'][number];

export type FittingSettings = {
  /** Job names by component, without components for which no job has a name. */
  jobs: Partial<Record<Component, string[]>>;
  /** Labels of matchers with a value that no job has, and the existing values, sorted. */
  replaced: { label: string; values: [string, ...string[]] }[];
  /** Labels of matchers that no job has at all. */
  absent: string[];
};

/**
 * @param found the jobs that the settings should match
 * @param matchers the labels and values of the settings in use; a label may occur several times
 */
export function fittingSettings(
  found: readonly Job[],
  matchers: readonly (readonly [label: string, value: string])[],
): FittingSettings {
  const jobs = COMPONENTS.flatMap((component) => {
    const own = found.filter((candidate) => candidate.component === component && candidate.job !== '');
    const names = own.map(({ job }) => job);
    return names.length === 0 ? [] : [[component, [...new Set(names)]] as const];
  });
  const wrong = [...Map.groupBy(matchers, ([label]) => label)].flatMap(([label, own]) => {
    const values = [...new Set(found.flatMap(({ labels }) => labelOf(labels, label) || []))].sort(
      compareNames,
    );
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

/** Returns "jobs: { agent: a, controller: [b, c] }", or `null` if no job has a name. */
export function jobsLine({ jobs }: Pick<FittingSettings, 'jobs'>): string | null {
  const entries = COMPONENTS.flatMap((component) => {
    const names = (jobs[component] ?? []).map(yamlText);
    if (names.length === 0) return [];
    return [`${component}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}`];
  });
  return entries.length === 0 ? null : `jobs: { ${entries.join(', ')} }`;
}

/** Returns "matchers: { cluster: b }" with the first existing value of each label, or `null` if none is replaced. */
export function matchersLine({ replaced }: Pick<FittingSettings, 'replaced'>): string | null {
  if (replaced.length === 0) return null;
  return `matchers: ${yamlMap(Object.fromEntries(replaced.map(({ label, values: [first] }) => [label, first])))}`;
}

/** Labels that identify a single target, so that they do not describe its job. */
const TARGET_LABELS = [
  'instance',
  'pod',
  'node',
  'uid',
  'pod_ip',
  'pod_template_hash',
  'controller_revision_hash',
];

/** Number of labels shown for each job. */
const MOST_LABELS = 4;

/** Returns labels by which a user recognizes a job. */
export function describingLabels({ labels }: Job): [label: string, value: string][] {
  return Object.entries(labels)
    .filter(([label]) => !TARGET_LABELS.includes(label))
    .slice(0, MOST_LABELS);
}
