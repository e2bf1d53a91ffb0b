import type { CommandLine, DescribedOption, Values } from './describe.ts';

/** Returns a completion script for fish. */
export function fishScript({ names: [name = '', ...others], options, commands }: CommandLine): string {
  const add = (...words: string[]) => ['complete', '-c', name, ...words].join(' ');
  const first = "-n '__fish_use_subcommand'";
  return [
    `# Completion of ${name} for fish.`,
    add('-f'),
    ...options.map((option) => add(first, ...fishOption(option))),
    ...commands.flatMap((command) => {
      const inCommand = `-n '__fish_seen_subcommand_from ${command.name}'`;
      const [argument] = command.arguments;
      return [
        add(first, '-a', command.name, '-d', quoted(command.description)),
        ...command.options.map((option) => add(inCommand, ...fishOption(option))),
        ...(argument === undefined ? [] : [add(inCommand, ...fishValues(argument))]),
      ];
    }),
    ...others.map((other) => `complete -c ${other} -w ${name}`),
    '',
  ].join('\n');
}

function fishOption({ names, description, value }: DescribedOption): string[] {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...flags, '-d', quoted(description), ...(value === null ? [] : ['-r', ...fishValues(value)])];
}

function fishValues({ kind, choices = [] }: Values): string[] {
  const actions: Record<Values['kind'], string[]> = {
    choices: ['-f', '-a', quoted(choices.join(' '))],
    list: ['-f', '-a', quoted(`(__fish_append , ${choices.join(' ')})`)],
    files: ['-F'],
    folders: ['-f', '-a', quoted('(__fish_complete_directories)')],
    text: ['-f'],
  };
  return actions[kind];
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
