/** The command `schedule` when something fails: a cluster, a stored state, or the user interrupts it. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Outcome, PROGRAM, runCommand } from './cli.ts';
import { temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

/** Just after the recorded day, whose report each cluster gets. */
const AT = '2026-11-21T06:00:00Z';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;
let requests = 0;
let isHung = true;
beforeEach(async () => {
  folder = await temporaryFolder('schedule');
  requests = 0;
  isHung = true;
  // Refuses requests below /refuse, and does not answer others while it hangs.
  server = createServer(({ url }, response) => {
    if (!isHung || url?.startsWith('/refuse')) response.writeHead(404).end();
    else requests += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await folder.remove();
});

const recorded = (name: string) =>
  `  - { name: ${name}, prometheus: { capture: ${JSON.stringify(CAPTURE)} } }`;
const live = (name: string, path: string) => {
  const { port } = server.address() as AddressInfo;
  return `  - { name: ${name}, prometheus: { url: "http://127.0.0.1:${port}${path}" } }`;
};
const refused = (name: string) => live(name, '/refuse');
const hung = (name: string) => live(name, '/hang');

async function parametersFor(clusters: readonly string[]): Promise<string[]> {
  const config = join(folder.path, 'antrea-health.yaml');
  const schedule = 'schedules: [{ name: daily, period: day, formats: [html, json] }]';
  await writeFile(config, `timeZone: UTC\nclusters:\n${clusters.join('\n')}\n${schedule}\n`);
  return ['schedule', 'daily', '--config', config, '--archive', join(folder.path, 'archive'), '--at', AT];
}

const run = async (...clusters: string[]): Promise<Outcome> => runCommand(await parametersFor(clusters));

/** Returns the path of the state of a cluster's report. */
async function stateFileOf(cluster: string): Promise<string> {
  const [found] = globSync(join(folder.path, 'archive', '**', cluster, '**', 'state.json'));
  if (found === undefined) throw new Error(`${cluster} has no state`);
  return found;
}

const stateOf = async (cluster: string) => JSON.parse(await readFile(await stateFileOf(cluster), 'utf8'));

it('a report that failed is failed, not under way, since nothing tries it again', async () => {
  const { code, stderr } = await run(refused('east'), recorded('west'));
  expect(code).toBe(1);
  expect(stderr).toContain('antrea-health: east: ');
  expect(await stateOf('east')).toMatchObject({ state: 'failed', claim: null, attempt: 1 });
  expect(await stateOf('west')).toMatchObject({ state: 'ready' });
  // The next run tries it again.
  await run(refused('east'));
  expect(await stateOf('east')).toMatchObject({ state: 'failed', attempt: 2 });
});

it('a damaged state costs the other clusters nothing', async () => {
  await run(refused('east'));
  await writeFile(await stateFileOf('east'), '{');
  const { code, stderr } = await run(refused('east'), recorded('west'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^antrea-health: east: .* is damaged; delete it and ask for the report again\n$/);
  expect(await stateOf('west')).toMatchObject({ state: 'ready' });
});

it.each(['SIGINT', 'SIGTERM'] as const)('%s releases the claim and says so', async (signal) => {
  const child = execFile(process.execPath, [
    PROGRAM,
    ...(await parametersFor([hung('east'), recorded('west')])),
  ]);
  let errors = '';
  child.stderr?.on('data', (text: string) => {
    errors += text;
  });
  await waitUntil(
    () => requests > 0,
    () => `no query was sent: ${errors}`,
  );
  expect((await stateOf('east')).state).toBe('running');
  child.kill(signal);
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  expect(errors).toBe(
    'antrea-health: east: interrupted\nantrea-health: interrupted; 1 of 2 reports were not begun\n',
  );
  expect(await stateOf('east')).toMatchObject({ state: 'failed', claim: null, reason: 'interrupted' });
});

it('a report of a process that was killed is made by the next one, which waits for its claim to expire', async () => {
  const parameters = await parametersFor([hung('east'), recorded('west')]);
  const child = execFile(process.execPath, [PROGRAM, ...parameters]);
  await waitUntil(
    () => requests > 0,
    () => 'no query was sent',
  );
  child.kill('SIGKILL');
  await once(child, 'close');
  isHung = false;
  const file = await stateFileOf('east');
  const state = await stateOf('east');
  expect(state).toMatchObject({ state: 'running', attempt: 1 });
  const left = Date.parse(state.claim.until) - Date.now();
  expect(left).toBeLessThanOrEqual(60_000);
  // Shortens the wait.
  const until = new Date(Date.now() + 3_000);
  await writeFile(file, JSON.stringify({ ...state, claim: { ...state.claim, until: until.toISOString() } }));
  const { code, stdout, stderr } = await runCommand(parameters);
  expect(Date.now()).toBeGreaterThan(until.getTime());
  expect(code).toBe(1);
  expect(stdout).toMatch(/^west-\S+\n$/);
  // It was tried, and Prometheus refused.
  expect(stderr).toMatch(/^antrea-health: east: .*404.*\n$/);
  expect(await stateOf('east')).toMatchObject({ state: 'failed', attempt: 2 });
});

it('parts of a schedule make every report once', async () => {
  const clusters = ['north', 'east', 'south', 'west'].map(refused);
  const parameters = await parametersFor(clusters);
  const parts = await Promise.all(
    ['0/3', '1/3', '2/3'].map((shard) => runCommand([...parameters, '--shard', shard])),
  );
  const tried = parts.map(({ stderr }) =>
    [...stderr.matchAll(/^antrea-health: (\w+): /gm)].map(([, name]) => name),
  );
  expect(tried).toEqual([['north', 'west'], ['east'], ['south']]);
  const none = await runCommand([...parameters, '--shard', '3/3']);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--shard: "3/3" is not a part') });
});
