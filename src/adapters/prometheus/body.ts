import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Fewer and larger pieces than the 16 KiB that are usual: each of them waits for a thread. */
const CHUNK_BYTES = 128 * 1024;

// As in browsers, the end of the body is the end of the compressed data, also of an empty body.
const ZLIB = {
  chunkSize: CHUNK_BYTES,
  flush: constants.Z_SYNC_FLUSH,
  finishFlush: constants.Z_SYNC_FLUSH,
};
const BROTLI = {
  chunkSize: CHUNK_BYTES,
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

/** Unpacks what is asked for, and what proxies send without being asked. */
const UNPACKERS: ReadonlyMap<string, () => ReturnType<typeof createGunzip>> = new Map([
  ['gzip', () => createGunzip(ZLIB)],
  ['x-gzip', () => createGunzip(ZLIB)],
  ['deflate', () => createInflate(ZLIB)],
  ['br', () => createBrotliDecompress(BROTLI)],
]);

export function canUnpack(contentEncoding: string): boolean {
  return contentEncoding === 'identity' || UNPACKERS.has(contentEncoding);
}

/**
 * Passes the unpacked body on as it arrives.
 * @returns the number of bytes as they were sent
 * @throws what `take` throws, and errors of the connection and of zlib; the connection is then closed
 */
export async function readBody(
  body: Readable,
  contentEncoding: string,
  take: (chunk: Uint8Array) => void,
): Promise<number> {
  const unpacker = UNPACKERS.get(contentEncoding)?.();
  let bytes = 0;
  // Reading a stream as an async iterable would copy the chunks that have arrived into one.
  const taker = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      try {
        take(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await (unpacker ? pipeline(body, unpacker, taker) : pipeline(body, taker));
  return unpacker?.bytesWritten ?? bytes;
}
