/** Writes SVG as text, with every attribute and every text escaped. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export type Attributes = Readonly<Record<string, string | number | null>>;

/** Returns an element whose content is markup from these functions. */
export function element(tag: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(
      ([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escapeMarkup(String(value))}"`,
    )
    .join('');
  const inner = content.join('');
  return inner === '' ? `<${tag}${written}/>` : `<${tag}${written}>${inner}</${tag}>`;
}

/** Returns an element whose content is text, which is escaped. */
export function textElement(tag: string, attributes: Attributes, text: string): string {
  return element(tag, attributes, escapeMarkup(text));
}

/** Writes a number with at most two decimals, which keeps pages small. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function percent(share: number): string {
  return `${short(share * 100)}%`;
}
