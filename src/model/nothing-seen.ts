import type { Report } from './report.ts';

/** Whether no target of Antrea was found in the period at all: then nothing that Antrea exposes could be judged. */
export function isNothingSeen({ survey, coverage }: Pick<Report, 'survey' | 'coverage'>): boolean {
  if (survey !== null) return survey.agent.targets + survey.controller.targets === 0;
  return !coverage.known && coverage.reason === null;
}
