import { FORMATS, type OutputFormat } from '../../report/formats.ts';
import type { ReportState } from '../archive/state.ts';

export const en = {
  states: {
    queued: 'Queued',
    running: 'Being made',
    ready: 'Ready',
    failed: 'Failed',
  } satisfies Record<ReportState['state'], string>,
  details: {
    queued: (since: string) =>
      `Since ${since}. The report opens here when it is ready; this page refreshes itself.`,
    running: (since: string) =>
      `Since ${since}. The report opens here when it is ready; this page refreshes itself.`,
    ready: (since: string) => `Made on ${since}, without HTML.`,
    failed: (since: string) => `The report could not be made (${since}).`,
  } satisfies Record<ReportState['state'], (since: string) => string>,
  reason: 'Reason',
  lastAttempt: 'Last attempt',
  period: 'Period',
  language: 'Language',
  files: 'Files',
  missing: (format: OutputFormat) => `No ${FORMATS[format].label}`,
};
