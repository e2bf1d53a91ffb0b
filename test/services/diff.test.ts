/** `antrea-health diff` as a shell runs it. It needs no server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differenceSchema } from '../../src/report/compare/difference.ts';
import { hostileReport } from '../fixtures/hostile-names.ts';
import { version1 } from '../fixtures/old-reports.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { runCommand } from './cli.ts';
import { temporaryFolder } from './server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);

beforeAll(async () => {
  folder = await temporaryFolder('diff');
  await mkdir(at('healthy'));
  await writeFile(at('healthy/report.json'), JSON.stringify(sampleReport({ condition: 'healthy' })));
  await writeFile(at('unwell.json'), JSON.stringify(sampleReport()));
  await writeFile(at('version1.json'), JSON.stringify(version1()));
  await writeFile(at('hostile.json'), JSON.stringify(hostileReport('\u001b[2J\u009b31m\u202e')));
  await writeFile(at('other.json'), '{"schemaVersion":"4"}');
});
afterAll(() => folder?.remove());

describe('antrea-health diff', () => {
  it('prints the difference of a folder and a file to standard output only', async () => {
    const { code, stdout, stderr } = await runCommand(['diff', at('healthy'), at('unwell.json')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^prod-eu-1 · .*\n✗ Healthy → Critical · Score 100 → 0 \/ 100 · Incidents 0 → 8\n/,
    );
    expect(stdout).toContain('\nNew\n  ✗ NetworkPolicy sync duration');
  });

  it('exits with 3 only if the second report is worse and --fail-on asks for it', async () => {
    const codes = [];
    for (const parameters of [
      [at('healthy'), at('unwell.json'), '--fail-on', 'worse'],
      [at('unwell.json'), at('healthy'), '--fail-on', 'worse'],
      [at('healthy'), at('healthy'), '--fail-on', 'worse', '--lang', 'zh-CN', '--format', 'markdown'],
    ])
      codes.push((await runCommand(['diff', ...parameters])).code);
    expect(codes).toEqual([3, 0, 0]);
  });

  it('reads a report of version 1, and names its version', async () => {
    const { code, stdout } = await runCommand(['diff', at('version1.json'), at('unwell.json')]);
    expect(code).toBe(0);
    expect(stdout).toContain('Schema of report.json: 1 → 4');
    expect(stdout).not.toMatch(/^(New|Worse|Better|Resolved)$/m);
  });

  it('prints JSON without control characters, which has the names as they are', async () => {
    const { code, stdout } = await runCommand([
      'diff',
      at('hostile.json'),
      at('hostile.json'),
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(differenceSchema.parse(JSON.parse(stdout)).reports.first.cluster).toBe('\u001b[2J\u009b31m\u202e');
  });

  it.each([
    [['diff', '/nonexistent.json', '/nonexistent.json'], /nonexistent\.json \(ENOENT\)/],
    [['diff', '/nonexistent.json'], /second\.json/],
    [['diff', 'x', 'y', '--fail-on', 'better'], /--fail-on/],
  ])('exits with 2 and one line for %j', async (parameters, message) => {
    const { code, stdout, stderr } = await runCommand(parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('names the file that is not a report', async () => {
    const { code, stderr } = await runCommand(['diff', at('healthy'), at('other.json')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^antrea-health: .*other\.json: is not a report of this program \(.*\)\n$/);
  });
});
