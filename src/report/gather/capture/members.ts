import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { GatherError } from '../errors.ts';
import { LARGEST_LINE_BYTES, LARGEST_MEMBER_BYTES } from './format.ts';

/** Packs and unpacks the gzip members of a capture line by line, so that the text of an answer is never in memory. */

/** Compression of level 9 takes three times as long and saves 1 % (the example of 12 nodes). */
const COMPRESSION_LEVEL = 6;

/** Lines are compressed in pieces of about this length, since a call for each short line would take longer. */
const PIECE_CHARACTERS = 64 * 1024;
const UNPACKED_PIECE_BYTES = 64 * 1024;

const MIB = 1024 ** 2;
const NEWLINE = 10;

/**
 * Returns lines as a gzip member. The lines do not end with a newline.
 * @param largestBytes limit for the uncompressed lines; tests lower it
 * @throws GatherError if the lines exceed the limit
 */
export async function packLines(
  lines: Iterable<string>,
  largestBytes = LARGEST_MEMBER_BYTES,
): Promise<Uint8Array> {
  const packed: Buffer[] = [];
  await pipeline(
    inPieces(lines, largestBytes),
    createGzip({ level: COMPRESSION_LEVEL }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) packed.push(chunk);
    },
  );
  return Buffer.concat(packed);
}

function* inPieces(lines: Iterable<string>, largestBytes: number): Generator<Buffer> {
  let text = '';
  let bytes = 0;
  const next = () => {
    const piece = Buffer.from(text);
    text = '';
    bytes += piece.length;
    if (bytes > largestBytes)
      throw new GatherError(
        `an answer exceeds the limit of ${largestBytes / MIB} MiB for captures; set a longer step`,
      );
    return piece;
  };
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length >= PIECE_CHARACTERS) yield next();
  }
  yield next();
}

/**
 * Yields the lines of a gzip member.
 * @param name what messages call the file
 * @throws GatherError if the member is damaged or exceeds the limits
 */
export async function* readLines(member: Blob, name: string): AsyncGenerator<string> {
  const unpacked = createGunzip({ chunkSize: UNPACKED_PIECE_BYTES });
  // Its failure also ends the loop below, which reports it.
  pipeline(member.stream(), unpacked).catch(() => undefined);
  let bytes = 0;
  let line: Buffer[] = [];
  let lineBytes = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LARGEST_MEMBER_BYTES)
        throw new GatherError(
          `${name} is damaged: an answer exceeds the limit of ${LARGEST_MEMBER_BYTES / MIB} MiB`,
        );
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        line.push(chunk.subarray(start, end));
        yield Buffer.concat(line).toString('utf8');
        line = [];
        lineBytes = 0;
        start = end + 1;
      }
      line.push(chunk.subarray(start));
      lineBytes += chunk.length - start;
      if (lineBytes > LARGEST_LINE_BYTES)
        throw new GatherError(
          `${name} is damaged: a line exceeds the limit of ${LARGEST_LINE_BYTES / MIB} MiB`,
        );
    }
  } catch (error) {
    throw unreadable(error, name);
  }
  if (lineBytes > 0) yield Buffer.concat(line).toString('utf8');
}

/**
 * Returns the bytes of a small part of the file as they are.
 * @throws GatherError if the file was changed
 */
export async function readBytes(part: Blob, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await part.arrayBuffer());
  } catch (error) {
    throw unreadable(error, name);
  }
}

function unreadable(error: unknown, name: string): unknown {
  const { name: kind, code } = error as NodeJS.ErrnoException;
  // A Blob of a file is not readable any more when the file was changed.
  if (kind === 'NotReadableError')
    return new GatherError(`${name} cannot be read: it was changed or removed after it was opened`, {
      cause: error,
    });
  if (typeof code === 'string' && /^Z_|^ERR_/.test(code))
    return new GatherError(`${name} is damaged: an answer is cut off, or not gzip-compressed`, {
      cause: error,
    });
  return error;
}
