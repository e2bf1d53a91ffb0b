import type { CommandLine, DescribedCommand, DescribedOption, Values } from './describe.ts';

/** Returns a completion script for zsh. */
export function zshScript({ names, options, commands }: CommandLine): string {
  return `#compdef ${names.join(' ')}
# Completion of ${names[0]} for zsh.
_antrea_health() {
  local state
  local -a commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  _arguments -C ${[...options.map(zshOption), "'1: :->command'", "'*:: :->arguments'"].join(' ')}
  case $state in
    command) _describe command commands ;;
    arguments)
      case $words[1] in
${commands.map(zshCommand).join('\n')}
      esac
      ;;
  esac
}
compdef _antrea_health ${names.join(' ')}
`;
}

function zshCommand({ name, options, arguments: all }: DescribedCommand): string {
  const specifications = [
    ...options.map(zshOption),
    ...all.map((argument, index) => quoted(`${index + 1}:${escaped(argument.name)}:${zshAction(argument)}`)),
  ];
  return `        ${name}) _arguments ${specifications.join(' ')} ;;`;
}

/** An option with two names excludes the other one: '(-h --help)'{-h,--help}'[…]'. */
function zshOption({ names, description, value }: DescribedOption): string {
  const rest = value === null ? '' : `:${escaped(value.name)}:${zshAction(value)}`;
  const explained = quoted(`[${escaped(description)}]${rest}`);
  const [name = ''] = names;
  return names.length > 1
    ? `'(${names.join(' ')})'{${names.join(',')}}${explained}`
    : `${value === null ? name : `${name}=`}${explained}`;
}

function zshAction({ kind, choices = [] }: Values): string {
  const actions: Record<Values['kind'], string> = {
    choices: `(${choices.join(' ')})`,
    list: `_sequence compadd - ${choices.join(' ')}`,
    files: '_files',
    folders: '_files -/',
    text: ' ',
  };
  return actions[kind];
}

/** Colons and brackets end a part of a specification. */
const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
