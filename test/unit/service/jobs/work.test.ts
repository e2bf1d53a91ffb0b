import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../../../../src/config/clusters.ts';
import { parseConfig } from '../../../../src/config/file.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { type Report, reportSchema } from '../../../../src/report/model/report.ts';
import { PrintError } from '../../../../src/report/render/print/print-error.ts';
import { readState } from '../../../../src/service/archive/claims.ts';
import { listedReports } from '../../../../src/service/archive/listing.ts';
import { MOST_ATTEMPTS } from '../../../../src/service/archive/state.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import { captureOf } from '../../../../src/service/jobs/captures.ts';
import { type Deadline, deadlineOf } from '../../../../src/service/jobs/deadline.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { work } from '../../../../src/service/jobs/work.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { config, contextOf, exampleJob } from './surroundings.ts';

let store: Store;
beforeEach(() => {
  store = openMemoryStore();
});

const later = new Date('2026-11-22T05:30:00Z');

/** Expects a complete report that is listed once. */
async function expectWhole(job: Job): Promise<Report> {
  const { state } = (await readState(store, job.id)) ?? {};
  expect(state).toMatchObject({ state: 'ready', claim: null, reason: null });
  const texts = new Map<string, string>();
  for (const { name, key, bytes } of state?.files ?? []) {
    const object = await store.get(key);
    expect(object?.bytes.byteLength, name).toBe(bytes);
    texts.set(name, new TextDecoder().decode(object?.bytes));
  }
  expect([...texts.keys()].sort()).toEqual(['report.html', 'report.json']);
  expect(texts.get('report.html')?.trimEnd().endsWith('</html>')).toBe(true);
  const report = reportSchema.parse(JSON.parse(texts.get('report.json') ?? ''));
  for (const cluster of [null, 'example']) {
    const { reports } = await listedReports(store, cluster, { limit: 10 });
    expect(reports).toMatchObject([{ id: job.id, verdict: report.verdict, score: report.score }]);
  }
  return report;
}

/** A store whose process dies at its nth call: that call is done or not, and later ones never happen. */
function dyingStore(calls: number, isDone: boolean): Store {
  let left = calls;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left > 0) return work();
    if (left === 0 && isDone) await work();
    throw new Error('killed');
  };
  return {
    ...store,
    put: (...all) => call(() => store.put(...all)),
    get: (...all) => call(() => store.get(...all)),
    list: (...all) => call(() => store.list(...all)),
  };
}

/** A deadline that leaves these times for printing, in milliseconds, one after the other. */
function deadlineForPrinting(...limits: number[]): Deadline {
  return { ...deadlineOf(() => 300_000), millisecondsForPrinting: () => limits.shift() ?? 0 };
}

describe('a job', () => {
  it('becomes one report', async () => {
    const job = await exampleJob();
    expect((await work(job, contextOf(store))).outcome).toBe('made');
    await expectWhole(job);
    expect((await work(job, contextOf(store))).outcome).toBe('ready');
    await expectWhole(job);
  });

  it('delivered to ten workers at once becomes one report', async () => {
    const job = await exampleJob();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => work(job, contextOf(store))));
    expect(outcomes.filter(({ outcome }) => outcome === 'made')).toHaveLength(1);
    // The other workers find the report ready afterwards.
    for (const { outcome } of outcomes) expect(['made', 'busy', 'ready']).toContain(outcome);
    await expectWhole(job);
  });

  it('becomes a complete report with the next delivery, whichever call to the store killed its worker', async () => {
    const job = await exampleJob();
    for (let calls = 1, isOver = false; !isOver; calls += 1) {
      for (const isDone of [false, true]) {
        store = openMemoryStore();
        const first = await work(job, contextOf(dyingStore(calls, isDone))).catch(() => null);
        isOver = first?.outcome === 'made';
        const { reports } = await listedReports(store, null, { limit: 10 });
        const before = (await readState(store, job.id))?.state.state;
        // A listed report can be opened.
        if (reports.length > 0) expect(before).toBe('ready');
        const second = await work(job, contextOf(store, { now: () => later }));
        expect(['made', 'ready'], `after ${calls} calls`).toContain(second.outcome);
        await expectWhole(job);
      }
    }
  });
});

