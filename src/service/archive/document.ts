import type * as z from 'zod';
import { UserError } from '../../report/model/user-error.ts';
import type { Condition, Store } from './store.ts';

/** A JSON document of the store, changed only by compare-and-swap. `tag` identifies the version. */
export type Versioned<State> = { state: State; tag: string };

/** Upper bound on tries: each collision means that another writer succeeded, and few writers share a document. */
export const MOST_COLLISIONS = 20;

const KIND = { contentType: 'application/json; charset=utf-8', cacheControl: 'no-store' };

/**
 * Reads a document.
 * @param advice what to do about a document that cannot be read, such as "delete it and ask again"
 * @returns null when there is none
 * @throws UserError when the document does not match the schema
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
    throw new UserError(`${key} is damaged; ${advice}`, { cause: error });
  }
}

/**
 * Stores a document where there is none (`over` is null), or over exactly that version.
 * @returns null when another writer was first
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
