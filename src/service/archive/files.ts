import { extname } from 'node:path';
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
    contentDisposition: `${disposition}; filename="${id}${extname(name)}"`,
    // The files of an attempt never change.
    cacheControl: 'private, max-age=86400, immutable',
  });
  return { name, key, contentType, bytes: bytes.byteLength };
}
