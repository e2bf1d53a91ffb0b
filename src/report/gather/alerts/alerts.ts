import type { Facts, FiringAlert, GatheredAlerts } from '../../model/gathered.ts';
import { labelOf } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { attempt } from '../attempt.ts';
import { planGrid } from '../plan.ts';
import type { Planned } from '../prepare.ts';
import { alertsQuery } from './selectors.ts';
import { openAlertSubjects } from './subject.ts';

/**
 * Upper bound on the points. A day has one every five minutes, a week every ten and a month every half hour: alerts are
 * compared with incidents, and nothing is judged by them.
 */
const POINTS = 1500;

export type AlertOptions = {
  targetSettings: TargetSettings;
  /** The names of the nodes by what other exporters call them. */
  exporterNodes: ReadonlyMap<string, string>;
};

/**
 * Queries in one request which alerts about Antrea fired, and whether the server has any. The labels of replicas are
 * left out, so that it is sent for one view only.
 */
export async function gatherAlerts(
  { source, survey, plan }: Planned,
  { survey: described, pods }: Pick<Facts, 'survey' | 'pods'>,
  { targetSettings, exporterNodes }: AlertOptions,
): Promise<GatheredAlerts> {
  const { stepSeconds, start, count } = plan.grid;
  const end = start + count * stepSeconds;
  const grid = planGrid(start, end, stepSeconds * Math.ceil(count / POINTS));
  const query = alertsQuery(survey, targetSettings, grid.stepSeconds);
  const answer = await attempt(() => source.range(query, grid));
  if (!answer.ok) return { grid, query, alerts: answer };
  const subjectOf = openAlertSubjects({ survey, described, pods, targetSettings, exporterNodes });
  const firing = answer.value.series.flatMap(({ labels, values }): FiringAlert[] => {
    const name = labelOf(labels, 'alertname');
    const subject = name === '' ? null : subjectOf(labels);
    return subject === null
      ? []
      : [{ name, severity: labelOf(labels, 'severity') || null, ...subject, values }];
  });
  const any = answer.value.series.find(({ labels }) => labelOf(labels, 'alertname') === '');
  return { grid, query, alerts: { ok: true, value: { firing, anyAlert: any?.values ?? null } } };
}
