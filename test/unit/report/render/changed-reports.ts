import type { Report, ReportIndicator } from '../../../../src/report/model/report.ts';

/** What an indicator without an answer lacks. */
export const NOTHING: Partial<ReportIndicator> = {
  value: null,
  subject: null,
  readings: [],
  series: [],
  envelope: null,
};

export function withIndicator(report: Report, id: string, changes: Partial<ReportIndicator>): Report {
  return {
    ...report,
    indicators: report.indicators.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  };
}
