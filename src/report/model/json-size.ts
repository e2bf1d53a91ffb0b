/**
 * Checks the size of JSON before it is parsed: a few megabytes of `{}` or `[` would become gigabytes of objects, and each
 * of them a problem that the schema reports.
 */

/** Limits for a JSON text. */
export type JsonLimits = {
  characters: number;
  /** Levels of nesting. */
  depth: number;
  /** Objects and arrays. */
  containers: number;
  /** Values in objects and arrays. */
  values: number;
};

/** What messages call them. */
export const LIMIT_NAMES: Readonly<Record<keyof JsonLimits, string>> = {
  characters: 'characters',
  depth: 'levels of nesting',
  containers: 'objects and arrays',
  values: 'values',
};

const [QUOTE, BACKSLASH, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\,[]{}'].map(
  (character) => character.charCodeAt(0),
);

/** Lower codes are spaces and line ends. */
const SPACE = 0x20;

/** Returns which limit a text exceeds; `null` if it exceeds none. A text that is not JSON may exceed any. */
export function findExceeded(text: string, most: JsonLimits): keyof JsonLimits | null {
  if (text.length > most.characters) return 'characters';
  let [depth, containers, values] = [0, 0, 0];
  /** Whether the innermost object or array has no value so far. */
  let isEmpty = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth -= 1;
      isEmpty = false;
    } else if (code > SPACE) {
      // The first value of an object or array has no comma before it.
      if (code === COMMA || isEmpty) values += 1;
      isEmpty = code === OPEN_ARRAY || code === OPEN_OBJECT;
      if (isEmpty) {
        depth += 1;
        containers += 1;
      }
      if (code === QUOTE) at = endOfText(text, at);
    }
    if (depth > most.depth) return 'depth';
    if (containers > most.containers) return 'containers';
    if (values > most.values) return 'values';
  }
  return null;
}

/** Returns the offset of the closing quote of the text at `from`. */
function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
