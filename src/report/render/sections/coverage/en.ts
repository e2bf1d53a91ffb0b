import type { Component } from '../../../model/indicator.ts';
import { because, count, list, more, plural } from '../../kit/languages/english.ts';
import { code, join, name, type Phrase, phrase } from '../../kit/phrase.ts';
import { type Duplicated, type FoundComponent, NAMED_JOBS, nodeSource, type VersionFacts } from './facts.ts';

function names(values: readonly string[]): Phrase {
  const all = values.map(name);
  const last = all.at(-1) ?? [];
  return all.length < 2 ? last : phrase`${join(all.slice(0, -1), ', ')} and ${last}`;
}

/** Names with how many more there are. */
const namesAndMore = (values: readonly string[], further: number) =>
  further > 0 ? phrase`${join(values.map(name), ', ')} ${more(further)}` : names(values);

function foundComponent(found: FoundComponent): Phrase {
  const { component, targets, jobs } = found;
  const source = nodeSource(found);
  const shown = jobs.slice(0, NAMED_JOBS);
  const details = [
    targets > found.count ? phrase`${count(targets)} targets including replaced Pods` : [],
    jobs.length === 0
      ? []
      : phrase`${jobs.length > 1 ? 'jobs' : 'job'} ${namesAndMore(shown, jobs.length - shown.length)}`,
    source.length === 0 ? [] : phrase`node name from ${source}`,
  ].filter((detail) => detail.length > 0);
  const amount = plural(found.count, component, `${component}s`);
  return details.length === 0 ? phrase`${amount}` : phrase`${amount} (${join(details, ', ')})`;
}

export const en = {
  heading: 'Coverage',
  seen: (share: string, counts: string) => `${share} of the expected scrapes succeeded; ${counts}.`,
  interval: (interval: string) => `Scrape interval: ${interval}.`,
  assumedInterval: (interval: string) => `Scrape interval: unknown, assumed to be ${interval}.`,
  columns: { target: 'Target', presence: 'Scraped', share: 'Success rate', restarts: 'Restarts' },
  barTitle: (subject: string, share: string) => `${subject}: ${share} of the expected scrapes`,
  legend: { full: 'all scrapes', partial: 'some', none: 'none', restart: 'process start' },
  moreTargets: (further: number) =>
    `and ${plural(further, 'more target', 'more targets')} with at least this success rate`,
  throughout: (targets: number, hasOthers: boolean) =>
    hasOthers
      ? `${plural(targets, 'more target was', 'more targets were')} scraped throughout`
      : `${plural(targets, 'target was', 'targets were')} scraped throughout`,
  gapsHeading: 'Gaps and restarts',
  gapKinds: { down: 'scrapes failed', absent: 'not scraped' },
  gap: (range: string, duration: string, kind: string) => `${range} ${kind} (${duration})`,
  restarts: (times: readonly string[], further: number) =>
    times.length + further === 1
      ? `process start ${list(times)}`
      : `process starts ${further > 0 ? `${times.join(', ')} ${more(further)}` : list(times)}`,
  warnings: 'Warnings from Prometheus',

  // How the targets were found.
  found: (foundBy: 'metrics' | 'names', components: readonly FoundComponent[]): Phrase => {
    const how =
      foundBy === 'metrics'
        ? 'Found by metrics that only Antrea exposes'
        : 'Found only by the names of job, Pod or container';
    return phrase`${how}: ${join(components.map(foundComponent), ' and ')}.`;
  },
  none: { agent: 'No agent found.', controller: 'No controller found.' } satisfies Record<Component, string>,
  byAddress: (unnamed: number, all: number) =>
    `${unnamed === all ? 'Nodes are' : `${count(unnamed)} of ${plural(all, 'node is', 'nodes are')}`} known only by address, because neither labels nor kube-state-metrics name them.`,
  cluster: (label: string, value: string, others: readonly string[], further: number): Phrase => {
    const selected = phrase`The cluster is selected by ${code(`${label}="${value}"`)}`;
    if (others.length === 0) return phrase`${selected}.`;
    return phrase`${selected}; the server also has ${namesAndMore(others, further)}.`;
  },
  duplicated: ({ component, label, used, others, isFilled }: Duplicated): Phrase => {
    const targets =
      component === null ? 'All targets are' : component === 'agent' ? 'Agents are' : 'The controller is';
    const times = others.length === 1 ? 'twice' : `${others.length + 1} times`;
    const by = label === 'job' ? phrase`jobs` : code(label);
    const areMany = others.length > 1;
    const rest = isFilled ? `${areMany ? 'fill' : 'fills'} its gaps` : `${areMany ? 'are' : 'is'} not needed`;
    return phrase`${targets} scraped ${times}, by ${by} ${names([used, ...others])}: ${name(used)} is used, ${names(others)} ${rest}.`;
  },
  windows: (agents: number) => `${plural(agents, 'agent runs', 'agents run')} on Windows.`,
  forms: (hasTotal: boolean, hasNative: boolean): Phrase => {
    const total = phrase`Counters have the suffix ${code('_total')}`;
    if (!hasNative) return phrase`${total}.`;
    return hasTotal
      ? phrase`${total}, and histograms are native histograms.`
      : phrase`Histograms are native histograms.`;
  },
  dataFrom: (time: string) => `The data begins at ${time}; the time before is unknown.`,
  selectors: 'Selectors',

  // The versions at the end of the period. A controller has one Pod, so its number is of no interest.
  versions: (components: readonly string[]) =>
    `Antrea at the end, from the container images: ${components.join('; ')}.`,
  versionsOf: (component: Component, versions: readonly VersionFacts[]) =>
    component === 'agent'
      ? `agents ${list(versions.map(({ name, pods }) => `${name} on ${plural(pods, 'node', 'nodes')}`))}`
      : `controller ${list(versions.map((version) => version.name))}`,
  agentsDiffer: 'Not all agents have the same version.',
  componentsDiffer: 'Agents and controller have different versions.',
  agentsNewer: 'Antrea does not support agents that are newer than the controller.',
  versionsUnknown: (reason: string) => `The exact version of Antrea is unknown${because(reason)}`,
  alertsUnknown: (reason: string) => `Which alerts fired is unknown${because(reason)}`,
  defects: (defects: number) => plural(defects, 'defect', 'defects'),
  knownDefects: 'Known defects of this version that show in metrics',
};
