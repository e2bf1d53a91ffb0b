import type { Severity } from '../../../model/indicator.ts';
import type { Finding, Report } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';

export type Findings = readonly [Finding, ...Finding[]];

/** Findings of an incident that are one thing to read: 300 restarted nodes are one rollout. */
export type Kind = {
  indicator: string;
  /** The worst of it. */
  severity: Severity;
  /** Worst first. */
  findings: Findings;
  /** The worst of each place: one may have been critical and still be a warning. */
  worst: Findings;
  /** The id of what explains all of it. */
  explainedBy: string | null;
  /** Whether something else of the incident is likely to have brought it. */
  isCaused: boolean;
};

/** In the incident's order: what it began with or is about first. */
export function kindsOf(report: Report, incident: Incident): Kind[] {
  const indices = [...new Set(incident.findings)];
  const linksTo = Map.groupBy(incident.links, ({ effect }) => effect);
  const members = indices.flatMap((index) => {
    const finding = report.findings[index];
    if (finding === undefined) return [];
    const links = linksTo.get(index) ?? [];
    const explained = links.find((link) => link.explained);
    const explainedBy =
      explained === undefined ? null : (report.findings[explained.cause]?.indicator ?? null);
    return [{ index, finding, explainedBy, isCaused: links.length > 0 }];
  });
  const groups = Map.groupBy(members, ({ finding, explainedBy }) => keyOf(finding, explainedBy));
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group.toSorted((a, b) => a.index - b.index);
    if (first === undefined) return [];
    const findings: Findings = [first.finding, ...others.map(({ finding }) => finding)];
    return {
      indicator: first.finding.indicator,
      severity: findings.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning',
      findings,
      worst: worstOf(findings),
      explainedBy: first.explainedBy,
      isCaused: group.some(({ isCaused }) => isCaused),
    };
  });
}

function keyOf({ indicator, component, subject }: Finding, explainedBy: string | null): string {
  // A gap of all targets is Prometheus's own, and no more of the same.
  return JSON.stringify([indicator, component === null ? subject : null, explainedBy]);
}

function placeKey({ subject, component, labels }: Finding): string {
  return JSON.stringify([subject, component, Object.entries(labels).sort()]);
}

/** All findings of each place, those of the worst first. */
export function byPlace(findings: Findings): Findings[] {
  return [...Map.groupBy(findings, placeKey).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}

function worstOf(findings: Findings): Findings {
  const [first, ...others] = byPlace(findings).map(([worst]) => worst);
  return [first ?? findings[0], ...others];
}
