/**
 * The end of a capture: an empty gzip member whose header has the place of the index in its extra field (RFC 1952,
 * section 2.3.1.1). Programs that unpack gzip ignore it. The image format eStargz ends in the same way.
 */

/** gzip with an extra field, no time, unknown system; 12 bytes of extra field: "AH" with 8 bytes. */
const BEFORE_OFFSET = Buffer.from('1f8b08040000000000ff0c0041480800', 'hex');

/** No data (an empty final block), checksum 0 and length 0. */
const AFTER_OFFSET = Buffer.from('03000000000000000000', 'hex');

export const FOOTER_BYTES = BEFORE_OFFSET.length + 8 + AFTER_OFFSET.length;

/** @param indexOffset where the index begins, in bytes from the start of the file */
export function encodeFooter(indexOffset: number): Uint8Array {
  const offset = Buffer.alloc(8);
  offset.writeBigUInt64LE(BigInt(indexOffset));
  return Buffer.concat([BEFORE_OFFSET, offset, AFTER_OFFSET]);
}

/** Returns where the index begins; `null` if the bytes are not the footer of a capture. */
export function decodeFooter(bytes: Uint8Array): number | null {
  const footer = Buffer.from(bytes);
  const afterOffset = BEFORE_OFFSET.length + 8;
  const isFooter =
    footer.length === FOOTER_BYTES &&
    footer.subarray(0, BEFORE_OFFSET.length).equals(BEFORE_OFFSET) &&
    footer.subarray(afterOffset).equals(AFTER_OFFSET);
  return isFooter ? Number(footer.readBigUInt64LE(BEFORE_OFFSET.length)) : null;
}
