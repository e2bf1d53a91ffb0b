/** Measures the time and the size of a digest of many clusters, from the archive to the composed message. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderStore } from '../src/adapters/folder/store.ts';
import { digestsOf } from '../src/config/schedules.ts';
import { collectDigest } from '../src/service/digest/collect.ts';
import { makeMessage } from '../src/service/digest/mail/deliver.ts';
import { jobOfDay, serviceOf, storeReport } from '../test/fixtures/stored-reports.ts';

const CLUSTERS = 500;
/** The size of a report of twelve nodes. */
const PDF = Buffer.alloc(600_000, '%PDF');

const names = Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index}`);
const config = serviceOf(`
prometheus: { url: "http://127.0.0.1:9" }
clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]
mail: { from: health@example.com, address: "https://reports.example.com" }
digests: [{ name: all, period: day, to: [noc@example.com], attachPdf: true }]
`);
const folder = await mkdtemp(join(tmpdir(), 'antrea-health-report-bench-'));
const store = openFolderStore(folder);
try {
  for (const [index, name] of names.entries()) {
    const day = (end: string) => jobOfDay(config, name, end);
    await storeReport(store, day('2026-11-21'), { verdict: 'healthy', score: 100 }, PDF);
    const state =
      index % 10 === 0
        ? ({ verdict: 'critical', score: index % 50 } as const)
        : ({ verdict: 'healthy', score: 100 } as const);
    await storeReport(store, day('2026-11-22'), state, PDF);
  }
  const [digest] = digestsOf(config.file);
  const { mail } = config.file;
  if (!digest || !mail) throw new Error('no digest');
  const at = new Date('2026-11-22T07:00:00Z');
  const began = performance.now();
  const request = { config, store, digest, at, now: at, address: mail.address ?? null };
  const material = { ...(await collectDigest(request)), request, messageToken: 'bench' };
  const { raw, rendered } = await makeMessage(material, mail);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  process.stdout.write(
    `${rendered.subject}\n${CLUSTERS} clusters: ${seconds} s, message ${megabytes(raw.byteLength)} MB, HTML ${megabytes(Buffer.byteLength(rendered.html))} MB, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB\n`,
  );
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
