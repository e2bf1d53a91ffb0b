import { area, line } from 'd3-shape';
import { type CompactPath, compactPath } from './path.ts';
import { element } from './svg.ts';

/** One value per step; null without data. */
export type Values = readonly (number | null)[];

/** Converts a value to the units of the path. */
export type ValueScale = (value: number) => number;

/** Returns a line that is broken where values are missing. A value without neighbours is a dot. */
export function linePaths(values: Values, y: ValueScale, className: string): string {
  const connected = compactPath();
  const alone = compactPath();
  const isAlone = (index: number) => values[index - 1] == null && values[index + 1] == null;
  line<number | null>()
    .defined((value, index) => value !== null && !isAlone(index))
    .x((_, index) => index + 1)
    .y((value) => y(value ?? 0))
    .context(asContext(connected))([...values]);
  for (const [index, value] of values.entries()) {
    if (value === null || !isAlone(index)) continue;
    alone.moveTo(index + 1, y(value));
    alone.lineTo(index + 1, y(value));
  }
  const written = (path: CompactPath, name: string) =>
    path.toString() === '' ? '' : element('path', { class: `${name} ${className}`, d: path.toString() });
  return written(connected, 'line') + written(alone, 'dot');
}

/** Returns the area between two lines. */
export function bandPath(low: Values, high: Values, y: ValueScale): string {
  const path = compactPath();
  area<number | null>()
    .defined((value, index) => value !== null && low[index] != null)
    .x((_, index) => index + 1)
    .y0((_, index) => y(low[index] ?? 0))
    .y1((value) => y(value ?? 0))
    .context(asContext(path))([...high]);
  return path.toString() === '' ? '' : element('path', { class: 'band', d: path.toString() });
}

/** d3-shape draws on a canvas context. For straight lines it calls only the methods of `CompactPath`. */
function asContext(path: CompactPath): CanvasRenderingContext2D {
  return path as unknown as CanvasRenderingContext2D;
}
