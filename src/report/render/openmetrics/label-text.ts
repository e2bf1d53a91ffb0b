import { visible } from '../kit/phrase.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escaped = (value: string) => value.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? '');

/** Returns labels as PromQL and the text formats of Prometheus have them. Control characters are written out. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(visible(value))}"`);
  return `{${pairs.join(',')}}`;
}
