import * as z from 'zod';
import { COMPONENTS, type Component } from './indicator.ts';
import { instant } from './report-values.ts';

/** The sources of a target's node, the best first. */
export const NODE_SOURCES = ['label', 'instance', 'kube_pod_info', 'kube_node_info', 'address'] as const;
export type NodeSource = (typeof NODE_SOURCES)[number];

/** The configuration of the targets. The survey finds the rest in the series themselves. */
export type TargetSettings = {
  /** Exact job names by component. */
  jobs: Readonly<Partial<Record<Component, readonly string[]>>>;
  /** Labels and values that series must have: those of each component and those of other exporters. */
  matchers: Readonly<Record<Component | 'others', Readonly<Record<string, string>>>>;
  /** The label with the node's name, by component. */
  nodeLabels: Readonly<Partial<Record<Component, string>>>;
};

const surveyed = z.strictObject({
  targets: z.number().int().describe('in the whole period, including replaced Pods'),
  selector: z.string().describe('the matchers that select exactly these targets'),
  jobs: z.array(z.string()),
  foundBy: z
    .enum(['metrics', 'names'])
    .describe('metrics: those that only this component exposes; names: of the job, Pod or container'),
  nodeFrom: z.enum(NODE_SOURCES).describe('the source of the node names; address: they are unknown'),
  nodeLabel: z.string().describe('the label that distinguishes the nodes'),
  namespace: z
    .string()
    .optional()
    .describe('the namespace that the labels of all targets name; absent if they name none or several'),
});

/** The result of the survey, as in the report. */
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
        label: z.string().describe('the label that distinguishes the copies: that of a replica, or the job'),
        values: z
          .array(z.string())
          .describe('its values, joined by " + " if several form one copy; the first one is used'),
        isFilled: z.boolean().describe('true: the other copies fill the gaps of the first'),
      }),
    )
    .describe('targets that were scraped several times'),
  forms: z
    .array(z.enum(['total-suffix', 'native-histograms']))
    .describe('how the stored metrics differ from those that Antrea exposes'),
  elsewhere: z
    .array(
      z.strictObject({
        job: z.string(),
        component: z.enum(COMPONENTS),
        lastSeen: instant,
        labels: z
          .record(z.string(), z.string())
          .describe('the labels that all of its targets have in common'),
      }),
    )
    .describe('if no target was found: jobs of the server that have Antrea’s metrics'),
});

export type ReportSurvey = z.infer<typeof survey>;
