import { beforeEach, expect, it } from 'vitest';
import {
  claimReport,
  failReport,
  finishReport,
  requestReport,
} from '../../../../src/service/archive/claims.ts';
import { noteRequest } from '../../../../src/service/archive/requests.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import { findOpenJobs, type OpenJobs } from '../../../../src/service/jobs/open-jobs.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { jobEnding } from '../archive/surroundings.ts';

const [first, second] = [jobEnding('20261121t230000z'), jobEnding('20261120t230000z')];
const RESULT = { verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 };
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 5, 0, seconds));

let store: Store;
let openJobs: OpenJobs;
const errors: unknown[] = [];
beforeEach(() => {
  store = openMemoryStore();
  errors.length = 0;
  openJobs = findOpenJobs(store, (error) => errors.push(error));
});

async function request(job: typeof first, seconds: number): Promise<void> {
  await requestReport(store, { ...job, requestedAt: at(seconds).toISOString() }, at(seconds));
  await noteRequest(store, job.id, at(seconds));
}

async function claim(job: typeof first, seconds: number) {
  const claim = { token: 'one', seconds: 60, now: at(seconds), isRetried: true };
  const outcome = await claimReport(store, job, claim);
  if (outcome.outcome !== 'claimed') throw new Error(outcome.outcome);
  return outcome.claimed;
}

const idsAt = async (seconds: number) => (await openJobs(at(seconds))).map(({ id }) => id);

it('finds what was requested, with everything that its job says', async () => {
  await request(second, 0);
  await request(first, 1);
  const requestedAt = at(0).toISOString();
  expect(await openJobs(at(2))).toEqual([
    { ...second, requestedAt },
    { ...first, requestedAt: at(1).toISOString() },
  ]);
});

it('leaves out reports that are under way, until their worker is dead', async () => {
  await request(first, 0);
  await claim(first, 1);
  expect(await idsAt(59)).toEqual([]);
  // Its attempt began a minute ago.
  expect(await idsAt(62)).toEqual([first.id]);
});

it('leaves out a report that failed just now, and one for good, until it is requested again', async () => {
  await request(first, 0);
  await failReport(store, await claim(first, 1), { reason: 'no answer', final: false, now: at(2) });
  expect(await idsAt(30)).toEqual([]);
  expect(await idsAt(62)).toEqual([first.id]);
  await failReport(store, await claim(first, 62), { reason: 'no answer', final: true, now: at(63) });
  expect(await idsAt(600)).toEqual([]);
  await request(first, 700);
  expect(await idsAt(701)).toEqual([first.id]);
});

it('leaves out reports that are ready', async () => {
  await request(first, 0);
  await finishReport(store, await claim(first, 1), { files: [], missing: [], result: RESULT }, at(5));
  expect(await idsAt(6)).toEqual([]);
});

it('finds one report once, however often it was requested', async () => {
  await request(first, 0);
  await noteRequest(store, first.id, at(1));
  await noteRequest(store, first.id, at(2));
  expect(await idsAt(3)).toEqual([first.id]);
});

it('looks back for a day', async () => {
  await request(first, 0);
  expect(await idsAt(86_300)).toEqual([first.id]);
  expect(await idsAt(86_500)).toEqual([]);
});

it('a damaged state hides only its report', async () => {
  await request(first, 0);
  await request(second, 1);
  const { keys } = await store.list('reports/');
  const damaged = keys.find((key) => key.includes(first.id)) ?? '';
  await store.put(damaged, Buffer.from('{'), { contentType: 'application/json' });
  expect(await idsAt(2)).toEqual([second.id]);
  expect(errors).toHaveLength(1);
});

it('finds more requests than one list returns, and ignores other keys', async () => {
  const kind = { contentType: 'text/plain' };
  await store.put('index/requests/readme.txt', Buffer.from(''), kind);
  await store.put('index/requests/1700000000_no-id', Buffer.from(''), kind);
  await request(first, 0);
  for (let second = 1; second <= 1200; second += 1) await noteRequest(store, first.id, at(second));
  await request(second, 1300);
  expect((await idsAt(1301)).sort()).toEqual([first.id, second.id].sort());
});
