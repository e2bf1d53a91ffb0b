import type { CommandLine, DescribedCommand, DescribedOption, Values } from './describe.ts';

/**
 * Returns a completion script for bash. File names are left to bash, which also knows "~" and quotes them. In bash 3.2,
 * the version of macOS, file names are also offered where any text is allowed, because it has no compopt.
 */
export function bashScript({ names, options, commands }: CommandLine): string {
  const words = [...commands.map(({ name }) => name), ...namesOf(options)];
  return `# Completion of ${names[0]} for bash.
_antrea_health_values() {
  local list= value
  case $1 in
    choices) ;;
    list)
      compopt -o nospace 2>/dev/null
      [[ $word == *,* ]] && list="\${word%,*},"
      ;;
    files) return ;;
    folders) compopt -o dirnames +o default 2>/dev/null; return ;;
    text) compopt +o default 2>/dev/null; return ;;
  esac
  for value in $2; do
    [[ $list$value == "$word"* ]] && COMPREPLY+=("$list$value")
  done
}
_antrea_health() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=
  COMPREPLY=()
  # bash divides --lang=en into three words.
  if [[ $word == '=' ]]; then word=
  elif [[ $before == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  ((COMP_CWORD > 1)) && command=\${COMP_WORDS[1]}
  case $command:$before in
${commands.flatMap(bashOptionValues).join('\n')}
    *)
      case $command:$word in
${commands.map(bashCommand).join('\n')}
        *) _antrea_health_values choices "${words.join(' ')}" ;;
      esac
      ;;
  esac
}
complete -o default -F _antrea_health ${names.join(' ')}
`;
}

function bashOptionValues({ name, options }: DescribedCommand): string[] {
  return options.flatMap(({ names, value }) => {
    const pattern = names.map((one) => `${name}:${one}`).join('|');
    return value === null ? [] : [`    ${pattern}) ${bashValues(value)} ;;`];
  });
}

/** An argument is completed where no option begins. */
function bashCommand({ name, options, arguments: [argument] }: DescribedCommand): string {
  const names = bashValues({ kind: 'choices', choices: namesOf(options) });
  if (argument === undefined) return `        ${name}:*) ${names} ;;`;
  return `        ${name}:-*) ${names} ;;\n        ${name}:*) ${bashValues(argument)} ;;`;
}

function bashValues({ kind, choices = [] }: Values): string {
  return `_antrea_health_values ${kind}${choices.length > 0 ? ` "${choices.join(' ')}"` : ''}`;
}

const namesOf = (options: readonly DescribedOption[]): string[] => options.flatMap(({ names }) => names);
