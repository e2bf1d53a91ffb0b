import { QueryError } from '../../report/gather/errors.ts';
import { type Grid, type Sample, type Series, unknownValues } from '../../report/model/series.ts';

/**
 * Reads the answers of Prometheus. It checks their shape by hand rather than with a schema library, since an answer can
 * contain a million values.
 */

type Labels = Record<string, string>;

/**
 * Returns `data` and the warnings of a successful answer.
 * @throws QueryError if the body is anything else
 */
export function readEnvelope(body: string, url: string): { data: unknown; warnings: string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    const what = body.trimStart().startsWith('<') ? 'an HTML page' : 'incomplete or invalid JSON';
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
      // Prometheus 2.44 to 2.52 sent its "info" notes, for example on a counter's unusual name, as warnings.
      ...(Array.isArray(warnings) ? warnings : [])
        .map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
        .filter((text) => !text.startsWith('PromQL info:')),
      // A VictoriaMetrics cluster sets this without a warning if some of its storage nodes did not answer.
      ...(isPartial === true ? ['the answer is marked as partial (isPartial)'] : []),
    ],
  };
}

function wrongShape(url: string): QueryError {
  return new QueryError('not-prometheus', `${url} answered with JSON that is not a query result`);
}

function readResult(data: unknown, resultType: string, url: string): unknown[] {
  const { resultType: type, result } = (data ?? {}) as Record<string, unknown>;
  if (type !== resultType || !Array.isArray(result)) throw wrongShape(url);
  return result;
}

function readLabels(metric: unknown, url: string): Labels {
  const isLabels =
    typeof metric === 'object' &&
    metric !== null &&
    !Array.isArray(metric) &&
    Object.values(metric).every((value) => typeof value === 'string');
  if (!isLabels) throw wrongShape(url);
  return metric as Labels;
}

/** How Go formats values that are not finite. */
const NOT_FINITE = /^(?:NaN|[+-]?Inf)$/;

/**
 * Reads a pair of a time in Unix seconds and a value, which Prometheus writes as a string. A value that is not finite
 * becomes `null`. Everything else is an error, since it must not count as a missing value or as 0.
 */
function readPair(pair: unknown, url: string): { time: number; value: number | null } {
  const [time, text] = Array.isArray(pair) ? pair : [];
  if (typeof time !== 'number' || typeof text !== 'string') throw wrongShape(url);
  if (NOT_FINITE.test(text)) return { time, value: null };
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw wrongShape(url);
  return { time, value };
}

/** Times have a precision of a millisecond, and calculated ones deviate by less. */
const TIME_TOLERANCE_SECONDS = 0.001;

/**
 * Returns the series of a range query on the grid. Some servers move the times: Thanos's query frontend aligns them to
 * multiples of the step, up to one step early. A value belongs to the step that contains its time, so that the last step
 * of a period does not look as if it had no data.
 * @throws QueryError if `data` is not a matrix
 */
export function parseMatrix(data: unknown, grid: Grid, url: string): Series[] {
  return readResult(data, 'matrix', url).map((entry) => {
    const { metric, values } = (entry ?? {}) as Record<string, unknown>;
    const labels = readLabels(metric, url);
    if (!Array.isArray(values)) throw wrongShape(url);
    const onGrid = unknownValues(grid.count);
    for (const pair of values as unknown[]) {
      const { time, value } = readPair(pair, url);
      const index = Math.ceil((time - TIME_TOLERANCE_SECONDS - grid.start) / grid.stepSeconds) - 1;
      if (index >= 0 && index < grid.count) onGrid[index] = value ?? Number.NaN;
    }
    return { labels, values: onGrid };
  });
}

/**
 * Returns the samples of an instant query that have a finite value.
 * @throws QueryError if `data` is not a vector
 */
export function parseVector(data: unknown, url: string): Sample[] {
  return readResult(data, 'vector', url).flatMap((entry) => {
    const { metric, value: pair } = (entry ?? {}) as Record<string, unknown>;
    const labels = readLabels(metric, url);
    const { value } = readPair(pair, url);
    return value === null ? [] : [{ labels, value }];
  });
}
