import { type Phrase, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';

/** Characters that change the direction of the text after them. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Returns text from outside with its control characters written out, so that it cannot change the text around it. Mail
 * programs drop elements that they do not know, such as <bdi>, and some do not support Unicode's isolates.
 */
export function mailSafe(text: string): string {
  return visible(text).replace(
    BIDI_CONTROLS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns a copy of the document in which every string is safe for a message. */
export function allMailSafe<T>(document: T): T {
  return JSON.parse(
    JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? mailSafe(value) : value)),
  ) as T;
}

/** Longest name within a sentence, in Latin letters; longer ones lose their middle. */
const NAME_WIDTH = 60;

export function shortNames(phrase: Phrase): Phrase {
  return phrase.map((part) => (part.name ? { ...part, text: shorten(part.text, NAME_WIDTH) } : part));
}

/** Returns the text on one line, cut to `length` characters. */
export function cut(text: string, length: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
