import type { RenderedFile } from '../../report/render-report.ts';
import { fileKey } from './address.ts';
import type { StoredFile } from './state.ts';
import type { Store } from './store.ts';

/** Stores a file of one attempt at a report. A browser that saves it names it after the report. */
export async function storeFile(
  store: Store,
  { id, attempt }: { id: string; attempt: number },
  { name, contentType, disposition, bytes }: RenderedFile,
): Promise<StoredFile> {
  const key = fileKey(id, attempt, name);
  await store.put(key, bytes, {
    contentType,
    contentDisposition: dispositionOf(id, name, disposition),
    cacheControl: CACHE_CONTROL,
  });
  return { name, key, contentType, bytes: bytes.byteLength };
}

/** The files of an attempt never change. */
export const CACHE_CONTROL = 'private, max-age=86400, immutable';

export function dispositionOf(id: string, name: string, disposition: RenderedFile['disposition']): string {
  return `${disposition}; filename="${id}${name.slice(name.indexOf('.'))}"`;
}
