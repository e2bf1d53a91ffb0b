import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHELLS, type Shell } from '../../src/cli/completion/shells.ts';
import { runCommand } from './cli.ts';
import { ensureDebianPackages } from './install.ts';
import { temporaryFolder } from './server.ts';

const run = promisify(execFile);

/** What is typed before the Tab key, and the only completion of its last word; null if there is none. */
const COMPLETIONS: readonly (readonly [typed: string, last: string | null])[] = [
  ['antrea-health ren', 'render'],
  ['antrea-health make', null],
  ['antrea-health-report de', 'demo'],
  ['antrea-health report --time', '--time-zone'],
  ['antrea-health report --fail-on c', 'critical'],
  ['antrea-health report --lang=z', '--lang=zh-CN'],
  ['antrea-health demo --format html,p', 'html,pdf'],
  ['antrea-health check --config clu', 'clusters of May.yaml'],
  ['antrea-health check --cluster clu', null],
  ['antrea-health report --out out', 'outputs/'],
  ['antrea-health render out', 'outputs/'],
  ['antrea-health diff outputs out', 'outputs/'],
  ['antrea-health diff --fail-on w', 'worse'],
  ['antrea-health completion f', 'fish'],
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  await ensureDebianPackages(['zsh', 'fish']);
  folder = await temporaryFolder('completion');
  await writeFile(join(folder.path, 'clusters of May.yaml'), '');
  await mkdir(join(folder.path, 'outputs'));
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await runCommand(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await writeFile(join(folder.path, `script.${shell}`), stdout);
  }
});
afterAll(() => folder?.remove());

/** Presses Tab after each line in an interactive shell, and returns the last word of the line that this makes. */
async function completeIn(program: string, preparation: string, lines: readonly string[]): Promise<string[]> {
  const print = 'printf "|%s" "$@"; echo';
  const input = [
    `${preparation}; antrea-health() { ${print}; }; antrea-health-report() { ${print}; }`,
    ...lines.map((line) => `${line}\t`),
    'exit',
  ];
  // script(1) is a terminal for the shell. It is part of bsdutils, which every Debian system has.
  const terminal = spawn('script', ['-qec', program, '/dev/null'], { cwd: folder.path });
  terminal.stdin.end(`${input.join('\n')}\n`);
  const output = await text(terminal.stdout);
  return [...output.matchAll(/^\|.*?(?=\r?$)/gm)].map(([words]) => words.split('|').at(-1) ?? '');
}

const lastWord = (line: string) => line.split(' ').at(-1) ?? '';

const ANSWERS: Readonly<Record<Shell, (lines: readonly string[]) => Promise<string[]>>> = {
  bash: (lines) => completeIn('bash --norc --noprofile -i', 'PS1=; source script.bash', lines),
  zsh: (lines) =>
    completeIn(
      'zsh -f -i',
      'PS1=; unsetopt promptsp; autoload -Uz compinit; compinit -u -d dump; source script.zsh',
      lines,
    ),
  // fish lists completions without a terminal.
  fish: (lines) =>
    Promise.all(
      lines.map(async (line) => {
        const ask = `source script.fish; complete -C ${JSON.stringify(line)}`;
        const { stdout } = await run('fish', ['--no-config', '-c', ask], { cwd: folder.path });
        const words = stdout.trimEnd().split('\n');
        return (words.length === 1 && words[0]?.split('\t')[0]) || lastWord(line);
      }),
    ),
};

it.each(SHELLS)('%s completes commands, options, choices, lists, files and folders', async (shell) => {
  const answers = await ANSWERS[shell](COMPLETIONS.map(([typed]) => typed));
  const expected = COMPLETIONS.map(([typed, last]) => last ?? lastWord(typed));
  // Zsh removes the slash of a folder where the line ends.
  const withoutSlash = (words: readonly string[]) => words.map((word) => word.replace(/\/$/, ''));
  expect(withoutSlash(answers)).toEqual(withoutSlash(expected));
});
