/**
 * Text for messages and terminals. Names, labels and texts of others come from servers, captures, reports and
 * configuration, so they must not move the cursor, set the title of a terminal, or look like another line.
 */

/** Characters of C0, C1 and those that change the direction of writing, but not the tab and the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be written
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Returns text in which control characters are visible: "\u001b". */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

/** Longest message in characters: that of a server with a hundred clusters has them all. */
const LONGEST_MESSAGE = 4000;

/** Returns text as one line of at most 4,000 characters, without control characters. */
export function oneLine(text: string): string {
  const line = visible(text.replace(/\s*[\n\r\u2028\u2029]\s*|\t/g, ' ').trim());
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}
