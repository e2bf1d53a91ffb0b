import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FORMATS, fileName, OUTPUT_FORMATS } from '../../report/formats.ts';
import { CACHE_CONTROL, dispositionOf } from '../archive/files.ts';
import type { StoredFile } from '../archive/state.ts';
import type { ApiContext } from './context.ts';
import { type ApiRequest, type ApiResponse, redirect } from './http.ts';

/** Validity of a link, in seconds: long enough for a redirect on a slow line, too short to share. */
const LINK_SECONDS = 300;

/**
 * Largest file, as sent, that a function of Lambda answers with: 6 MB for a response (AWS Lambda Developer Guide, "Lambda
 * quotas", "Invocation payload"), in which three bytes are four characters of base64, and 100 kB are left for the
 * headers. The gateway allows 10 MB (API Gateway Developer Guide, "Quotas for HTTP APIs").
 */
const MOST_BYTES = ((6_000_000 - 100_000) / 4) * 3;

/** Whether a function of Lambda can answer with a file even to a caller that does not accept gzip. */
export const alwaysFits = ({ bytes }: Pick<StoredFile, 'bytes'>): boolean => bytes <= MOST_BYTES;

/**
 * Answers with a file: with its bytes, or with a redirect to a link to it. The address of a page of a report stays that
 * of this service, which can be shared; a link cannot.
 * @returns null when the file is not in the store any more
 */
export async function answerFile(
  { headers }: ApiRequest,
  { store, filesBy }: ApiContext,
  { id, file }: { id: string; file: StoredFile },
): Promise<ApiResponse | null> {
  if (filesBy === 'content') {
    const object = await store.get(file.key);
    return object && respond(id, file, object.bytes);
  }
  const link = async () => redirect(await store.link(file.key, LINK_SECONDS));
  if (file.name !== fileName('html')) return link();
  const object = await store.get(file.key);
  if (object === null) return null;
  const isPacked = /\bgzip\b/i.test(headers['accept-encoding'] ?? '');
  const bytes = isPacked ? await promisify(gzip)(object.bytes) : object.bytes;
  if (bytes.length > MOST_BYTES) return link();
  const response = await respond(id, file, bytes);
  const packed = isPacked ? { 'content-encoding': 'gzip' } : {};
  return { ...response, headers: { ...response.headers, vary: 'accept-encoding', ...packed } };
}

/**
 * The page of a report may do what its own policy allows, but not what the pages of this address may: its texts come from
 * the servers that are monitored. `allow-…`: links of the page can be opened.
 */
const SANDBOX = 'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation';

async function respond(
  id: string,
  { name, contentType }: StoredFile,
  bytes: Uint8Array,
): Promise<ApiResponse> {
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
      'x-content-type-options': 'nosniff',
    },
    body: '',
    bytes,
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
