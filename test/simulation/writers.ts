/** Encodes simulated samples for databases: remote write for Prometheus, JSON lines for VictoriaMetrics. */
import type { NativeHistogram } from './native-histograms.ts';
import { double, doubles, field, fieldStart, signed, varint, wholeNumber, zigzag } from './protobuf.ts';
import type { SimulatedSeries } from './samples.ts';

/** Size of a chunk in bytes or characters, which bounds the memory. */
const PIECE = 1 << 18;
const LARGE_PIECE = 1 << 22;

/** Tag, length and both fields of a sample: a double (9 bytes) and a time in milliseconds, of 41 bits (7). */
const SAMPLE_BYTES = 18;
const VALUE_OFFSET = 3;

/**
 * Yields bodies for `/api/v1/write` (Prometheus Remote-Write 1.0): a WriteRequest in protocol buffers, in Snappy's
 * block format as one uncompressed literal.
 */
export function* writeRequests(series: Iterable<SimulatedSeries>): Generator<Buffer> {
  // The series of one target share their timestamps, so these are encoded once.
  const written = new WeakMap<Float64Array, Buffer>();
  let pieces: Buffer[] = [];
  let length = 0;
  for (const { name, labels, timestamps, values, native } of series) {
    const samples = native
      ? histogramsAt(timestamps, values, native)
      : withValues(written, timestamps, values);
    const pairs = labelPairs({ ...labels, __name__: name });
    const start = fieldStart(1, pairs.length + samples.length);
    // Joined only once: copies of samples would take as much time as encoding them.
    pieces.push(start, pairs, samples);
    length += start.length + pairs.length + samples.length;
    if (length < LARGE_PIECE) continue;
    yield snappy(pieces, length);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield snappy(pieces, length);
}

function withValues(
  written: WeakMap<Float64Array, Buffer>,
  timestamps: Float64Array,
  values: Float64Array,
): Buffer {
  const samples = Buffer.from(written.get(timestamps) ?? samplesAt(timestamps));
  if (!written.has(timestamps)) written.set(timestamps, Buffer.from(samples));
  for (const [index, value] of values.entries())
    samples.writeDoubleLE(value, index * SAMPLE_BYTES + VALUE_OFFSET);
  return samples;
}

/** Samples of the value 0: field 2 of a series, with the value as a double and the time. */
function samplesAt(timestamps: Float64Array): Buffer {
  const samples = Buffer.alloc(SAMPLE_BYTES * timestamps.length);
  for (let index = 0; index < timestamps.length; index += 1) {
    const start = index * SAMPLE_BYTES;
    samples[start] = 0x12;
    samples[start + 1] = SAMPLE_BYTES - 2;
    samples[start + 2] = 0x09;
    samples.set([0x10, ...varint(timestamps[index] ?? 0)], start + VALUE_OFFSET + 8);
  }
  return samples;
}

/** Schema number of custom buckets (model/histogram/generic.go of Prometheus). */
const CUSTOM_BUCKETS = -53;

/** Integer histograms. The field numbers are those of `Histogram` in prompb/types.proto. */
function histogramsAt(
  timestamps: Float64Array,
  counts: Float64Array,
  { bounds, cumulative, sum }: NativeHistogram,
): Buffer {
  // One span covers all buckets.
  const span = field(11, wholeNumber(2, cumulative.length));
  const schema = wholeNumber(4, zigzag(CUSTOM_BUCKETS));
  const customValues = field(16, doubles(bounds));
  return Buffer.concat(
    Array.from(timestamps, (at, index) => {
      const inBuckets = differences(cumulative.map((bucket) => bucket[index] ?? 0));
      return field(
        4,
        Buffer.concat([
          wholeNumber(1, counts[index] ?? 0),
          double(3, sum[index] ?? 0),
          schema,
          span,
          field(12, signed(differences(inBuckets))),
          wholeNumber(15, at),
          customValues,
        ]),
      );
    }),
  );
}

/** Returns the first value and then the differences of neighbours. */
function differences(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0));
}

/** The labels of a series, sorted by name as Prometheus requires. */
function labelPairs(labels: Record<string, string>): Buffer {
  const sorted = Object.entries(labels).sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  const pairs = sorted.map(([name, value]) =>
    Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]),
  );
  return Buffer.concat(pairs.map((pair) => field(1, pair)));
}

function snappy(pieces: readonly Buffer[], length: number): Buffer {
  const tag = Buffer.from([0b111111_00, 0, 0, 0, 0]);
  tag.writeUInt32LE(length - 1, 1);
  return Buffer.concat([Buffer.from(varint(length)), tag, ...pieces]);
}

/** Yields one series per line for `/api/v1/import` of VictoriaMetrics. */
export function* importLines(series: Iterable<SimulatedSeries>): Generator<string> {
  const written = new WeakMap<Float64Array, string>();
  let piece = '';
  for (const { name, labels, timestamps, values, native } of series) {
    if (native) throw new Error(`${name}: JSON lines cannot have native histograms.`);
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
