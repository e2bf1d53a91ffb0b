import { beforeEach, describe, expect, it } from 'vitest';
import {
  ClaimLost,
  claimReport,
  failReport,
  finishReport,
  readState,
  renewClaim,
  requestReport,
  type Versioned,
} from '../../../../src/service/archive/claims.ts';
import { effectiveState, MOST_ATTEMPTS } from '../../../../src/service/archive/state.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { jobEnding } from './surroundings.ts';

const job = jobEnding('20261121t230000z');
const RESULT = { verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 };
const MADE = { files: [], missing: [], result: RESULT };
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22, 5, minutes));

let store: Store;
beforeEach(() => {
  store = openMemoryStore();
});

const claim = (token: string, minutes: number) =>
  claimReport(store, job, { token, seconds: 300, now: at(minutes), isRetried: true });

async function claimed(token: string, minutes: number): Promise<Versioned> {
  const outcome = await claim(token, minutes);
  if (outcome.outcome !== 'claimed') throw new Error(`${token} was not given it: ${outcome.outcome}`);
  return outcome.claimed;
}

describe('claiming', () => {
  it('gives a report to one of twenty workers', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => claim(`worker ${index}`, 0)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(19).fill('busy'), 'claimed']);
  });

  it('gives an abandoned report to one of twenty workers, and the previous one cannot finish it', async () => {
    const first = await claimed('first', 0);
    expect((await claim('early', 4)).outcome).toBe('busy');
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => claim(`worker ${index}`, 5)));
    const winners = outcomes.filter(({ outcome }) => outcome === 'claimed');
    expect(winners).toHaveLength(1);
    await expect(finishReport(store, first, MADE, at(6))).rejects.toThrow(ClaimLost);
    await expect(failReport(store, first, { reason: 'late', final: true, now: at(6) })).rejects.toThrow(
      ClaimLost,
    );
    const [winner] = winners;
    if (winner?.outcome !== 'claimed') throw new Error('nobody won');
    expect(winner.claimed.state.attempt).toBe(2);
    await finishReport(store, winner.claimed, MADE, at(6));
    expect((await readState(store, job.id))?.state).toMatchObject({ state: 'ready', attempt: 2 });
  });

  it('is extended by a worker that lives, whose report nobody else gets meanwhile', async () => {
    const first = await renewClaim(store, await claimed('first', 0), { seconds: 300, now: at(4) });
    expect((await claim('second', 8)).outcome).toBe('busy');
    await finishReport(store, first, MADE, at(8));
    expect((await readState(store, job.id))?.state).toMatchObject({ state: 'ready', attempt: 1 });
  });

  it('cannot be extended after another worker has got the report', async () => {
    const first = await claimed('first', 0);
    await claimed('second', 5);
    await expect(renewClaim(store, first, { seconds: 300, now: at(6) })).rejects.toThrow(ClaimLost);
    expect((await readState(store, job.id))?.state).toMatchObject({ claim: { token: 'second' }, attempt: 2 });
  });

  it('is not lost with the answer to its extension', async () => {
    const first = await claimed('first', 0);
    await renewClaim(store, first, { seconds: 300, now: at(1) });
    // This worker still has the version before.
    await finishReport(store, first, MADE, at(2));
    expect((await readState(store, job.id))?.state).toMatchObject({ state: 'ready', claim: null });
  });

  it('does not respect a claim that a wrong clock wrote into the future', async () => {
    const now = new Date('2099-01-01T00:00:00Z');
    await claimReport(store, job, { token: 'from 2099', seconds: 300, now, isRetried: true });
    expect((await claim('second', 0)).outcome).toBe('claimed');
  });

  it('of a worker that died is failed at once if no queue delivers the job again', async () => {
    const dead = { token: 'dead', seconds: 300, now: at(0), isRetried: false };
    await claimReport(store, job, dead);
    const { state } = (await readState(store, job.id)) ?? {};
    if (state === undefined) throw new Error('there is no state');
    expect(effectiveState(state, at(4)).state).toBe('running');
    expect(effectiveState(state, at(6))).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('without a result'),
    });
    expect((await claim('next', 6)).outcome).toBe('claimed');
  });

  it('refuses a report that is ready', async () => {
    await finishReport(store, await claimed('first', 0), MADE, at(1));
    expect(await claim('second', 60)).toMatchObject({ outcome: 'ready', state: { result: RESULT } });
  });

  it('is possible again after a failure, and keeps the reason', async () => {
    await failReport(store, await claimed('first', 0), { reason: 'no answer', final: false, now: at(1) });
    expect((await readState(store, job.id))?.state).toMatchObject({ state: 'queued', reason: 'no answer' });
    expect((await claimed('second', 2)).state).toMatchObject({ state: 'running', attempt: 2 });
  });

  it('sets the finish time when a report is made or has failed for good, not between attempts', async () => {
    const finishedAt = async () => (await readState(store, job.id))?.state.finishedAt;
    const fail = async (final: boolean, minutes: number) =>
      failReport(store, await claimed('a', minutes), { reason: 'no answer', final, now: at(minutes + 1) });
    await fail(false, 0);
    expect(await finishedAt()).toBeNull();
    await fail(true, 2);
    expect(await finishedAt()).toBe(at(3).toISOString());
    const again = await claimed('b', 4);
    expect(await finishedAt()).toBeNull();
    await finishReport(store, again, MADE, at(5));
    expect(await finishedAt()).toBe(at(5).toISOString());
  });

  it('gives a report that is sent back from the dead-letter queue all its attempts again', async () => {
    const fail = async () => {
      const claim = await claimed('one', 0);
      return failReport(store, claim, { reason: 'no answer', final: false, now: at(1) });
    };
    const outcomes: unknown[] = [];
    for (let attempt = 1; attempt <= 2 * MOST_ATTEMPTS; attempt += 1) {
      const { state, attempt: folder } = await fail();
      outcomes.push([folder, state]);
    }
    expect(outcomes).toEqual([
      [1, 'queued'],
      [2, 'queued'],
      [3, 'failed'],
      [4, 'queued'],
      [5, 'queued'],
      [6, 'failed'],
    ]);
    expect((await claimed('one', 2)).state.reason).toBeNull();
  });
});

