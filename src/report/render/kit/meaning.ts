import type { Context } from './context.ts';
import { type Phrase, withCode } from './phrase.ts';

/** What findings of an indicator or check mean for the users of the cluster. */
export type Meaning = { heading: string; text: Phrase };

/** Returns null where the catalog has no such text. */
export function meaningOf({ words, catalog, language }: Context, id: string): Meaning | null {
  const impact = catalog.get(id)?.impact[language] ?? '';
  return impact === '' ? null : { heading: words.meaning, text: withCode(impact) };
}
