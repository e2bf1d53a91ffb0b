import * as z from 'zod';
import { COMPONENTS, type Component } from './indicator.ts';
import { instant } from './report-values.ts';

/** How the node of a target is known, the best first. */
export const NODE_SOURCES = ['label', 'instance', 'kube_pod_info', 'kube_node_info', 'address'] as const;
export type NodeSource = (typeof NODE_SOURCES)[number];

/** What a user says of the targets. What is missing, the survey finds out from the series themselves. */
export type TargetSettings = {
  /** Job names, exact, by component. */
  jobs: Readonly<Partial<Record<Component, readonly string[]>>>;
  /** Labels, with their values, that series must have: those of each component, and those of other exporters. */
  matchers: Readonly<Record<Component | 'others', Readonly<Record<string, string>>>>;
  /** The label that holds the node's name, by component. */
  nodeLabels: Readonly<Partial<Record<Component, string>>>;
};

const surveyed = z.strictObject({
  targets: z.number().int().describe('all of the period, replaced Pods included'),
  selector: z.string().describe('the matchers that pick these targets and no others'),
  jobs: z.array(z.string()),
  foundBy: z
    .enum(['metrics', 'names'])
    .describe('metrics: those that only this component exposes; names: of job, Pod or container'),
  nodeFrom: z.enum(NODE_SOURCES).describe('how the nodes are known; address: not at all'),
  nodeLabel: z.string().describe('the label that tells the nodes apart'),
});

/** What a survey found, as the report says it. */
export const survey = z.strictObject({
  agent: surveyed,
  controller: surveyed,
  windowsAgents: z.number().int().describe('agents on Windows nodes'),
  cluster: z
    .strictObject({ label: z.string(), value: z.string(), others: z.array(z.string()) })
    .nullable()
    .describe('the label that separates the clusters of the server, and the value of this one'),
  duplications: z
    .array(
      z.strictObject({
        component: z.enum(COMPONENTS),
        label: z.string().describe('the label that tells the copies apart: of a replica, or the job'),
        values: z
          .array(z.string())
          .describe('its values, joined by " + " where several make up one copy; the first is used'),
        isFilled: z.boolean().describe('true: the others fill gaps of the first'),
      }),
    )
    .describe('targets that were scraped several times'),
  forms: z
    .array(z.enum(['total-suffix', 'native-histograms']))
    .describe('forms in which metrics are stored otherwise than Antrea exposes them'),
  elsewhere: z
    .array(
      z.strictObject({
        job: z.string(),
        component: z.enum(COMPONENTS),
        lastSeen: instant,
        labels: z.record(z.string(), z.string()).describe('labels that all of its targets have in common'),
      }),
    )
    .describe('where no target was found: jobs of the server that do have Antrea’s metrics'),
});

export type ReportSurvey = z.infer<typeof survey>;
