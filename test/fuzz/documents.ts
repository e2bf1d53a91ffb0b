/** Changed report.json, for `render`, for `diff` and for the digest. */
import fc from 'fast-check';
import { digestsOf } from '../../src/config/schedules.ts';
import { parseStoredReport } from '../../src/report/model/stored-report.ts';
import { fileKey } from '../../src/service/archive/address.ts';
import { chatContent } from '../../src/service/digest/chat/content.ts';
import { chatDigest } from '../../src/service/digest/chat/deliver.ts';
import { collectDigest } from '../../src/service/digest/collect.ts';
import { makeMessage } from '../../src/service/digest/mail/deliver.ts';
import { depthReport } from '../fixtures/depth-report.ts';
import { openMemoryStore } from '../fixtures/memory-store.ts';
import { nothingSeenReport } from '../fixtures/nothing-seen.ts';
import { version1, version2, version3 } from '../fixtures/old-reports.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { jobOfDay, serviceOf, storeReport } from '../fixtures/stored-reports.ts';
import { edits } from './inputs.ts';
import { edit, toText, toTree } from './json-tree.ts';
import { checkDifference, checkPages, checkText, madeOrRefused } from './promises.ts';
import { openTarget, type Target } from './target.ts';

const KEYS = [...new Set(keysIn(sampleReport({ period: 'week', nodes: 3 })))];

function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysIn);
  return Object.entries(value).flatMap(([key, member]) => [key, ...keysIn(member)]);
}

const DOCUMENTS: readonly object[] = [
  sampleReport({ nodes: 3 }),
  sampleReport({ nodes: 3, period: 'week', timeZone: 'America/St_Johns' }),
  sampleReport({ nodes: 3, condition: 'healthy' }),
  depthReport(),
  nothingSeenReport(),
  version1(),
  version2(),
  version3(sampleReport({ nodes: 3 })),
];

/** What changed documents are compared with. */
const UNCHANGED = sampleReport({ nodes: 3 });

const CONFIG = serviceOf(`
prometheus: { url: "http://prometheus.example" }
clusters: [{ name: one }, { name: two }]
mail: { from: health@example.com }
digests: [{ name: all, period: day, to: [noc@example.com] }, { name: alle, language: zh-CN, period: day, to: [noc@example.com] }]
`);

/** What JavaScript says about values of other types. A digest shows why a report cannot be read. */
const PROGRAM_ERROR = /Cannot read prop|is not (?:a function|iterable|defined)|Invalid time|Maximum call/;

export async function openDocuments(): Promise<Target> {
  const trees = DOCUMENTS.map(toTree);
  const digest = await openDigest();
  return openTarget({
    inputs: fc.record({
      document: fc.nat(trees.length - 1),
      edits: fc.array(edits(KEYS), { minLength: 1, maxLength: 3 }),
      isDigest: fc.boolean(),
      cut: fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, fc.nat(100_000)),
    }),
    async check({ document, edits: all, isDigest, cut }) {
      const text = toText(all.reduce(edit, trees[document] ?? toTree(null))).slice(0, cut ?? undefined);
      const report = await madeOrRefused(() => parseStoredReport(text));
      if (isDigest) await digest(text);
      else if (report !== null) {
        await checkPages(report);
        checkDifference(report, UNCHANGED);
        checkDifference(UNCHANGED, report);
      }
      return `${report === null ? 'refused' : 'read'}, ${isDigest ? 'digest' : 'page'}`;
    },
  });
}

/** Returns a function that makes the digests of a document. */
async function openDigest(): Promise<(text: string) => Promise<void>> {
  const store = openMemoryStore();
  const job = jobOfDay(CONFIG, 'one', '2026-11-22');
  await storeReport(store, job, { verdict: 'critical', score: 10 });
  const { mail } = CONFIG.file;
  if (mail === undefined) throw new Error('there is no mail');
  return async (text) => {
    const key = fileKey(job.id, 1, 'report.json');
    await store.put(key, Buffer.from(text), { contentType: 'application/json' });
    const at = new Date('2026-11-22T07:00:00Z');
    for (const digest of digestsOf(CONFIG.file)) {
      const request = { config: CONFIG, store, digest, at, now: at, address: null };
      const message = await madeOrRefused(async () => {
        const material = { ...(await collectDigest(request)), request, messageToken: 'fuzz' };
        checkText(JSON.stringify(chatContent(chatDigest(material).view)), text, 'the chat message');
        return makeMessage(material, mail);
      });
      if (message === null) throw new Error('the other clusters get no digest');
      const { html, text: part } = message.rendered;
      checkText(html, text, 'the digest');
      checkText(part, text, 'the text of the digest');
      const found = PROGRAM_ERROR.exec(part);
      if (found)
        throw new Error(`the digest says "${found[0]}": ${part.slice(found.index - 200, found.index + 100)}`);
    }
  };
}
