/** Changed captures. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { resolveSettings } from '../../src/config/settings.ts';
import { encodeFooter } from '../../src/report/gather/capture/footer.ts';
import { openCapture } from '../../src/report/gather/capture/open.ts';
import { makeReportFromCapture } from '../../src/report/make-report.ts';
import { recordInMemory, takeApart } from '../fixtures/captures.ts';
import { startSmallDay } from '../services/small-day.ts';
import { edits } from './inputs.ts';
import { edit, type Tree, toText, toTree } from './json-tree.ts';
import { checkReport, madeOrRefused } from './promises.ts';
import { openTarget, type Target } from './target.ts';

const KEYS = [
  ...['format', 'version', 'recordedAt', 'generatorVersion', 'cluster', 'period', 'timeZone', 'stepSeconds'],
  ...['scrapeIntervalSeconds', 'targetSettings', 'jobs', 'matchers', 'nodeLabels', 'agent', 'controller'],
  ...[
    'range',
    'instant',
    'warnings',
    'error',
    'kind',
    'message',
    'labels',
    'values',
    'value',
    'bytes',
    'head',
  ],
];

export async function openCaptures(): Promise<Target> {
  const whole = await recordDay();
  const members = takeApart(whole);
  const heads = toTree(members.map(({ index }) => index));
  const lines: Tree = {
    items: members.map((member) => ({ items: member.lines.map((line) => toTree(JSON.parse(line))) })),
  };
  const packed = new Map(lines.items.map((member, index) => [member, pack(members[index]?.lines ?? [])]));
  return openTarget({
    inputs: fc.record({
      // Half of the edits change the head, although a capture has only one.
      inHead: fc.array(edits(KEYS), { maxLength: 2 }),
      inAnswers: fc.array(edits(KEYS), { maxLength: 3 }),
      inIndex: fc.array(edits(KEYS), { maxLength: 1 }),
    }),
    async check({ inHead, inAnswers, inIndex }) {
      const atHead = inHead.map(({ place, change }) => ({
        place: [FIRST, FIRST, ...place],
        change,
      }));
      const file = putTogether(
        [...atHead, ...inAnswers].reduce(edit, lines),
        inIndex.reduce(edit, heads),
        packed,
      );
      const report = await madeOrRefused(async () => {
        const capture = await openCapture(new Blob([file]), 'fuzz.capture.gz');
        const { report: settings } = resolveSettings({ timeZone: capture.settings.timeZone });
        const cluster = capture.settings.cluster;
        return makeReportFromCapture(capture, { cluster, settings, generatedAt: new Date(0) });
      });
      if (report === null) return 'refused';
      await checkReport(report);
      return report.complete ? 'complete' : 'incomplete';
    },
  });
}

const FIRST = { child: 0, isEvery: false };

async function recordDay(): Promise<Buffer> {
  const day = await startSmallDay();
  try {
    const { targetSettings, timeZone } = resolveSettings({}).report;
    const settings = { cluster: 'fuzz', period: day.period, timeZone, targetSettings };
    const recorders: ReturnType<typeof recordInMemory>[] = [];
    await day.report((source) => {
      const recorder = recordInMemory(source, {
        settings: { ...settings, stepSeconds: null, scrapeIntervalSeconds: null },
        recordedAt: new Date(day.period.end * 1000).toISOString(),
        generatorVersion: '0.0.0',
      });
      recorders.push(recorder);
      return recorder.source;
    });
    return (await recorders[0]?.save()) ?? Buffer.alloc(0);
  } finally {
    await day.stop();
  }
}

const pack = (lines: readonly string[]) => gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 1 });

/** Like that of the fixtures, but packs only what was changed, and takes any trees. */
function putTogether(lines: Tree, heads: Tree, packed: ReadonlyMap<Tree, Buffer>): Buffer {
  const members = itemsOf(lines).map((member) => packed.get(member) ?? pack(itemsOf(member).map(toText)));
  const index = itemsOf(heads).map((head, at) => {
    if (!('members' in head)) return toText(head);
    return toText({ members: [...head.members, ['bytes', { text: String(members[at]?.length ?? 0) }]] });
  });
  const offset = members.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...members, pack(index), encodeFooter(offset)]);
}

function itemsOf(tree: Tree): Tree[] {
  return 'items' in tree ? tree.items : [tree];
}
