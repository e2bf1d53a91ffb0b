import { type Phrase, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';

/** Characters that turn the direction of what follows. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as it may stand in a message. Mail programs drop elements that they do not know, <bdi> among them,
 * and not all know Unicode's isolates; so what would turn the text around it is written out, which no name needs.
 */
export function mailSafe(text: string): string {
  return visible(text).replace(
    TURNING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same document with every string harmless. */
export function allMailSafe<T>(document: T): T {
  return JSON.parse(
    JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? mailSafe(value) : value)),
  ) as T;
}

/** In Latin letters; names beyond it lose their middle. */
const NAME_WIDTH = 60;

export function shortNames(phrase: Phrase): Phrase {
  return phrase.map((part) => (part.name ? { ...part, text: shorten(part.text, NAME_WIDTH) } : part));
}

/** Sentences from elsewhere may be of any length. */
export function cut(text: string, length: number): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
