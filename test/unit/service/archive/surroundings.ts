import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderStore } from '../../../../src/adapters/folder/store.ts';
import type { ReportState } from '../../../../src/service/archive/state.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';

export async function openTemporaryStore(): Promise<{ store: Store; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-archive-'));
  const store = openFolderStore(folder);
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

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
