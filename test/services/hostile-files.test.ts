import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeFooter } from '../../src/report/gather/capture/footer.ts';
import { putTogether, takeApart } from '../fixtures/captures.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { runMeasured } from './measured-command.ts';
import { temporaryFolder } from './server.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

const members = takeApart(readFileSync(EXAMPLE));
const report = JSON.stringify(sampleReport());

/** Returns the report with this text as the value of a key. */
const reportWith = (key: string, text: string) => `${report.slice(0, -1)},"${key}":${text}}`;

/** Returns the example with each answer's first series this many times, each time with another label. */
function withCopies(count: number): Buffer {
  const copy = (line: string, number: number) => line.replace('"labels":{', `"labels":{"copy":"${number}",`);
  return putTogether(
    members.map(({ index, lines: [first = '', ...rest] }, place) => ({
      index,
      lines:
        place === 0 || rest[0] === undefined
          ? [first, ...rest]
          : [first, ...Array.from({ length: count }, (_, number) => copy(rest[0] ?? '', number))],
    })),
  );
}

const head = gzipSync(`${members[0]?.lines[0]}\n`);

const FILES: Record<string, { name: string; content: () => string | Uint8Array; command: string[] }> = {
  'a capture with thousands of series': {
    name: 'x.capture.gz',
    content: () => withCopies(4000),
    command: ['report', '--format', 'json', '--from-capture'],
  },
  'a capture with a long index': {
    name: 'x.capture.gz',
    content: () =>
      Buffer.concat([head, gzipSync('{"range":"x","bytes":1}\n'.repeat(2e6)), encodeFooter(head.length)]),
    command: ['report', '--format', 'json', '--from-capture'],
  },
  'a capture of one document': {
    name: 'x.capture.gz',
    content: () =>
      gzipSync(`{"format":"antrea-health-report/capture","version":2,"range":[${'{},'.repeat(3e7)}{}]}`),
    command: ['report', '--format', 'json', '--from-capture'],
  },
  'a report with millions of findings': {
    name: 'report.json',
    content: () => reportWith('findings', `[${'{},'.repeat(8e6)}{}]`),
    command: ['render', '--format', 'html'],
  },
  'a report of arrays in arrays': {
    name: 'report.json',
    content: () => reportWith('warnings', '['.repeat(3e7)),
    command: ['render', '--format', 'html'],
  },
  'a report of millions of numbers': {
    name: 'report.json',
    content: () => reportWith('findings', `[${'1,'.repeat(1e7)}1]`),
    command: ['render', '--format', 'html'],
  },
  'a configuration of lists in lists': {
    name: 'antrea-health.yaml',
    content: () => `clusters: ${'['.repeat(4e5)}`,
    command: ['check', '--offline', '--config'],
  },
  'a configuration with many keys': {
    name: 'antrea-health.yaml',
    content: () => Array.from({ length: 90_000 }, (_, key) => `k${key}: 1`).join('\n'),
    command: ['check', '--offline', '--config'],
  },
  'a configuration with a tag': {
    name: 'antrea-health.yaml',
    content: () => '!!omap\n- prometheus: { url: "http://localhost:9090" }\n',
    command: ['check', '--offline', '--config'],
  },
};

describe('a command that is given', () => {
  it.each(Object.entries(FILES))('%s refuses it in one line', async (_, { name, content, command }) => {
    const folder = await temporaryFolder('hostile-file');
    try {
      const file = join(folder.path, name);
      await writeFile(file, content());
      const [verb = '', ...options] = command;
      const parameters = [verb, ...options, file, ...(verb === 'check' ? [] : ['--out', folder.path])];
      const { code, stderr, isBounded } = await runMeasured(parameters);
      expect(isBounded).toEqual({ memory: true, time: true });
      expect({ code: code > 0, stderr }).toEqual({
        code: true,
        stderr: expect.stringMatching(/^antrea-health: .{20,300}\n$/),
      });
    } finally {
      await folder.remove();
    }
  });
});
