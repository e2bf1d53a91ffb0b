import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import type { Period } from '../../model/period.ts';
import { SAMPLE_JOBS } from '../../model/product.ts';
import type { Series } from '../../model/series.ts';
import { labelOf } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type Matcher, oneOf } from '../../promql/placeholders.ts';

export type Labels = Series['labels'];

export type SurveyOptions = {
  /** The name that the user gives the cluster, which a server with several clusters must know; empty for none. */
  cluster: string;
  period: Period;
  targetSettings: TargetSettings;
};

/** What Prometheus scrapes: a series `up`, or the metrics of one process if they have no such series. */
export type Target = {
  /** `null` if the target is not Antrea's. */
  component: Component | null;
  /** The labels that `up` and the target's metrics have in common. */
  labels: Labels;
  /** Whether the component was recognized by metrics that only it exposes, or by names of job, Pod or container. */
  foundBy: 'metrics' | 'names';
  /** Whether any scrape in the period succeeded. */
  answered: boolean;
  /** Set if the server has the target's metrics without `up`, for example because they were pushed. */
  lacksUp?: true;
  /** Set if the server lacks some metrics of this target that it has of other targets of the component. */
  isPartial?: true;
};

export type AntreaTarget = Target & { component: Component };

export function isAntreaTarget(target: Target): target is AntreaTarget {
  return target.component !== null;
}

export function targetsOf<T extends Target>(component: Component, targets: readonly T[]): T[] {
  return targets.filter((target) => target.component === component);
}

/** Returns the values of a label, sorted and each once; an empty one for targets without the label. */
export function labelValues(targets: readonly Pick<Target, 'labels'>[], name: string): string[] {
  return [...new Set(targets.map(({ labels }) => labelOf(labels, name)))].sort(compareNames);
}

/** The label that says which component a series belongs to. No label of Antrea's metrics has this name. */
export const COMPONENT_LABEL = 'antrea_health_component';

/** Returns the jobs that the user names for a component, or else the one of Antrea's sample configuration. */
export function expectedJobs(
  component: Component,
  { jobs }: Pick<TargetSettings, 'jobs'>,
): readonly string[] {
  return jobs[component] ?? [SAMPLE_JOBS[component]];
}

/** Returns the matchers for the labels that the user requires of series. */
export function requiredMatchers({ matchers }: TargetSettings, subject: Component | 'others'): Matcher[] {
  return Object.entries(matchers[subject]).map(([label, value]) => ({ label, operator: '=', value }));
}

/** Returns the matchers for the labels and jobs that the user requires of a component's series. */
export function componentMatchers(component: Component, targetSettings: TargetSettings): Matcher[] {
  const jobs = targetSettings.jobs[component];
  const required = requiredMatchers(targetSettings, component);
  return jobs === undefined ? required : [...required, oneOf('job', jobs)];
}

/** Splits the label that names the component off the other labels; `null` if it names none. */
export function splitComponent({
  [COMPONENT_LABEL]: name,
  ...labels
}: Labels): { component: Component; labels: Labels } | null {
  const component = COMPONENTS.find((candidate) => candidate === name);
  return component === undefined ? null : { component, labels };
}
