/** Simulated samples as text that databases import: OpenMetrics for promtool, JSON lines for VictoriaMetrics. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Labels } from './cluster.ts';
import type { SimulatedSeries } from './samples.ts';

/** Pieces of about this many characters are handed on, so that neither memory nor the number of writes grows. */
const PIECE = 1 << 18;

/** Backslash, quote and line feed are all that the format wants escaped. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function labelSet(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
    .join(',');
}

/** OpenMetrics names a counter without its `_total`; Antrea's counters have none, and so can only be `unknown`. */
function typeLine({ name, type }: SimulatedSeries['family']): string {
  if (type !== 'counter') return `# TYPE ${name} ${type}\n`;
  return name.endsWith('_total')
    ? `# TYPE ${name.slice(0, -'_total'.length)} counter\n`
    : `# TYPE ${name} unknown\n`;
}

/** The text of a whole simulation in pieces: `promtool tsdb create-blocks-from openmetrics` reads it. */
export function* openMetrics(series: Iterable<SimulatedSeries>): Generator<string> {
  // Series of one target share their timestamps, so their text is made once.
  const written = new WeakMap<Float64Array, string[]>();
  let piece = '';
  let family = '';
  for (const each of series) {
    if (each.family.name !== family) piece += typeLine(each.family);
    family = each.family.name;
    const times = written.get(each.timestamps) ?? Array.from(each.timestamps, (at) => ` ${at / 1000}\n`);
    written.set(each.timestamps, times);
    const start = `${each.name}{${labelSet(each.labels)}} `;
    for (const [index, value] of each.values.entries()) piece += `${start}${value}${times[index]}`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}# EOF\n`;
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

export async function writeOpenMetrics(series: Iterable<SimulatedSeries>, file: string): Promise<void> {
  await pipeline(Readable.from(openMetrics(series)), createWriteStream(file));
}
