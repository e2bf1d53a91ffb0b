/** Simulated samples as databases take them in: remote write for Prometheus, JSON lines for VictoriaMetrics. */
import type { SimulatedSeries } from './samples.ts';

/** Pieces of about this many bytes or characters are handed on, so that the memory does not grow. */
const PIECE = 1 << 18;
const LARGE_PIECE = 1 << 22;

/** Tag, length and both fields of a sample: a double (9 bytes) and a time in milliseconds, of 41 bits (7). */
const SAMPLE_BYTES = 18;
const VALUE_OFFSET = 3;

/**
 * A simulation as bodies for `/api/v1/write`: Prometheus Remote-Write 1.0, that is a WriteRequest in protocol buffers,
 * in Snappy's block format (as one literal, which is not compressed).
 */
export function* writeRequests(series: Iterable<SimulatedSeries>): Generator<Buffer> {
  // Series of one target share their timestamps, so these are written once.
  const written = new WeakMap<Float64Array, Buffer>();
  let pieces: Buffer[] = [];
  let length = 0;
  for (const { name, labels, timestamps, values } of series) {
    const samples = Buffer.from(written.get(timestamps) ?? samplesAt(timestamps));
    if (!written.has(timestamps)) written.set(timestamps, Buffer.from(samples));
    for (const [index, value] of values.entries())
      samples.writeDoubleLE(value, index * SAMPLE_BYTES + VALUE_OFFSET);
    const piece = field(1, Buffer.concat([labelPairs({ ...labels, __name__: name }), samples]));
    pieces.push(piece);
    length += piece.length;
    if (length < LARGE_PIECE) continue;
    yield snappy(Buffer.concat(pieces));
    pieces = [];
    length = 0;
  }
  if (length > 0) yield snappy(Buffer.concat(pieces));
}

/** Samples of the value 0. */
function samplesAt(timestamps: Float64Array): Buffer {
  return Buffer.concat(
    Array.from(timestamps, (at) => {
      const time = [0x10, ...varint(at)];
      return field(2, Buffer.from([0x09, ...Buffer.alloc(8), ...time]));
    }),
  );
}

/** The labels of a series, sorted by name as Prometheus wants them. */
function labelPairs(labels: Record<string, string>): Buffer {
  const sorted = Object.entries(labels).sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  const pairs = sorted.map(([name, value]) =>
    Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]),
  );
  return Buffer.concat(pairs.map((pair) => field(1, pair)));
}

/** A field of protocol buffers that has a length: its number, the length, the bytes. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function snappy(bytes: Buffer): Buffer {
  const tag = Buffer.from([0b111111_00, 0, 0, 0, 0]);
  tag.writeUInt32LE(bytes.length - 1, 1);
  return Buffer.concat([Buffer.from(varint(bytes.length)), tag, bytes]);
}

/** One series per line, as `/api/v1/import` of VictoriaMetrics takes it. */
export function* importLines(series: Iterable<SimulatedSeries>): Generator<string> {
  const written = new WeakMap<Float64Array, string>();
  let piece = '';
  for (const { name, labels, timestamps, values } of series) {
    const times = written.get(timestamps) ?? timestamps.join(',');
    written.set(timestamps, times);
    const metric = JSON.stringify({ __name__: name, ...labels });
    piece += `{"metric":${metric},"values":[${values.join(',')}],"timestamps":[${times}]}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
