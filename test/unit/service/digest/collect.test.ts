import { beforeEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../../../../src/config/clusters.ts';
import { digestsOf } from '../../../../src/config/schedules.ts';
import { lastPeriod } from '../../../../src/report/model/period.ts';
import { claimReport, failReport } from '../../../../src/service/archive/claims.ts';
import { type Store, StoreError } from '../../../../src/service/archive/store.ts';
import { collectDigest, type DigestRequest } from '../../../../src/service/digest/collect.ts';
import type { DigestCluster } from '../../../../src/service/digest/digest.ts';
import { makeMessage } from '../../../../src/service/digest/mail/deliver.ts';
import { digestSubject } from '../../../../src/service/digest/view.ts';
import { jobOf } from '../../../../src/service/jobs/jobs.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { jobOfDay, serviceOf, storeReport } from '../../../fixtures/stored-reports.ts';

const names = Array.from({ length: 14 }, (_, index) => `cluster-${String(index + 1).padStart(2, '0')}`);
const configText = `
prometheus: { url: "http://127.0.0.1:9" }
clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
mail: { from: health@example.com, fromName: Antrea health }
digests:
  - { name: operators, period: day, to: [noc@example.com], note: "Ask the network team." }
  - { name: with-pdf, period: day, to: [noc@example.com], attachPdf: true, attachMegabytes: 0.00005 }
`;
const config = serviceOf(configText);
const MORNING = new Date('2026-11-22T07:00:00Z');

let store: Store;
beforeEach(() => {
  store = openMemoryStore();
});

function requestOf(name = 'operators'): DigestRequest {
  const digest = digestsOf(config.file).find((one) => one.name === name);
  if (!digest) throw new Error(name);
  return { config, store, digest, at: MORNING, now: MORNING, address: 'https://api.example' };
}

/** The first cluster has no report, the second failed, the third is in progress, the fourth and fifth are critical. */
async function fill(): Promise<void> {
  const [, failed = '', underWay = '', ...reported] = names;
  const now = new Date('2026-11-22T06:01:00Z');
  for (const [name, final] of [
    [failed, true],
    [underWay, false],
  ] as const) {
    const job = jobOfDay(config, name, '2026-11-22');
    const claim = await claimReport(store, job, { token: name, seconds: 300, now, isRetried: true });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    await failReport(store, claim.claimed, { reason: 'cannot reach Prometheus', final, now });
  }
  for (const [index, name] of reported.entries()) {
    await storeReport(store, jobOfDay(config, name, '2026-11-21'), { verdict: 'healthy', score: 100 });
    const result =
      index < 2
        ? ({ verdict: 'critical', score: 40 + index } as const)
        : ({ verdict: 'healthy', score: 100 } as const);
    await storeReport(store, jobOfDay(config, name, '2026-11-22'), result);
  }
}

const stateOf = (cluster: DigestCluster) =>
  cluster.state === 'reported' ? cluster.report.verdict : cluster.state;

describe('collectDigest', () => {
  it('reads every cluster from the archive and calls none without a report healthy', async () => {
    await fill();
    const { digest, pdfs } = await collectDigest(requestOf());
    expect(digest.clusters.map(stateOf)).toEqual([
      'missing',
      'failed',
      'under-way',
      'critical',
      'critical',
      ...Array(9).fill('healthy'),
    ]);
    expect(digest.clusters[1]).toMatchObject({
      reason: 'cannot reach Prometheus',
      link: expect.stringMatching(
        /^https:\/\/api\.example\/reports\/cluster-02\/cluster-02-20261122t000000z-/,
      ),
    });
    expect(digest.clusters[3]).toMatchObject({
      change: -60,
      scoreHistory: [{ score: 40 }, { score: 100 }],
      links: { html: expect.stringMatching(/\/report\.html$/), pdf: expect.stringMatching(/\/report\.pdf$/) },
    });
    // Capacities far from their limits are dropped to save memory.
    const [, , , critical] = digest.clusters;
    const capacity = critical?.state === 'reported' ? critical.report.capacity : [];
    expect(capacity.length).toBeGreaterThan(0);
    for (const { fullInDays } of capacity) expect(fullInDays).not.toBeNull();
    expect(pdfs.map(({ cluster }) => cluster).slice(0, 3)).toEqual([
      'cluster-04',
      'cluster-05',
      'cluster-06',
    ]);
    const material = { digest, pdfs, request: requestOf(), messageToken: 'token' };
    const message = await makeMessage(material, config.file.mail ?? { from: '' });
    expect(message.rendered.subject).toBe(digestSubject(digest));
    expect(message.rendered.subject).toMatch(/^5 of 14 clusters need attention/);
    for (const name of names) {
      expect(message.rendered.text).toContain(name);
      expect(message.rendered.html).toContain(name);
    }
    expect(message.rendered.text).toContain('cannot reach Prometheus');
    expect(message.rendered.text).toContain('Running out: ');
    expect(message.rendered.text).toContain('Ask the network team.');
  });

  it('covers the last complete period before the time when the digest was due', async () => {
    await fill();
    const { digest } = await collectDigest({ ...requestOf(), at: new Date('2026-11-21T07:00:00Z') });
    expect(digest.clusters.map(stateOf)).toEqual([...Array(3).fill('missing'), ...Array(11).fill('healthy')]);
  });

  it('attaches the PDFs that fit, worst first, and names the others', async () => {
    await fill();
    const request = requestOf('with-pdf');
    const material = { ...(await collectDigest(request)), request, messageToken: 'token' };
    const message = await makeMessage(material, { from: 'health@example.com' });
    // The limit is 50 bytes, and each PDF has 14.
    const raw = Buffer.from(message.raw).toString('latin1');
    expect(raw.match(/filename=/g)).toHaveLength(3);
    expect(raw).toContain('filename=cluster-04-');
    expect(message.rendered.text).toMatch(/cluster-07/);
  });

  it('names a report that is missing in the store, and reads the others', async () => {
    await fill();
    const broken: Store = {
      ...store,
      get: (key) => (key.includes('cluster-06') ? Promise.resolve(null) : store.get(key)),
    };
    const { digest } = await collectDigest({ ...requestOf(), store: broken });
    expect(digest.clusters[5]).toMatchObject({
      state: 'missing',
      reason: expect.stringContaining('no longer in the store'),
    });
    expect(digest.clusters.filter(({ state }) => state === 'reported')).toHaveLength(10);
  });

  it('prefers the report of the present configuration', async () => {
    const older = serviceOf(
      configText.replace(
        'name: cluster-04 }',
        'name: cluster-04, indicators: { cpu-usage: { warning: null } } }',
      ),
    );
    for (const end of ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']) {
      await storeReport(store, jobOfDay(older, 'cluster-04', end), { verdict: 'healthy', score: 100 });
      await storeReport(store, jobOfDay(config, 'cluster-04', end), { verdict: 'critical', score: 40 });
      // The hash decides which of the two ids is listed first; over four days, both are.
      const at = new Date(`${end}T07:00:00Z`);
      const { digest } = await collectDigest({ ...requestOf(), at });
      expect(digest.clusters.map(stateOf)[3], end).toBe('critical');
    }
  });

  it('finds a report with a hundred newer ones, and one that is not on the list', async () => {
    await storeReport(store, jobOfDay(config, 'cluster-04', '2026-08-01'), { verdict: 'warning', score: 90 });
    for (let day = 2; day < 110; day += 1) {
      const end = new Date(Date.UTC(2026, 7, day)).toISOString().slice(0, 10);
      await storeReport(store, jobOfDay(config, 'cluster-04', end), { verdict: 'healthy', score: 100 });
    }
    const listless: Store = {
      ...store,
      put: (key, ...rest) => (key.startsWith('index/') ? Promise.resolve('') : store.put(key, ...rest)),
    };
    await storeReport(listless, jobOfDay(config, 'cluster-05', '2026-08-01'), {
      verdict: 'critical',
      score: 50,
    });
    const { digest } = await collectDigest({ ...requestOf(), at: new Date('2026-08-01T07:00:00Z') });
    expect(digest.clusters.slice(3, 5).map(stateOf)).toEqual(['warning', 'critical']);
  });

  it('takes the day before if midnight was between the reports and the digest', async () => {
    const west = serviceOf(
      configText.replace('name: cluster-04 }', 'name: cluster-04, timeZone: America/Los_Angeles }'),
    );
    // Midnight in Los Angeles is at 07:00 UTC in summer, so at 06:00 the schedule requested the report of 8 July.
    const settings = settingsOf(west, 'cluster-04');
    const period = lastPeriod('day', settings.report.timeZone, new Date('2026-07-10T06:00:00Z'));
    const job = jobOf({
      cluster: 'cluster-04',
      settings: settings.report,
      period,
      rendition: settings.rendition,
      trigger: 'daily',
      now: MORNING,
    });
    await storeReport(store, job, { verdict: 'warning', score: 90 });
    const { digest } = await collectDigest({
      ...requestOf(),
      config: west,
      at: new Date('2026-07-10T07:00:00Z'),
    });
    expect(digest.clusters[3]).toMatchObject({ state: 'reported', period });
  });

  it('fails if the store does not answer', async () => {
    await fill();
    const silent: Store = {
      ...store,
      list: () => Promise.reject(new StoreError('the bucket cannot be reached', { retry: true })),
    };
    await expect(collectDigest({ ...requestOf(), store: silent })).rejects.toThrow('cannot be reached');
  });
});
