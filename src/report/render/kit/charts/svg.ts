/** The little that is needed to write SVG as text: every attribute and every text escaped, in one place. */

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

/** An element whose content is markup that was already written here. */
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

/** An element whose content is text from anywhere. */
export function textElement(tag: string, attributes: Attributes, text: string): string {
  return element(tag, attributes, escapeMarkup(text));
}

/** Numbers with at most two decimals: half a hundredth of a pixel is not seen, and pages stay small. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function percent(share: number): string {
  return `${short(share * 100)}%`;
}
