import type { Argument, Command, Help, Option } from 'commander';

/** What can follow an option, or stand for an argument. */
export type Values =
  | { kind: 'choices' | 'list'; choices: readonly string[] }
  | { kind: 'files' | 'folders' | 'text'; choices?: undefined };

export type DescribedOption = {
  /** With their dashes, the long one last. */
  names: readonly string[];
  description: string;
  /** Null for an option without a value. */
  value: (Values & { name: string }) | null;
};

export type DescribedCommand = {
  name: string;
  description: string;
  options: readonly DescribedOption[];
  arguments: readonly (Values & { name: string })[];
};

/** The command line as the shells complete it. */
export type CommandLine = {
  /** What the program is called. */
  names: readonly string[];
  options: readonly DescribedOption[];
  commands: readonly DescribedCommand[];
};

/** Returns the commands, options and arguments of a program, without hidden ones. */
export function describeProgram(program: Command, names: readonly string[]): CommandLine {
  const help = program.createHelp();
  return {
    names,
    options: help.visibleOptions(program).map(describeOption),
    commands: help
      .visibleCommands(program)
      // Commander adds it; --help does the same.
      .filter((command) => command.name() !== 'help')
      .map((command) => describeCommand(command, help)),
  };
}

function describeCommand(command: Command, help: Help): DescribedCommand {
  return {
    name: command.name(),
    description: command.summary(),
    options: help.visibleOptions(command).map(describeOption),
    // Commander lists only arguments with a description.
    arguments: command.registeredArguments.map(describeArgument),
  };
}

function describeOption({ short, long, flags, description, argChoices }: Option): DescribedOption {
  const [, name] = /[<[](.+)[>\]]/.exec(flags) ?? [];
  return {
    names: [short, long].filter((one) => one !== undefined),
    description,
    value: name === undefined ? null : { name, ...valuesOf(name, argChoices) },
  };
}

function describeArgument(argument: Argument): DescribedCommand['arguments'][number] {
  return { name: argument.name(), ...valuesOf(argument.name(), argument.argChoices) };
}

/** What an option or argument takes follows from its name in the help: <file>, <folder>, <list>. */
function valuesOf(name: string, choices: readonly string[] | undefined): Values {
  if (choices !== undefined) return { kind: name === 'list' ? 'list' : 'choices', choices };
  if (name === 'folder') return { kind: 'folders' };
  return { kind: /^(?:file|path|.+\.json)$/.test(name) ? 'files' : 'text' };
}
