import { beforeEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../../src/config/clusters.ts';
import { parseConfig } from '../../../../src/config/file.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { reportSchema } from '../../../../src/report/model/report.ts';
import { PrintError } from '../../../../src/report/render/print/print-error.ts';
import { readState } from '../../../../src/service/archive/claims.ts';
import type { ObjectKind, Store } from '../../../../src/service/archive/store.ts';
import { captureOf } from '../../../../src/service/jobs/captures.ts';
import { type WorkContext, work } from '../../../../src/service/jobs/work.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { config, contextOf, exampleJob } from './surroundings.ts';

/** What one attempt uses, stores and closes. */

let store: Store;
beforeEach(() => {
  store = openMemoryStore();
});

const live = parseConfig(
  'clusters: [{ name: example }]\nprometheus: { url: "http://127.0.0.1:9" }',
  'live.yaml',
);

async function exampleSource(): Promise<Source> {
  const capture = await captureOf(settingsOf(config, 'example'));
  if (capture === null) throw new Error('the example is no capture');
  return capture.source;
}

describe('an attempt', () => {
  it('claims its report for a minute, and renews the claim while it works', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const job = await exampleJob();
      const until: (string | undefined)[] = [];
      const note = async () => until.push((await readState(store, job.id))?.state.claim?.until);
      let clock = Date.parse('2026-11-22T05:01:00Z');
      const openSource = async () => {
        await note();
        for (let second = 0; second < 60; second += 20) {
          clock += 20_000;
          await vi.advanceTimersByTimeAsync(20_000);
          await note();
        }
        return { ...(await exampleSource()), close: async () => undefined };
      };
      const made = await work(
        job,
        contextOf(store, { config: live, openSource, now: () => new Date(clock) }),
      );
      expect(made.outcome).toBe('made');
      expect([...new Set(until)]).toEqual([
        '2026-11-22T05:02:00.000Z',
        '2026-11-22T05:02:20.000Z',
        '2026-11-22T05:02:40.000Z',
        '2026-11-22T05:03:00.000Z',
      ]);
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await readState(store, job.id))?.state).toMatchObject({ state: 'ready', claim: null });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['was made', {}, 'made'],
    ['failed', { range: () => Promise.reject(new TypeError('not of Prometheus')) }, 'failed'],
  ])('closes the source when the report %s', async (_, changes: Partial<Source>, outcome) => {
    let closed = 0;
    const openSource = async () => ({
      ...(await exampleSource()),
      ...changes,
      close: async () => {
        closed += 1;
      },
    });
    const made = await work(await exampleJob(), contextOf(store, { config: live, openSource }));
    expect(made.outcome).toBe(outcome);
    expect(closed).toBe(1);
  });

  it.each([
    ['prints', () => Promise.resolve(Buffer.from('%PDF-')), 0],
    ['cannot print', () => Promise.reject(new PrintError('failed', 'no page')), 1],
  ])('ends a Chromium that %s', async (_, print, missing) => {
    let opened = 0;
    let closed = 0;
    const openPrinter: WorkContext['openPrinter'] = async () => {
      opened += 1;
      return {
        print,
        close: async () => {
          closed += 1;
        },
      };
    };
    const job = await exampleJob(['html', 'pdf', 'json']);
    const made = await work(job, contextOf(store, { openPrinter }));
    expect(made.outcome === 'made' && made.state.missing).toHaveLength(missing);
    expect([opened, closed]).toEqual([1, 1]);
  });

  it('stores verdict, score and incidents of the report as its result', async () => {
    const job = await exampleJob();
    const made = await work(job, contextOf(store));
    if (made.outcome !== 'made') throw new Error(made.outcome);
    const file = made.state.files.find(({ name }) => name === 'report.json');
    const object = await store.get(file?.key ?? '');
    const report = reportSchema.parse(JSON.parse(new TextDecoder().decode(object?.bytes)));
    const { critical = [], warning = [] } = Object.groupBy(report.incidents, ({ severity }) => severity);
    // Distinct values, so that none can be mistaken for another.
    expect(critical.length).not.toBe(warning.length);
    const { verdict, score, complete } = report;
    expect(made.state.result).toEqual({
      verdict,
      score,
      complete,
      critical: critical.length,
      warning: warning.length,
    });
  });

  it('stores files that browsers show or save under the name of the report', async () => {
    const kinds = new Map<string, ObjectKind>();
    const noting: Store = {
      ...store,
      put: (key, bytes, kind, ...others) => {
        kinds.set(key, kind);
        return store.put(key, bytes, kind, ...others);
      },
    };
    const job = await exampleJob(['html', 'pdf', 'json', 'junit']);
    const openPrinter = async () => ({
      print: async () => Buffer.from('%PDF-'),
      close: async () => undefined,
    });
    const made = await work(job, contextOf(noting, { openPrinter }));
    if (made.outcome !== 'made') throw new Error(made.outcome);
    const told = made.state.files.map(({ name, key, contentType }) => [
      name,
      contentType,
      kinds.get(key)?.contentType,
      kinds.get(key)?.contentDisposition,
    ]);
    const html = 'text/html; charset=utf-8';
    const json = 'application/json; charset=utf-8';
    const xml = 'application/xml; charset=utf-8';
    expect(told.sort()).toEqual([
      ['report.html', html, html, `inline; filename="${job.id}.html"`],
      ['report.json', json, json, `attachment; filename="${job.id}.json"`],
      ['report.junit.xml', xml, xml, `attachment; filename="${job.id}.junit.xml"`],
      ['report.pdf', 'application/pdf', 'application/pdf', `inline; filename="${job.id}.pdf"`],
    ]);
    // No cache between the bucket and the reader may store a report.
    for (const { key } of made.state.files) expect(kinds.get(key)?.cacheControl).toMatch(/^private,/);
  });
});
