import { type Grid, labelKey, type Series, unknownValues } from '../model/series.ts';
import { MAX_POINTS } from './plan.ts';
import type { Source } from './source.ts';

/**
 * Limit for the expected number of values in one answer: about 10 MB of JSON, which Prometheus answers in seconds
 * and far below its limit of 50 million samples (--query.max-samples).
 */
const MAX_VALUES_PER_ANSWER = 500_000;

/** Series that an indicator may have for each target, such as one for each operation. */
const SERIES_PER_TARGET = 3;

/**
 * Limit for the points that a subquery evaluates in one answer. It is below the 30,000 per series that VictoriaMetrics
 * allows over the whole range (-search.maxPointsPerTimeseries).
 */
const MAX_SUBQUERY_POINTS = 20_000;

/** Returns the smallest resolution of the subqueries in a query (`[5m:60s]`), in seconds. */
function subqueryStep(query: string): number | undefined {
  const steps = [...query.matchAll(/\[\d+[smhd]:(\d+)([sm])\]/g)].map(([, amount, unit]) =>
    unit === 'm' ? Number(amount) * 60 : Number(amount),
  );
  return steps.length === 0 ? undefined : Math.min(...steps);
}

/**
 * Returns a source that splits long range queries into chunks, one after the other, and joins the answers. The values
 * are the same as those of one query, since Prometheus evaluates each point independently.
 * @param targets the expected number of targets
 */
export function chunked(source: Source, targets: number): Source {
  const affordable = Math.floor(MAX_VALUES_PER_ANSWER / (Math.max(1, targets) * SERIES_PER_TARGET));
  return {
    ...source,
    async range(query, grid) {
      const step = subqueryStep(query);
      const subqueryLimit =
        step === undefined ? MAX_POINTS : Math.floor((MAX_SUBQUERY_POINTS * step) / grid.stepSeconds);
      const points = Math.max(1, Math.min(MAX_POINTS, affordable, subqueryLimit));
      if (grid.count <= points) return source.range(query, grid);
      const chunks = splitGrid(grid, points);
      const answers = [];
      for (const chunk of chunks) answers.push(await source.range(query, chunk));
      return {
        series: joinChunks(
          answers.map(({ series }) => series),
          chunks,
        ),
        warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
      };
    },
  };
}

/** Splits a grid into grids of nearly equal length, none with more than `points` points. */
export function splitGrid(grid: Grid, points: number): Grid[] {
  const count = Math.ceil(grid.count / points);
  const borders = Array.from({ length: count + 1 }, (_, index) => Math.round((index * grid.count) / count));
  return borders.slice(1).map((border, index) => {
    const first = borders[index] ?? 0;
    return { ...grid, start: grid.start + first * grid.stepSeconds, count: border - first };
  });
}

/** Joins series with the same labels. At the points of a chunk without the series, its value is unknown. */
function joinChunks(answers: readonly (readonly Series[])[], chunks: readonly Grid[]): Series[] {
  const joined = new Map<string, Series>();
  const count = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  let first = 0;
  for (const [index, chunk] of chunks.entries()) {
    for (const { labels, values } of answers[index] ?? []) {
      const key = labelKey(labels);
      const known = joined.get(key) ?? { labels, values: unknownValues(count) };
      known.values.set(values, first);
      joined.set(key, known);
    }
    first += chunk.count;
  }
  return [...joined.values()];
}
