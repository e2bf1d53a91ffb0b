import type { Precision } from '../precision.ts';

/**
 * The vertical units of a plot. Paths have whole units, from which the script of the page reads the values again: it
 * writes them exactly as the report does.
 */
export type PlotScale = {
  /** The size of a unit, in the unit of the values. */
  step: number;
  /** Returns the position of a value, growing downwards. */
  y(value: number): number;
  /** The position of the top of the plot, and its height. */
  top: number;
  height: number;
};

/** A quarter of a pixel is finer than anyone sees. */
const UNITS_PER_PIXEL = 4;

/** Digits of a step and of a value; more would be the error of their multiplication. */
const DIGITS = 12;

/** Most units of a plot. Values that are smaller than one are drawn, and read, as 0. */
const MAX_UNITS = 1e10;

/**
 * Returns the coarsest scale that shows each value at its place and with its text.
 * @param pixels the height of the plot
 */
export function plotScale(
  values: readonly number[],
  { low, high }: { low: number; high: number },
  pixels: number,
  precision: Precision,
): PlotScale {
  const range = high - low;
  const drawn = 10 ** Math.floor(Math.log10(range / (pixels * UNITS_PER_PIXEL)));
  const written = values.reduce((least, value) => Math.min(least, precision.step(value)), range);
  const isExact = values.every((value) => Number.isInteger(value / written));
  const fine = Math.max(
    isExact ? written : Math.min(written, drawn),
    10 ** Math.ceil(Math.log10(range / MAX_UNITS)),
  );
  const step = Number(fine.toPrecision(DIGITS));
  return {
    step,
    y: (value) => -unitsOf(value, step, precision),
    top: -high / step,
    height: range / step,
  };
}

/** Returns the units next to a value that have its text, or those in the middle of the values with its text. */
function unitsOf(value: number, step: number, { shown }: Precision): number {
  const nearest = Math.round(value / step);
  if (read(nearest, step) === value) return nearest;
  const text = shown(value);
  const others = [nearest, nearest - 1, nearest + 1];
  return others.find((units) => shown(read(units, step)) === text) ?? Math.round(text / step);
}

/** Returns the value that the script reads. */
const read = (units: number, step: number) => Number((units * step).toPrecision(DIGITS));
