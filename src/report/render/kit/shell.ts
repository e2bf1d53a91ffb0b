/** A command in lines of words. It may be broken between words only. */
export type CommandLines = string[][];

/** Characters in a line of the narrowest paper, without the backslash that continues it. */
const COLUMNS = 90;

/** The same next to the name of a node. */
export const COLUMNS_BESIDE_NAME = 72;

/**
 * Breaks a command into lines that fit on paper, where a backslash continues every line but the last. An option stays
 * with its value, and a pipe with the command after it. Quoted text is one word, because a backslash would become part
 * of it.
 */
export function commandLines(command: string, columns = COLUMNS): CommandLines {
  const lines: CommandLines = [];
  for (const words of unbreakable(command)) {
    const line = lines.at(-1);
    const width = [...(line ?? []), ...words].reduce((sum, word) => sum + word.length, 0);
    if (line !== undefined && width <= columns) line.push(...words);
    else lines.push(words);
  }
  return lines;
}

/** Returns the groups of words that stay on one line. */
function unbreakable(command: string): string[][] {
  const groups: string[][] = [];
  let isOpen = false;
  for (const word of wordsOf(command)) {
    const group = groups.at(-1);
    if (group !== undefined && isOpen) group.push(word);
    else groups.push([word]);
    isOpen = /^(-\w|\|) +$/.test(word);
  }
  return groups;
}

/** Returns the words of a command, each with the spaces that follow it. */
function wordsOf(command: string): string[] {
  const word = /(?:\\.|\$'(?:\\.|[^'\\])*'|'[^']*'|"(?:\\.|[^"\\])*"|[^ ])+ *| +/gsu;
  return command.match(word) ?? [];
}

/**
 * Replaces `$node` and the like by their values, quoted as their place in the command requires.
 * @param values names of Kubernetes, times, and placeholders such as "<NODE>"
 */
export function substitute(command: string, values: Readonly<Record<string, string>>): string {
  let quote = '';
  return command.replace(
    /\\.|['"]|\$(node|pod|namespace|container|since)\b/gs,
    (found: string, variable: string | undefined) => {
      if (variable !== undefined) return quoted(values[variable] ?? '', quote);
      if (found === quote) quote = '';
      else if (quote === '' && (found === "'" || found === '"')) quote = found;
      return found;
    },
  );
}

/** Values that need no quotes. */
const PLAIN = /^[\w.:/@%+=,][\w.:/@%+=,-]*$/;

function quoted(value: string, quote: string): string {
  if (quote === "'") return value.replaceAll("'", "'\\''");
  if (quote === '"') return value.replace(/[\\"$`]/g, '\\$&');
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
