import { visible } from '../kit/phrase.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // `]]>` must not occur in text.
  '>': '&gt;',
  '"': '&quot;',
  // Parsers turn these into spaces if they are written as they are.
  '\n': '&#10;',
  '\t': '&#9;',
};

const escaped = (text: string, pattern: RegExp) =>
  visible(text).replace(pattern, (character) => ENTITIES[character] ?? character);

/** Returns text in which `visible` has written out what XML 1.0 cannot contain. */
export const xmlText = (text: string): string => escaped(text, /[&<>]/g);

/**
 * Returns an element with the end of its line.
 * @param content XML: elements, or the result of `xmlText`
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content = '',
): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(String(value), /[&<>"\n\t]/g)}"`,
  );
  const start = `<${name}${pairs.join('')}`;
  return content === '' ? `${start}/>\n` : `${start}>${content}</${name}>\n`;
}
