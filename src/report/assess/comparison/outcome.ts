import type { Coverage, Finding } from '../../model/report.ts';
import type { IndicatorAssessment } from '../indicator.ts';

/** What one indicator found in one period, or, without an assessment, what the coverage checks found. */
export type Outcome = {
  findings: readonly Finding[];
  assessment: IndicatorAssessment | null;
  coverage: Coverage;
};

/** The same of the periods that this one is compared with; null if there is none, or too little of it is known. */
export type Earlier<T> = { before: T | null; 'week-before': T | null };