describe('requesting', () => {
  it('sends one job for twenty requests at once', async () => {
    const jobs = Array.from({ length: 20 }, (_, index) => ({
      ...job,
      requestedAt: at(0).toISOString(),
      trigger: `${index}`,
    }));
    const asked = await Promise.all(jobs.map((one) => requestReport(store, one, at(0))));
    expect(asked.filter(({ send }) => send)).toHaveLength(1);
  });

  it('sends no job for a report that is under way or ready', async () => {
    const first = await claimed('first', 0);
    expect(await requestReport(store, job, at(1))).toMatchObject({
      send: false,
      state: { state: 'running' },
    });
    await finishReport(store, first, MADE, at(2));
    expect(await requestReport(store, job, at(3))).toMatchObject({ send: false, state: { state: 'ready' } });
  });

  it('sends the job again when it seems to have been lost', async () => {
    const first = { ...job, requestedAt: at(0).toISOString() };
    await requestReport(store, first, at(0));
    expect((await requestReport(store, first, at(14))).send).toBe(false);
    expect((await requestReport(store, { ...job, requestedAt: at(16).toISOString() }, at(16))).send).toBe(
      true,
    );
    expect((await requestReport(store, { ...job, requestedAt: at(17).toISOString() }, at(17))).send).toBe(
      false,
    );
  });

  it('fails a report after its last attempt ended without a result', async () => {
    let time = 0;
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const { state } = await claimed(`worker ${attempt}`, time);
      expect(effectiveState(state, at(time + 4)).state).toBe('running');
      time += 6;
      expect(effectiveState(state, at(time)).state).toBe(attempt < MOST_ATTEMPTS ? 'queued' : 'failed');
    }
    const again = await requestReport(store, job, at(time));
    expect(again).toMatchObject({ send: true, state: { state: 'queued', attempt: MOST_ATTEMPTS } });
    // Its files go into a new folder, and it has all its attempts again.
    const { state } = await claimed('another', time);
    expect(state.attempt).toBe(MOST_ATTEMPTS + 1);
    expect(effectiveState(state, at(time + 6)).state).toBe('queued');
  });
});
