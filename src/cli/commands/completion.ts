import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../completion/shells.ts';
import type { Run } from '../context.ts';

const DESCRIPTION = `Prints the script with which a shell completes commands, options, their values
and file names. It also completes antrea-health-report, the other name of the
command.

For one shell:
  bash  $ source <(antrea-health completion bash)
  zsh   $ source <(antrea-health completion zsh)
  fish  $ antrea-health completion fish | source

For each new shell, add that line to ~/.bashrc; to ~/.zshrc, below compinit;
or to ~/.config/fish/config.fish.`;

export function addCompletionCommand(program: Command, run: Run): Command {
  return program
    .command('completion')
    .summary('print the completion script of a shell')
    .description(DESCRIPTION)
    .addArgument(new Argument('<shell>', 'the shell').choices([...SHELLS]))
    .action((shell: Shell) =>
      run(async () => (await import('../completion/completion.ts')).completionCommand(shell, program)),
    );
}
