import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimReport, failReport } from '../../../src/archive/claims.ts';
import { digestsOf } from '../../../src/config/schedules.ts';
import type { Store } from '../../../src/deliver/store.ts';
import type { DigestCluster } from '../../../src/render/digest-data.ts';
import { collectDigest, type DigestRequest } from '../../../src/service/digest/collect.ts';
import { makeMessage } from '../../../src/service/digest/send.ts';
import { jobOfDay, serviceOf, storeReport } from '../../fixtures/stored-reports.ts';
import { openTemporaryStore } from '../archive/surroundings.ts';

const names = Array.from({ length: 14 }, (_, index) => `cluster-${String(index + 1).padStart(2, '0')}`);
const config = serviceOf(`
prometheus: { url: "http://127.0.0.1:9" }
clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
mail: { from: health@example.com, fromName: Antrea health }
digests:
  - { name: operators, period: day, to: [noc@example.com], note: "Ask the network team." }
  - { name: with-pdf, period: day, to: [noc@example.com], attachPdf: true, attachMegabytes: 0.00005 }
`);
const MORNING = new Date('2026-11-22T07:00:00Z');

let store: Store;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ store, close } = await openTemporaryStore());
});
afterEach(() => close());

function requestOf(name = 'operators'): DigestRequest {
  const digest = digestsOf(config.file).find((one) => one.name === name);
  if (!digest) throw new Error(name);
  return { config, store, digest, at: MORNING, now: MORNING, address: 'https://api.example' };
}

/** The first has no report, the second failed, the third is under way, the fourth and fifth are critical. */
async function fill(): Promise<void> {
  const [, failed = '', underWay = '', ...reported] = names;
  const now = new Date('2026-11-22T06:01:00Z');
  for (const [name, final] of [
    [failed, true],
    [underWay, false],
  ] as const) {
    const job = jobOfDay(config, name, '2026-11-22');
    const claim = await claimReport(store, job, { token: name, seconds: 300, now });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    await failReport(store, claim.claimed, { reason: 'cannot reach Prometheus', final, now });
  }
  for (const [index, name] of reported.entries()) {
    await storeReport(store, jobOfDay(config, name, '2026-11-21'), { verdict: 'healthy', score: 100 });
    const said =
      index < 2
        ? ({ verdict: 'critical', score: 40 + index } as const)
        : ({ verdict: 'healthy', score: 100 } as const);
    await storeReport(store, jobOfDay(config, name, '2026-11-22'), said);
  }
}

const stateOf = (cluster: DigestCluster) =>
  cluster.state === 'reported' ? cluster.report.verdict : cluster.state;

describe('what a digest says', () => {
  it('is what the archive holds, and nothing that is not there is fine', async () => {
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
      course: [{ score: 40 }, { score: 100 }],
      links: { html: expect.stringMatching(/\/report\.html$/), pdf: expect.stringMatching(/\/report\.pdf$/) },
    });
    expect(pdfs.map(({ cluster }) => cluster).slice(0, 3)).toEqual([
      'cluster-04',
      'cluster-05',
      'cluster-06',
    ]);
    const message = await makeMessage({ ...requestOf(), mail: config.file.mail ?? { from: '' } });
    expect(message.subject).toMatch(/^5 of 14 clusters need attention/);
    for (const name of names) {
      expect(message.rendered.text).toContain(name);
      expect(message.rendered.html).toContain(name);
    }
    expect(message.rendered.text).toContain('cannot reach Prometheus');
    expect(message.rendered.text).toContain('Ask the network team.');
  });

  it('is about the period before the time when it was due', async () => {
    await fill();
    const { digest } = await collectDigest({ ...requestOf(), at: new Date('2026-11-21T07:00:00Z') });
    expect(digest.clusters.map(stateOf)).toEqual([...Array(3).fill('missing'), ...Array(11).fill('healthy')]);
  });

  it('has the PDFs that fit, worst first, and names the others', async () => {
    await fill();
    const message = await makeMessage({ ...requestOf('with-pdf'), mail: { from: 'health@example.com' } });
    // Fifty bytes: three of fourteen each.
    const raw = Buffer.from(message.raw).toString('latin1');
    expect(raw.match(/filename=/g)).toHaveLength(3);
    expect(raw).toContain('filename=cluster-04-');
    expect(message.rendered.text).toMatch(/cluster-07/);
  });

  it('says so when a report is gone from the store, and goes on', async () => {
    await fill();
    const broken: Store = {
      ...store,
      get: (key) => (key.includes('cluster-06') ? Promise.resolve(null) : store.get(key)),
    };
    const { digest } = await collectDigest({ ...requestOf(), store: broken });
    expect(digest.clusters[5]).toMatchObject({
      state: 'missing',
      reason: expect.stringContaining('not in the store'),
    });
    expect(digest.clusters.filter(({ state }) => state === 'reported')).toHaveLength(10);
  });
});
