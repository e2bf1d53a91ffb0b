import { QueryError } from '../../report/gather/errors.ts';
import type { Grid, Sample, Series } from '../../report/model/series.ts';

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
  const { status, data, warnings, isPartial } = (parsed ?? {}) as Record<string, unknown>;
  if (status !== 'success' || data === undefined) throw wrongShape(url);
  return {
    data,
    warnings: [
      // Prometheus 2.44-2.52 sent its "info" notes, such as a counter's unusual name, among the warnings.
      ...(Array.isArray(warnings) ? warnings : [])
        .map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
        .filter((text) => !text.startsWith('PromQL info:')),
      // A cluster of VictoriaMetrics says it so, without a warning, when a part of its storage did not answer.
      ...(isPartial === true ? ['the answer is marked as partial (isPartial)'] : []),
    ],
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

function labelsOf(metric: unknown, url: string): Labels {
  const isLabels =
    typeof metric === 'object' &&
    metric !== null &&
    !Array.isArray(metric) &&
    Object.values(metric).every((value) => typeof value === 'string');
  if (!isLabels) throw wrongShape(url);
  return metric as Labels;
}

/** What Go writes for a number that is none. */
const NOT_FINITE = /^(?:NaN|[+-]?Inf)$/;

/**
 * A pair of a time in seconds and a value. Prometheus writes values as strings, "NaN" and "+Inf" included; what is
 * not a finite number is no reading. Anything else there is a wrong shape: it must not pass for absence, nor for 0.
 */
function readPair(pair: unknown, url: string): { time: number; value: number | null } {
  const [time, text] = Array.isArray(pair) ? pair : [];
  if (typeof time !== 'number' || typeof text !== 'string') throw wrongShape(url);
  if (NOT_FINITE.test(text)) return { time, value: null };
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw wrongShape(url);
  return { time, value };
}

/** Times come with milliseconds, and are off by less than one of them where they were calculated. */
const TIME_TOLERANCE_SECONDS = 0.001;

/**
 * A range query's series, laid on the grid. Some servers answer other times than those asked for: Thanos's query
 * frontend moves them to multiples of the step, up to one step early. Such a value belongs to the step in which its
 * time lies, so that the last step of the period is not taken for one without data.
 */
export function parseMatrix(data: unknown, grid: Grid, url: string): Series[] {
  return resultOf(data, 'matrix', url).map((entry) => {
    const { metric, values } = (entry ?? {}) as Record<string, unknown>;
    const labels = labelsOf(metric, url);
    if (!Array.isArray(values)) throw wrongShape(url);
    const onGrid: (number | null)[] = new Array(grid.count).fill(null);
    for (const pair of values as unknown[]) {
      const { time, value } = readPair(pair, url);
      const index = Math.ceil((time - TIME_TOLERANCE_SECONDS - grid.start) / grid.stepSeconds) - 1;
      if (index >= 0 && index < grid.count) onGrid[index] = value;
    }
    return { labels, values: onGrid };
  });
}

/** An instant query's samples; those without a finite value are left out. */
export function parseVector(data: unknown, url: string): Sample[] {
  return resultOf(data, 'vector', url).flatMap((entry) => {
    const { metric, value: pair } = (entry ?? {}) as Record<string, unknown>;
    const labels = labelsOf(metric, url);
    const { value } = readPair(pair, url);
    return value === null ? [] : [{ labels, value }];
  });
}
