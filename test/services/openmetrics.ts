/** Reads recorded series from OpenMetrics text. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { SimulatedSeries } from '../simulation/samples.ts';

type Family = SimulatedSeries['family'];

/** Name, labels, value, and Unix time in seconds. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+) (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** Returns the series of a gzip-compressed file. */
export async function readSeries(file: URL): Promise<SimulatedSeries[]> {
  return parseSeries(gunzipSync(await readFile(file)).toString('utf8'));
}

/**
 * Returns the series of a text. The samples of each series must be in time order.
 * @throws if a line is not a sample with a time
 */
export function parseSeries(text: string): SimulatedSeries[] {
  const series = new Map<string, { name: string; labels: string; samples: [number, number][] }>();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const [, name, labels = '', value, seconds] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`Not a sample with a time: ${line.slice(0, 200)}`);
    const key = `${name}{${labels}`;
    const one = series.get(key) ?? { name, labels, samples: [] };
    series.set(key, one);
    one.samples.push([Number(seconds) * 1000, Number(value)]);
  }
  return [...series.values()].map(({ name, labels, samples }) => ({
    family: familyOf(name),
    name,
    labels: labelsOf(labels),
    timestamps: Float64Array.from(samples, ([at]) => at),
    values: Float64Array.from(samples, ([, value]) => value),
  }));
}

/** The type is a guess; no server stores it. */
function familyOf(name: string): Family {
  return { name, type: name.endsWith('_total') ? 'counter' : 'gauge' };
}

function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [
    name,
    value.replace(/\\["\\n]/g, (pair) => ESCAPES[pair] ?? pair),
  ]);
  return Object.fromEntries(pairs);
}
