import type { Component } from '../model/indicator.ts';

/** What a cluster's scrape configuration decides about its queries. */
export type Selection = {
  /** Job names by component, exact. */
  jobs: Readonly<Record<Component, readonly string[]>>;
  /** Further labels that every series must have, for instance { cluster: 'prod' } in a shared Prometheus. */
  matchers: Readonly<Record<string, string>>;
  /** The label that holds the node's name, where the scrape configuration sets one. */
  nodeLabel: string;
};

/** A PromQL string literal. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Text that matches itself in a RE2 expression. */
function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** The label matchers of some components' series, without braces. */
export function matchersOf(components: readonly Component[], selection: Selection): string {
  const jobs = [...new Set(components.flatMap((component) => selection.jobs[component]))];
  const [only] = jobs;
  const job =
    jobs.length === 1 && only !== undefined
      ? `job=${quote(only)}`
      : `job=~${quote(jobs.map(literal).join('|'))}`;
  const others = Object.entries(selection.matchers).map(([label, value]) => `${label}=${quote(value)}`);
  return [job, ...others].join(',');
}

/** The cluster's own matchers without the job, for the series of other exporters; may be empty. */
export function matchersOfOthers({ matchers }: Selection): string {
  return Object.entries(matchers)
    .map(([label, value]) => `${label}=${quote(value)}`)
    .join(',');
}

/** The durations that placeholders stand for, in seconds. */
export type Durations = { window: number; span: number; interval: number; step: number; period: number };

/**
 * Puts a cluster's matchers, node label and durations into a query template. Only the names listed here are
 * placeholders; `$1` and the like in label_replace stay.
 */
export function substitute(template: string, selection: Selection, durations: Durations): string {
  const values = new Map([
    ['agents', matchersOf(['agent'], selection)],
    ['controllers', matchersOf(['controller'], selection)],
    ['components', matchersOf(['agent', 'controller'], selection)],
    ['others', matchersOfOthers(selection)],
    ['nodeLabel', selection.nodeLabel],
    ['window', `${durations.window}s`],
    ['span', `${durations.span}s`],
    ['interval', `${durations.interval}s`],
    ['step', `${durations.step}s`],
    ['period', `${durations.period}s`],
  ]);
  return template.replace(/\$([a-zA-Z]+)/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}
