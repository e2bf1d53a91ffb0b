import { allFindings } from '../../../model/all-rows.ts';
import type { Severity } from '../../../model/indicator.ts';
import type { Finding, Report } from '../../../model/report.ts';
import type { Incident } from '../../../model/report-analysis.ts';
import { type Group, groupBy } from '../../kit/group.ts';

/** Findings of an incident that readers see as one: 300 restarted nodes are one rollout. */
export type FindingGroup = {
  indicator: string;
  /** The worst severity in the group. */
  severity: Severity;
  /** Worst first. */
  findings: Group<Finding>;
  /** The worst finding of each place, which may have been critical before it became a warning. */
  worst: Group<Finding>;
  /** The id of the indicator or check that caused all of the group, and by which the group is explained. */
  explainedBy: string | null;
  /** Whether another finding of the incident is a likely cause. */
  isCaused: boolean;
};

/** Returns the findings of an incident; a stored document may lack some of them. */
export function findingsOf(report: Report, incident: Incident): Finding[] {
  const findings = allFindings(report);
  return incident.findings.flatMap((index) => findings[index] ?? []);
}

/** Returns the findings of an indicator or a coverage check, worst first. */
export function findingsAbout(report: Report, id: string): Finding[] {
  return allFindings(report).filter(({ indicator }) => indicator === id);
}

/** Returns the groups in the order of the incident: what it began with or is about comes first. */
export function groupFindings(report: Report, incident: Incident): FindingGroup[] {
  const findings = allFindings(report);
  const linksTo = Map.groupBy(incident.links, ({ effect }) => effect);
  const members = [...new Set(incident.findings)].flatMap((index) => {
    const finding = findings[index];
    if (finding === undefined) return [];
    const links = linksTo.get(index) ?? [];
    const explanation = links.find((link) => link.explained);
    const cause = explanation && findings[explanation.cause];
    return [{ index, finding, explainedBy: cause?.indicator ?? null, isCaused: links.length > 0 }];
  });
  // A gap of all targets is a fault of Prometheus, not several gaps of targets.
  const groups = groupBy(members, ({ finding: { indicator, component, subject }, explainedBy }) => [
    indicator,
    component === null ? subject : null,
    explainedBy,
  ]);
  return groups.map((group): FindingGroup => {
    const [first, ...others] = group.toSorted((a, b) => a.index - b.index);
    const findings: Group<Finding> = [(first ?? group[0]).finding, ...others.map(({ finding }) => finding)];
    return {
      indicator: findings[0].indicator,
      severity: findings.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning',
      findings,
      worst: worstByPlace(findings),
      explainedBy: group[0].explainedBy,
      isCaused: group.some(({ isCaused }) => isCaused),
    };
  });
}

/** Returns the findings of each place, worst place first. */
export function groupByPlace(findings: Group<Finding>): Group<Finding>[] {
  return groupBy(findings, ({ subject, component, labels }) => [
    subject,
    component,
    Object.entries(labels).sort(),
  ]);
}

/** Returns the worst finding of each place, worst place first. */
export function worstByPlace(findings: Group<Finding>): Group<Finding> {
  const [first, ...others] = groupByPlace(findings).map(([worst]) => worst);
  return [first ?? findings[0], ...others];
}
