import { allFindings } from '../../../model/all-rows.ts';
import type { Report } from '../../../model/report.ts';
import { stableId } from '../../kit/stable-id.ts';

/** Incidents that a page shows in full; it counts further ones, such as hundreds of restarts in a month. */
export const INCIDENTS_IN_FULL = 50;

/** The place where further incidents are counted. */
export const MORE_INCIDENTS = 'incident_more';

/**
 * Returns the anchor of each incident. It depends on the finding that the incident began with, not on its place in the
 * list, so that an address keeps its meaning. Ids of indicators have no underscore.
 */
export function incidentAnchors(report: Report): string[] {
  const findings = allFindings(report);
  const taken = new Map<string, number>();
  return report.incidents.map((incident, index) => {
    if (index >= INCIDENTS_IN_FULL) return MORE_INCIDENTS;
    const first = findings[incident.findings[0] ?? -1];
    const { indicator, subject, component, labels, start } = first ?? { start: incident.start };
    const facts = [indicator, subject, component, Object.entries(labels ?? {}).sort(), start];
    const id = `incident_${stableId(facts)}`;
    const count = (taken.get(id) ?? 0) + 1;
    taken.set(id, count);
    return count === 1 ? id : `${id}_${count}`;
  });
}
