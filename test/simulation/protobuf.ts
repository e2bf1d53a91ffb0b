/** The subset of the protocol buffers encoding that remote write needs. */

/** A field with a length, such as a string or a message: number, length, bytes. */
export function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([fieldStart(number, bytes.length), bytes]);
}

/** What a field with a length has before its bytes. */
export function fieldStart(number: number, length: number): Buffer {
  return Buffer.from([...varint((number << 3) | 2), ...varint(length)]);
}

/** A field with a non-negative integer. */
export function wholeNumber(number: number, value: number): Buffer {
  return Buffer.from([...varint(number << 3), ...varint(value)]);
}

export function double(number: number, value: number): Buffer {
  return Buffer.concat([Buffer.from(varint((number << 3) | 1)), doubles([value])]);
}

/** Packed doubles, little-endian. */
export function doubles(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeDoubleLE(value, 8 * index);
  return bytes;
}

/** Packed signed integers in zigzag encoding: 0, -1, 1, -2 become 0, 1, 2, 3. */
export function signed(values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => varint(zigzag(value))));
}

export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Seven bits a byte, the lowest first; the highest bit means that more follow. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
