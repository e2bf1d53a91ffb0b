import type { ReportState } from '../../../../src/service/archive/state.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';

/** A job whose report's period ends at that time (20261121t230000z). */
export function jobEnding(end: string, changes: Partial<Job> = {}): Job {
  const instant = end.replace(/^(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z$/, '$1-$2-$3T$4:$5:$6Z');
  const start = new Date(Date.parse(instant) - 86_400_000).toISOString().replace('.000Z', 'Z');
  return {
    version: 1,
    id: `prod-berlin-${end}-0123abcd-en`,
    cluster: 'prod-berlin',
    period: { start, end: instant },
    language: 'en',
    formats: ['html', 'pdf', 'json'],
    pageSize: 'A4',
    trigger: 'daily',
    requestedAt: '2026-11-22T05:00:00Z',
    ...changes,
  };
}

/** The state of this report when it is ready; without files by default. */
export function finishedReport(end: string, changes: Partial<ReportState> = {}): ReportState {
  const { version: _, ...job } = jobEnding(end);
  return {
    schemaVersion: '1',
    ...job,
    state: 'ready',
    attempt: 1,
    attemptsBefore: 0,
    claim: null,
    startedAt: null,
    finishedAt: null,
    reason: null,
    files: [],
    missing: [],
    result: { verdict: 'healthy', score: 100, complete: true, critical: 0, warning: 0 },
    ...changes,
  };
}
