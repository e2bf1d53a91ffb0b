import type { Report } from './report.ts';

/** Whether no target of Antrea was found in the period, so that none of its metrics could be judged. */
export function isNothingSeen({ survey, coverage }: Pick<Report, 'survey' | 'coverage'>): boolean {
  if (survey !== null) return survey.agent.targets + survey.controller.targets === 0;
  return !coverage.known && coverage.reason === null;
}

/** Whether there is nothing else to report either: no incident of other exporters or of custom indicators. */
export function isEmptyReport(report: Pick<Report, 'survey' | 'coverage' | 'incidents'>): boolean {
  return isNothingSeen(report) && report.incidents.length === 0;
}
