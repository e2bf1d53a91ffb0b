import { min } from 'd3-array';
import type { FiredAlert } from '../../../model/alert.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import type { Context } from '../../kit/context.ts';
import { groupBy } from '../../kit/group.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { ALERT_WORDS } from './words.ts';

/** Alerts that the line of an incident names; further ones are counted. */
const NAMED = 3;

/**
 * Returns which alerts fired for an incident, or that none did if it is critical; empty where that is not known. Alerts
 * of one name are one.
 */
export function alertsOfIncident(context: Context, { alerts, severity }: Incident): Phrase {
  const { report, language, format } = context;
  const words = ALERT_WORDS[language];
  if (alerts === undefined) return [];
  const known = alerts.flatMap(({ alert, from }) => {
    const fired = report.alerts?.fired[alert];
    return fired === undefined ? [] : [{ ...fired, from }];
  });
  const [first, ...others] = groupBy(known, ({ name }) => name).map((group) => ({
    name: group[0].name,
    severity: severityText(context, group[0]),
    from: format.time(min(group, ({ from }) => from) ?? group[0].from),
  }));
  if (first === undefined)
    return alerts.length > 0 || severity !== 'critical' ? [] : phrase`${words.noneFired}`;
  return words.fired([first, ...others.slice(0, NAMED - 1)], Math.max(0, others.length - NAMED + 1));
}

/** Returns the severity that a rule gives, in the language of the report if it is one of ours; empty without one. */
export function severityText({ language }: Context, { severity }: Pick<FiredAlert, 'severity'>): string {
  const words: Readonly<Record<string, string>> = ALERT_WORDS[language].severities;
  if (severity === null) return '';
  return Object.hasOwn(words, severity) ? (words[severity] ?? severity) : severity;
}
