import { FORMATS, fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import { CACHE_CONTROL, dispositionOf } from '../archive/files.ts';
import type { StoredFile } from '../archive/state.ts';
import type { Store } from '../archive/store.ts';
import type { ApiResponse } from './http.ts';

/**
 * The page of a report may do what its own policy allows, but not what the pages of this address may: its texts come from
 * the servers that are monitored. `allow-…`: links of the page can be opened.
 */
const SANDBOX = 'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation';

/**
 * Answers with the bytes of a file.
 * @returns null when the file is not in the store any more
 */
export async function sendFile(
  store: Store,
  id: string,
  { key, name, contentType }: StoredFile,
): Promise<ApiResponse | null> {
  const object = await store.get(key);
  if (object === null) return null;
  const format = OUTPUT_FORMATS.find((one) => fileName(one) === name);
  const policy = format === 'html' ? await scriptPolicy() : SANDBOX;
  const disposition = format === undefined ? 'attachment' : FORMATS[format].disposition;
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-disposition': dispositionOf(id, name, disposition),
      'cache-control': CACHE_CONTROL,
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
    body: '',
    bytes: object.bytes,
  };
}

/**
 * Allows the script of this version's pages and no other, whatever the stored file says of itself. The page of another
 * version shows everything, without the script.
 */
async function scriptPolicy(): Promise<string> {
  const [{ hashSource }, { pageScript }] = await Promise.all([
    import('../../report/render/kit/document.ts'),
    import('../../report/render/script/script.ts'),
  ]);
  return `${SANDBOX} allow-scripts; script-src ${hashSource(pageScript())}`;
}
