/** Protocol buffers as far as Prometheus's remote write needs them. */

/** A field that has a length, such as a text or a message: its number, the length, the bytes. */
export function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** A field of a whole number that is not negative. */
export function wholeNumber(number: number, value: number): Buffer {
  return Buffer.from([...varint(number << 3), ...varint(value)]);
}

export function double(number: number, value: number): Buffer {
  return Buffer.concat([Buffer.from(varint((number << 3) | 1)), doubles([value])]);
}

/** Eight bytes each, the lowest first; as a field with a length, a packed list. */
export function doubles(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) bytes.writeDoubleLE(value, 8 * index);
  return bytes;
}

/** The same of whole numbers with signs, in zigzag encoding: 0, -1, 1, -2 are 0, 1, 2, 3. */
export function signed(values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => varint(zigzag(value))));
}

export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