describe('a job that fails', () => {
  const live = parseConfig(
    'clusters: [{ name: example }]\nprometheus: { url: "http://127.0.0.1:9" }',
    'live.yaml',
  );

  it('notes the reason and is tried again until all attempts are used', async () => {
    const job = await exampleJob();
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
      expect(await work(job, contextOf(store, { config: live }))).toMatchObject({
        outcome: 'failed',
        final: false,
      });
      expect((await readState(store, job.id))?.state).toMatchObject({
        state: 'queued',
        reason: 'no Prometheus here',
        finishedAt: null,
      });
    }
    const last = await work(job, contextOf(store, { config: live }));
    expect(last).toMatchObject({ outcome: 'failed', final: true });
    expect((await readState(store, job.id))?.state).toMatchObject({
      state: 'failed',
      attempt: MOST_ATTEMPTS,
    });
    expect((await readState(store, job.id))?.state.finishedAt).not.toBeNull();
    expect((await listedReports(store, null, { limit: 1 })).reports).toEqual([]);
    // An operator fixes the cause and sends the job back from the dead-letter queue.
    expect((await work(job, contextOf(store))).outcome).toBe('made');
    await expectWhole(job);
  });

  it('fails when its last worker died, with the reason of the attempt before', async () => {
    const job = await exampleJob();
    const dying = { config: live, openSource: () => new Promise<never>(() => undefined) };
    for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1)
      await work(job, contextOf(store, { config: live }));
    // This worker keeps its claim for five minutes and never finishes.
    void work(job, contextOf(store, dying));
    while ((await readState(store, job.id))?.state.state !== 'running') await sleep(10);
    expect((await work(job, contextOf(store))).outcome).toBe('busy');
    const after = await work(job, contextOf(store, { now: () => later }));
    expect(after).toMatchObject({ outcome: 'failed', final: true });
    const { state } = (await readState(store, job.id)) ?? {};
    expect(state).toMatchObject({ state: 'failed', claim: null });
    expect(state?.reason).toMatch(/without a result.*no Prometheus here/);
  });

  it('makes the report even when the list cannot be written, and lists it with the next delivery', async () => {
    const job = await exampleJob();
    const listless: Store = {
      ...store,
      put: (key, ...rest) =>
        key.startsWith('index/') ? Promise.reject(new Error('S3 is tired')) : store.put(key, ...rest),
    };
    await expect(work(job, contextOf(listless))).rejects.toThrow('S3 is tired');
    expect((await readState(store, job.id))?.state.state).toBe('ready');
    expect((await work(job, contextOf(store))).outcome).toBe('ready');
    await expectWhole(job);
  });

  it('fails at once when its cluster is not configured', async () => {
    const without = parseConfig(
      'prometheus: { url: "http://x" }\nclusters: [{ name: another }]',
      'test.yaml',
    );
    const outcome = await work(await exampleJob(), contextOf(store, { config: without }));
    expect(outcome).toMatchObject({ outcome: 'failed', final: true });
    expect(outcome).toHaveProperty('error.message', expect.stringContaining('"example" is not one of'));
  });
});

