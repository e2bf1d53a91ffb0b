import type { Component } from '../../../model/indicator.ts';
import type { NodeSource } from '../../../model/survey.ts';
import { code, type Phrase } from '../../kit/phrase.ts';

/** The targets of one component. `targets` is greater than `count` where Pods were replaced. */
export type FoundComponent = {
  component: Component;
  count: number;
  targets: number;
  jobs: readonly string[];
  nodeFrom: NodeSource;
  nodeLabel: string;
};

/** Targets that were scraped several times. `component` is null where this is true of all components. */
export type Duplicated = {
  component: Component | null;
  label: string;
  used: string;
  others: readonly string[];
  /** Whether the others fill gaps of the one that is used. */
  isFilled: boolean;
};

/** Returns where node names come from; empty where another sentence explains it. */
export function nodeSource({ component, nodeFrom, nodeLabel }: FoundComponent): Phrase {
  if (component === 'controller' || nodeFrom === 'address') return [];
  return code(nodeFrom === 'label' ? nodeLabel : nodeFrom);
}

/** Job names that a sentence lists. */
export const NAMED_JOBS = 3;

/** A version at the end of the period, and the number of its Pods. */
export type VersionFacts = { name: string; pods: number };
