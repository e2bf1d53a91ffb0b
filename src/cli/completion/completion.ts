import type { Command } from 'commander';
import { GENERATOR } from '../../report/generator.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../terminal.ts';
import { bashScript } from './bash.ts';
import { type CommandLine, describeProgram } from './describe.ts';
import { fishScript } from './fish.ts';
import type { Shell } from './shells.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<Shell, (commandLine: CommandLine) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `antrea-health completion`: prints the script that completes the command in a shell. */
export function completionCommand(shell: Shell, program: Command): number {
  print(SCRIPTS[shell](describeProgram(program, [program.name(), GENERATOR.name])).trimEnd());
  return EXIT.done;
}
