import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Asked, type CaptureServer, type Replacement, startCaptureServer } from './capture-server.ts';
import { runMeasured } from './measured-command.ts';
import { temporaryFolder } from './server.ts';
import { someOf } from './thorough.ts';

/** Makes a report of the server. */
async function reportOn({ url, period }: CaptureServer) {
  const folder = await temporaryFolder('hostile');
  try {
    const iso = (unixSeconds: number) => new Date(unixSeconds * 1000).toISOString();
    const outcome = await runMeasured([
      ...['report', '--format', 'json', '--out', folder.path, '--prometheus', url],
      ...['--from', iso(period.start), '--to', iso(period.end)],
    ]);
    const folderOfReport = outcome.stdout.trim();
    const file = join(folderOfReport, 'report.json');
    return { ...outcome, report: folderOfReport === '' ? null : JSON.parse(await readFile(file, 'utf8')) };
  } finally {
    await folder.remove();
  }
}

const envelope = (isRange: boolean) =>
  `{"status":"success","data":{"resultType":"${isRange ? 'matrix' : 'vector'}","result":[`;

/** Yields what `make` returns for 0, 1, 2, … for ever, in pieces that are large enough to be fast. */
function* endless(make: (index: number) => string): Generator<string> {
  for (let index = 0; ; ) {
    let piece = '';
    while (piece.length < 64 * 1024) {
      piece += make(index);
      index += 1;
    }
    yield piece;
  }
}

function* after(head: string, rest: Iterable<string>): Generator<string> {
  yield head;
  yield* rest;
}

/** Series of the shape that queries by target have. */
const entry = (index: number, isRange: boolean, more = '') =>
  `{"metric":{"job":"antrea-agents","instance":"10.0.${index >> 8}.${index & 255}:10350","node":"w${index}","component":"agent","antrea_health_component":"agent"${more}},` +
  (isRange ? '"values":[[1795219200,"1"]]},' : '"value":[1795219200,"1"]},');

const packed = (isRange: boolean) => gzipSync(`${envelope(isRange)}${' '.repeat(255 * 1024 ** 2)}]}}`);
const PACKED = { range: packed(true), instant: packed(false) };

const ATTACKS: Record<string, (asked: Asked) => Replacement> = {
  'series without end': ({ isRange }) => ({
    body: after(
      envelope(isRange),
      endless((index) => entry(index, isRange)),
    ),
  }),
  '20,000 series': ({ isRange }) => ({
    body: [
      envelope(isRange),
      Array.from({ length: 20_000 }, (_, index) => entry(index, isRange))
        .join('')
        .slice(0, -1),
      ']}}',
    ],
  }),
  'samples without labels, without end': ({ isRange }) => ({
    body: after(
      envelope(isRange),
      endless(() => `{"metric":{},"${isRange ? 'values":[[1,"1"]]' : 'value":[1,"1"]'}},`),
    ),
  }),
  'labels of half a megabyte': ({ isRange }) => ({
    body: after(
      envelope(isRange),
      endless((index) => entry(index, isRange, `,"x":"${'y'.repeat(512 * 1024)}"`)),
    ),
  }),
  'thousands of labels': ({ isRange }) => ({
    body: after(
      envelope(isRange),
      endless((index) =>
        entry(index, isRange, Array.from({ length: 20_000 }, (_, label) => `,"l${label}":""`).join('')),
      ),
    ),
  }),
  'points without end': ({ isRange }) => ({
    body: after(
      `${envelope(isRange)}{"metric":{},"values":[`,
      endless((index) => `[${1_700_000_000 + index},"${index}"],`),
    ),
  }),
  'arrays in arrays': () => ({ body: endless(() => '[') }),
  'spaces without end': () => ({ body: endless(() => ' ') }),
  'a number without end': () => ({
    body: after(
      '{"status":',
      endless(() => '1'),
    ),
  }),
  'warnings without end': ({ isRange }) => ({
    body: after(
      `${envelope(isRange)}]},"warnings":[`,
      endless((index) => `"warning ${index}",`),
    ),
  }),
  'half a million warnings': ({ isRange }) => ({
    body: [`${envelope(isRange)}]},"warnings":[`, '1,'.repeat(500_000), '1]}'],
  }),
  'much from few bytes': ({ isRange }) => ({
    headers: { 'Content-Encoding': 'gzip' },
    body: [isRange ? PACKED.range : PACKED.instant],
  }),
};

/** Whether a query is one of the survey, which finds the targets. */
const isSurvey = ({ query }: Asked) =>
  /antrea_health_component|\bup\{|kube_|count by \(__name__\)/.test(query);

const ATTACKED: readonly [string, (asked: Asked) => boolean][] = [
  ['every query', () => true],
  ['queries about the targets it found', (asked) => !isSurvey(asked)],
];

describe.each(Object.entries(ATTACKS).map(([name, attack], index) => ({ name, attack, index })))(
  'a server that answers with $name',
  ({ attack, index }) => {
    it.each(someOf(ATTACKED, index % 2, 2))(
      'costs bounded time and memory: %s',
      async (_queries, isAttacked) => {
        const server = await startCaptureServer((asked) => (isAttacked(asked) ? attack(asked) : null));
        try {
          const { code, stderr, report, isBounded } = await reportOn(server);
          expect(isBounded).toEqual({ memory: true, time: true });
          expect(stderr).not.toMatch(/^ {4}at |mistake in the program/m);
          // Either there is no report and one line says why, or the report says that it lacks something.
          if (report === null) {
            expect(code).toBe(1);
            expect(stderr.split('\n')[0]).toMatch(/^antrea-health: .{20,300}$/);
          } else expect(report).toMatchObject({ complete: false });
        } finally {
          await server.stop();
        }
      },
    );
  },
);
