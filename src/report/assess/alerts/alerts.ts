import { alertName, type FiredAlerts } from '../../model/alert.ts';
import type { Facts } from '../../model/gathered.ts';
import type { Finding, Report } from '../../model/report.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toInstant } from '../../model/time.ts';
import { type JudgedAlerts, type SubjectAlert, toFired } from './fired.ts';
import { isAlertExpected, type Match, matchAlerts } from './match.ts';

/** Upper bound on the alerts of a report: rules of others may fire for each of thousands of nodes. */
const MOST_ALERTS = 200;

type Found = Pick<Report, 'alerts' | 'alertsReason'> & { incidents: Incident[] };

type Judged = {
  incidents: readonly Incident[];
  findings: readonly Finding[];
  facts: Pick<Facts, 'period'>;
};

/**
 * Returns the alerts about Antrea that fired, and the incidents with those that fired for them. Without any alert of the
 * cluster, rules may be evaluated elsewhere, so nothing is known.
 * @param ids the indicators and checks that our rules have alerts for
 */
export function alertsOf(
  answer: JudgedAlerts | null,
  { incidents, findings, facts }: Judged,
  ids: readonly string[],
): Found {
  const unknown = { incidents: [...incidents] };
  if (answer === null) return unknown;
  const { found, stepSeconds } = answer;
  if (!found.ok) return found.notCaptured ? unknown : { ...unknown, alertsReason: found.reason };
  const { alerts, evaluatedFrom } = found.value;
  if (evaluatedFrom === null) return unknown;

  const matches = matchAlerts(alerts, incidents, findings, {
    indicators: new Map(ids.map((id) => [alertName(id), id])),
    stepSeconds,
  });
  const { kept, placeOf } = keepMost(alerts, matches);
  const fired: FiredAlerts = {
    evaluatedFrom: toInstant(evaluatedFrom),
    fired: kept.map(toFired),
    more: alerts.length - kept.length,
  };
  return {
    alerts: fired,
    incidents: incidents.map((incident, index) => {
      const own = matches[index] ?? [];
      const listed = own.flatMap((match) => toIncidentAlert(match, placeOf));
      const isKnownToHaveNone =
        own.length === 0 && isAlertExpected(incident, evaluatedFrom, facts.period.end);
      return listed.length > 0 || isKnownToHaveNone ? { ...incident, alerts: listed } : incident;
    }),
  };
}

function toIncidentAlert({ alert, from }: Match, placeOf: ReadonlyMap<number, number>) {
  const place = placeOf.get(alert);
  return place === undefined ? [] : [{ alert: place, from: toInstant(from) }];
}

/** Keeps the worst alert of each incident, then the worst of all; returns their new places by the earlier ones. */
function keepMost(
  found: readonly SubjectAlert[],
  matches: readonly Match[][],
): { kept: SubjectAlert[]; placeOf: ReadonlyMap<number, number> } {
  const worst = matches.flatMap((own) => own.slice(0, 1).map(({ alert }) => alert));
  const chosen = [...new Set([...worst, ...found.keys()])].slice(0, MOST_ALERTS).sort((a, b) => a - b);
  return {
    kept: chosen.flatMap((place) => found[place] ?? []),
    placeOf: new Map(chosen.map((place, index) => [place, index])),
  };
}
