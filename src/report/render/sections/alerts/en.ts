import { count, plural } from '../../kit/languages/english.ts';
import { join, name, type Phrase, phrase } from '../../kit/phrase.ts';

/** An alert in a sentence; `severity` is empty where its rule has none. */
export type AlertFacts = { name: string; severity: string; from: string };

const inBrackets = ({ severity }: AlertFacts) => (severity === '' ? phrase`` : phrase` (${name(severity)})`);

export const en = {
  heading: 'Alerts that fired',
  introduction:
    'Alerts about Antrea that fired in Prometheus in this period. They change neither the verdict nor the score.',
  columns: { name: 'Alert', severity: 'Severity', where: 'Where', when: 'When', incident: 'Incident' },
  severities: { critical: 'critical', warning: 'warning' },
  /** For an alert that belongs to no incident of the report. */
  noIncident: 'no incident',
  moreIncidents: (incidents: number) => `and ${plural(incidents, 'more incident', 'more incidents')}`,
  more: (alerts: number) => `and ${plural(alerts, 'more alert', 'more alerts')}`,
  /** The line of a closed list. */
  summary: (alerts: number) => plural(alerts, 'alert', 'alerts'),
  times: (times: number) => `${count(times)} times`,

  /** The alerts of an incident in its text, at least one. */
  fired: ([first, ...others]: readonly [AlertFacts, ...AlertFacts[]], more: number): Phrase => {
    if (others.length + more === 0)
      return phrase`Alert ${name(first.name)} fired from ${first.from}${inBrackets(first)}.`;
    const all = [first, ...others].map((one) => phrase`${name(one.name)} from ${one.from}${inBrackets(one)}`);
    return phrase`Alerts fired: ${join(all, ', ')}${more > 0 ? ` and ${count(more)} more` : ''}.`;
  },
  noneFired: 'No alert fired for it.',
};
