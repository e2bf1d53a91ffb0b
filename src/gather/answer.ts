import type { Grid, Sample, Series } from '../model/series.ts';
import { QueryError } from './errors.ts';

/**
 * Reading what Prometheus answers. Checked by hand rather than by a schema library: an answer can hold a million
 * values, and all that matters is that a wrong shape is noticed.
 */

type Labels = Record<string, string>;

/** Takes `data` and the warnings out of a successful answer's body. */
export function readEnvelope(body: string, url: string): { data: unknown; warnings: string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    const what = body.trimStart().startsWith('<') ? 'an HTML page' : 'something that is not whole JSON';
    throw new QueryError(
      'not-prometheus',
      `${url} answered with ${what} instead of a query result; check the address and its path`,
      { cause: error },
    );
  }
  const { status, data, warnings } = (parsed ?? {}) as Record<string, unknown>;
  if (status !== 'success' || data === undefined) throw wrongShape(url);
  return {
    data,
    // Prometheus 2.44-2.52 sent its "info" notes, such as a counter's unusual name, among the warnings.
    warnings: (Array.isArray(warnings) ? warnings : [])
      .map(String)
      .filter((text) => !text.startsWith('PromQL info:')),
  };
}

function wrongShape(url: string): QueryError {
  return new QueryError('not-prometheus', `${url} answered with JSON that is not a query result`);
}

function resultOf(data: unknown, resultType: string, url: string): unknown[] {
  const { resultType: type, result } = (data ?? {}) as Record<string, unknown>;
  if (type !== resultType || !Array.isArray(result)) throw wrongShape(url);
  return result;
}

/** Prometheus writes values as strings, "NaN" and "+Inf" included; what is not a finite number is no reading. */
function finite(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** A range query's series, laid on the grid. */
export function parseMatrix(data: unknown, grid: Grid, url: string): Series[] {
  return resultOf(data, 'matrix', url).map((entry) => {
    const { metric, values } = (entry ?? {}) as { metric?: Labels; values?: unknown };
    if (!metric || !Array.isArray(values)) throw wrongShape(url);
    const onGrid: (number | null)[] = new Array(grid.count).fill(null);
    for (const pair of values as unknown[]) {
      if (!Array.isArray(pair)) throw wrongShape(url);
      const index = Math.round((Number(pair[0]) - grid.start) / grid.stepSeconds) - 1;
      if (index >= 0 && index < grid.count) onGrid[index] = finite(pair[1]);
    }
    return { labels: metric, values: onGrid };
  });
}

/** An instant query's samples; those without a finite value are left out. */
export function parseVector(data: unknown, url: string): Sample[] {
  return resultOf(data, 'vector', url).flatMap((entry) => {
    const { metric, value } = (entry ?? {}) as { metric?: Labels; value?: unknown };
    if (!metric || !Array.isArray(value)) throw wrongShape(url);
    const number = finite(value[1]);
    return number === null ? [] : [{ labels: metric, value: number }];
  });
}
