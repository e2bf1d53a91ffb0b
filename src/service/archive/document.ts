import type * as z from 'zod';
import type { Condition, Store } from './store.ts';

/** A JSON document as it lies in the store, which is only changed by compare-and-swap; `tag` names that very version. */
export type Versioned<State> = { state: State; tag: string };

/** So many collisions in a row need as many others who succeed in between, which end the matter. */
export const MOST_COLLISIONS = 20;

const KIND = { contentType: 'application/json; charset=utf-8', cacheControl: 'no-store' };

/**
 * @param advice what to do about one that cannot be read: "delete it and ask again"
 * @returns the document, or null when there is none
 * @throws Error in one line when it is not one of this schema
 */
export async function readDocument<State>(
  store: Store,
  key: string,
  schema: z.ZodType<State>,
  advice: string,
): Promise<Versioned<State> | null> {
  const object = await store.get(key);
  if (object === null) return null;
  try {
    return { state: schema.parse(JSON.parse(new TextDecoder().decode(object.bytes))), tag: object.tag };
  } catch (error) {
    throw new Error(`${key} is damaged; ${advice}`, { cause: error });
  }
}

/**
 * Puts a document where there is none (`over` is null), or over just that version.
 * @returns null when somebody else was there first
 */
export async function writeDocument<State>(
  store: Store,
  key: string,
  state: State,
  over: string | null,
): Promise<Versioned<State> | null> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(state, null, 1)}\n`);
  const condition: Condition = over === null ? { absent: true } : { tag: over };
  const tag = await store.put(key, bytes, KIND, condition);
  return tag === null ? null : { state, tag };
}
