/**
 * Sentences that contain names from outside. Such a name may be written right to left or contain an override
 * character, and must not change the words around it. So a sentence stays in parts until it is printed: HTML wraps
 * names in <bdi>, plain text (titles, descriptions of charts) in Unicode's isolates.
 */
export type Part = { text: string; name: boolean; code: boolean };
export type Phrase = readonly Part[];

const plainPart = (text: string): Part => ({ text, name: false, code: false });

/** Returns a name from outside: a node, a cluster, the value of a label. */
export function name(text: string): Phrase {
  return [{ ...plainPart(text), name: true }];
}

export function code(text: string): Phrase {
  return [{ ...plainPart(text), code: true }];
}

export function phrase(texts: TemplateStringsArray, ...values: (string | number | Phrase)[]): Phrase {
  return texts.flatMap((text, index) => {
    const value = values[index];
    const before = text === '' ? [] : [plainPart(text)];
    if (value === undefined || value === '') return before;
    return [...before, ...(typeof value === 'object' ? value : [plainPart(String(value))])];
  });
}

/** Returns catalog text as a phrase; back-quotes mark code. */
export function withCode(text: string): Phrase {
  return text
    .split('`')
    .map((piece, index) => ({ ...plainPart(piece), code: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

export function join(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((item, index) => (index === 0 ? item : [plainPart(separator), ...item]));
}

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Returns a phrase as plain text. */
export function plain(parts: Phrase): string {
  return parts
    .map((part) => (part.name && hasRightToLeft(part.text) ? isolate(part.text) : part.text))
    .join('');
}

function isolate(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`;
}

/** Only names that need isolates get them, because some fonts lack these characters. */
function hasRightToLeft(text: string): boolean {
  return /[\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u.test(
    text,
  );
}

/**
 * Writes out what HTML and XML forbid or no font shows: control characters as `\x1b`, lone surrogates and
 * non-characters as `\ufffe`. Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for control characters
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Returns the same document with every string visible, so that renderings need not care. */
export function allVisible<T>(value: T): T {
  return convert(value) as T;
}

function convert(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value : value.map(convert);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), convert(item)]));
}
