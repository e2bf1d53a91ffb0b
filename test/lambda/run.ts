/**
 * `npm run lambda`: runs the packaged functions under AWS's own runtime client as Lambda does, and prints what they use. It
 * needs root on Debian 12 and takes some minutes.
 */
import { chmod } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../services/server.ts';
import { findGrowth } from './flat.ts';
import type { Invocation, LambdaFunction } from './function.ts';
import { VERSION } from './runtime-client.ts';
import {
  breakConfiguration,
  type Functions,
  handleEveryEvent,
  makeReports,
  meetDeadline,
  probeSandbox,
  startFunctions,
} from './scenarios.ts';
import { startWorld, type World } from './world.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);
const { values } = parseArgs({ options: { invocations: { type: 'string', default: '100' } } });
const count = Number(values.invocations);
if (!Number.isInteger(count) || count < 1) {
  process.stderr.write(`--invocations ${values.invocations} is not a positive whole number\n`);
  process.exit(2);
}

const problems: string[] = [];
const folder = await temporaryFolder('lambda-tasks');
// Functions run as another user.
await chmod(folder.path, 0o755);
const world = await startWorld();
try {
  print(
    `aws-lambda-ric ${VERSION}, Node ${process.version}, user 993, read-only root, memory limited by a cgroup\n`,
  );
  await runAll(world);
} finally {
  await world.stop();
  await folder.remove();
}
for (const problem of problems) print(`FAILED: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);

async function runAll(own: World): Promise<void> {
  await scenario('the sandbox', () => probeSandbox(own, folder.path));
  const { functions, stop } = await startFunctions(own, folder.path);
  try {
    const before = await filesOf(functions);
    const uses: Record<string, Invocation[]> = {};
    const use = (more: Readonly<Record<string, Invocation[]>>) => {
      for (const [name, list] of Object.entries(more)) uses[name] = [...(uses[name] ?? []), ...list];
    };
    await scenario('a cold start of each function, with its kind of event', async () => {
      use(await handleEveryEvent(own, functions));
      return Object.values(functions).map(startLine).join(', ');
    });
    await scenario(
      `${count} reports with PDF, frozen in between, connections lost every third time`,
      async () => {
        use(await makeReports(own, functions, count));
        return `${uses['generate-report']?.length} invocations answered`;
      },
    );
    await scenario('a deadline that is near', () => meetDeadline(own, functions));
    await scenario('a broken configuration', () => breakConfiguration(own, functions, folder.path));
    await scenario('files outside of /tmp', async () => {
      if ((await filesOf(functions)) !== before) throw new Error('they have changed');
      return 'unchanged';
    });
    await printTable(functions, uses);
  } finally {
    await stop();
  }
}

function startLine({ name, startSeconds }: LambdaFunction): string {
  return `${name} ${startSeconds.toFixed(2)} s`;
}

async function filesOf(functions: Functions): Promise<string> {
  return JSON.stringify(await Promise.all(Object.values(functions).map((one) => one.files())));
}

async function scenario(name: string, action: () => Promise<string>): Promise<void> {
  const began = Date.now();
  const outcome = await action().catch((error: Error) => {
    problems.push(`${name}: ${error.message}`);
    return 'FAILED';
  });
  print(`${name} (${((Date.now() - began) / 1000).toFixed(0)} s): ${outcome}`);
}

async function printTable(functions: Functions, uses: Readonly<Record<string, Invocation[]>>): Promise<void> {
  print('\n| function | invocation | seconds | resident, MiB | /tmp, MB | entries | processes |');
  print('|---|---:|---:|---:|---:|---:|---:|');
  for (const one of Object.values(functions)) {
    const list = uses[one.name] ?? [];
    for (const index of new Set([0, 9, list.length - 1])) {
      const invocation = list[index];
      if (invocation) print(`| ${one.name} | ${index + 1} | ${cells(invocation)} |`);
    }
    const usages = list.map(({ usage }) => usage);
    problems.push(...findGrowth(usages).map((problem) => `${one.name}: ${problem}`));
    if (usages.some(({ temporaryBytes }) => temporaryBytes > one.temporaryLimitBytes))
      problems.push(`${one.name}: /tmp is larger than its limit`);
  }
  const peaks = Object.values(functions).map(
    async (one) => `${one.name} ${(await one.peakMiB()).toFixed(0)} of ${one.memoryMiB} MiB`,
  );
  print(`\npeak memory, with files that the kernel caches: ${(await Promise.all(peaks)).join(', ')}`);
}

function cells({ seconds, usage }: Invocation): string {
  return [
    seconds.toFixed(2),
    (usage.rssBytes / 1024 ** 2).toFixed(0),
    (usage.temporaryBytes / 1e6).toFixed(1),
    usage.temporaryEntries,
    usage.processes,
  ].join(' | ');
}