describe('near the deadline', () => {
  it('stores HTML and JSON without the PDF, with the reason', async () => {
    const job = await exampleJob(['html', 'pdf', 'json']);
    const outcome = await work(
      job,
      contextOf(store, {
        deadline: deadlineForPrinting(200),
        openPrinter: async () => ({
          print: async (_, { timeoutMs = 60_000 }) => {
            await sleep(timeoutMs);
            throw new PrintError('timeout', `Chromium did not print the page within ${timeoutMs / 1000} s`);
          },
          close: async () => undefined,
        }),
      }),
    );
    expect(outcome).toMatchObject({ outcome: 'made', state: { missing: [{ format: 'pdf' }] } });
    await expectWhole(job);
  });

  it('tries once more after a crash of Chromium, in the remaining time', async () => {
    const job = await exampleJob(['html', 'pdf', 'json']);
    // The first print may take as long as it likes, the second hardly any time.
    const deadline = deadlineForPrinting(300_000, 200);
    let prints = 0;
    const openPrinter = async () => ({
      async print() {
        prints += 1;
        if (prints === 1) throw new PrintError('crashed', 'Chromium ended while it printed the page');
        // The second start takes longer than the remaining time, and the print's own limit does not cover it.
        return new Promise<never>(() => undefined);
      },
      close: async () => undefined,
    });
    const outcome = await work(job, contextOf(store, { deadline, openPrinter }));
    expect(prints).toBe(2);
    expect(outcome).toMatchObject({ outcome: 'made', state: { missing: [{ format: 'pdf' }] } });
  });

  it('keeps thirty seconds to store the report, and prints with the rest', () => {
    expect(deadlineOf(() => 38_000).millisecondsForPrinting()).toBe(8_000);
  });

  it('does not start Chromium when there is no time for it', async () => {
    const job = await exampleJob(['html', 'pdf', 'json']);
    const outcome = await work(job, contextOf(store, { deadline: deadlineOf(() => 33_000) }));
    expect(outcome).toMatchObject({
      outcome: 'made',
      state: { missing: [{ format: 'pdf', reason: expect.stringContaining('no time left') }] },
    });
  });

  it('makes the report from the answers that arrived in time', async () => {
    const capture = await captureOf(settingsOf(config, 'example'));
    if (capture === null) throw new Error('the example is no capture');
    const job = await exampleJob();
    const live = parseConfig(
      'clusters: [{ name: example }]\nprometheus: { url: "http://127.0.0.1:9" }',
      'live.yaml',
    );
    const openSource = async (_: unknown, signal: AbortSignal) => {
      // Prometheus never answers the query for CPU usage.
      const source: Source = {
        ...capture.source,
        range: (query, grid) =>
          query.includes('rate(process_cpu')
            ? new Promise((_resolve, reject) => {
                const giveUp = () => reject(new QueryError('aborted', 'the report was called off'));
                if (signal.aborted) giveUp();
                signal.addEventListener('abort', giveUp);
              })
            : capture.source.range(query, grid),
      };
      return { ...source, close: async () => undefined };
    };
    const outcome = await work(
      job,
      contextOf(store, { config: live, openSource, deadline: deadlineOf(() => 70_500) }),
    );
    expect(outcome).toMatchObject({ outcome: 'made', state: { result: { complete: false } } });
    const report = await expectWhole(job);
    const statuses = report.indicators.map(({ id, status }) => [id, status]);
    expect(statuses).toContainEqual(['cpu-usage', 'failed']);
    expect(statuses.filter(([, status]) => status === 'failed')).toHaveLength(1);
    expect(report.indicators.find(({ id }) => id === 'cpu-usage')?.reason).toContain(
      'time for this report ran out',
    );
  });
});

describe('a job whose id is that of another report', () => {
  const CHANGES: [string, Partial<Job>][] = [
    ['cluster', { cluster: 'Example' }],
    ['end', { period: { start: '2026-11-19T00:00:00Z', end: '2026-11-20T00:00:00Z' } }],
    ['language', { language: 'zh-CN' }],
    ['formats', { formats: ['json'] }],
    ['page size', { pageSize: 'Letter' }],
  ];
  it.each(CHANGES)('fails for good and touches no report: another %s', async (_, change) => {
    const untouched = new Proxy(store, {
      get: (_target, name) => () => Promise.reject(new Error(`the store was asked: ${String(name)}`)),
    });
    const outcome = await work({ ...(await exampleJob()), ...change }, contextOf(untouched));
    expect(outcome).toMatchObject({ outcome: 'failed', final: true });
    expect(outcome).toHaveProperty(
      'error.message',
      'the id of the job is that of another cluster, period or format; request the report again',
    );
  });
});
