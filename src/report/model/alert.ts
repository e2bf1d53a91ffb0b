import * as z from 'zod';
import { component, instant } from './report-values.ts';

/** The alerts of Prometheus in `report.json`: those about Antrea that fired (docs/decisions/0030-alerts-that-fired.md). */

/** Upper bounds on the text of labels that rules give. Names of alerts have some tens of characters. */
export const LONGEST_ALERT_NAME = 200;
export const LONGEST_ALERT_SEVERITY = 60;

const firedAlert = z.strictObject({
  name: z.string().describe('the label alertname'),
  severity: z.string().nullable().describe('the label severity, as the rule has it; null: it has none'),
  subject: z
    .string()
    .describe('the node, "antrea-controller", or "cluster" if the labels name neither, as of findings'),
  component: component.nullable().describe('null: the cluster'),
  start: instant.describe('the start of the step in which it fired first'),
  end: instant.describe('the last point at which it fired'),
  ongoing: z.boolean().describe('true: it fired at the end of the period'),
  episodes: z
    .array(z.strictObject({ start: instant, end: instant }))
    .describe('when it fired, in the order of time; the longest ones of very many'),
  moreEpisodes: z.number().int().nonnegative().describe('the number of the others'),
});

/** Absent from a report: the server has no alerts of this cluster, or nobody asked. */
export const alerts = z.strictObject({
  evaluatedFrom: instant.describe(
    'the first point at which the server had an alert of any rule in this cluster, pending or firing',
  ),
  fired: z
    .array(firedAlert)
    .describe('alerts about Antrea that fired, worst first; the worst ones of very many'),
  more: z.number().int().nonnegative().describe('the number of the others'),
});

/** An alert that fired for an incident. */
export const incidentAlert = z.strictObject({
  alert: z.number().int().nonnegative().describe('the place in alerts.fired'),
  from: instant.describe('when it began to fire for this incident'),
});

export type FiredAlerts = z.infer<typeof alerts>;
export type FiredAlert = FiredAlerts['fired'][number];
export type IncidentAlert = z.infer<typeof incidentAlert>;

/** Returns the name of the alert of an indicator or check: "AntreaProxySyncDuration" for "proxy-sync-duration". */
export function alertName(id: string): string {
  const words = id.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `Antrea${words.join('')}`;
}
