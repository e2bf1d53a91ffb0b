import { type Grid, labelKey, type Series } from '../model/series.ts';
import { MAX_POINTS } from './plan.ts';
import type { Source } from './source.ts';

/**
 * So many values one answer may have, as far as that can be foreseen: some 10 MB of JSON, which Prometheus answers
 * within seconds and far from its limit of 50 million samples (--query.max-samples).
 */
const VALUES_PER_ANSWER = 500_000;

/** Series that an indicator may have for each target, such as one for each operation. */
const SERIES_PER_TARGET = 3;

/**
 * So many points a subquery may have in one answer, below the 30,000 that VictoriaMetrics allows a series
 * (-search.maxPointsPerTimeseries), which counts them over the whole range.
 */
const INNER_POINTS = 20_000;

/** The finest resolution of the subqueries in a query, `[5m:60s]`, in seconds. */
function subqueryStep(query: string): number | undefined {
  const steps = [...query.matchAll(/\[\d+[smhd]:(\d+)([sm])\]/g)].map(([, amount, unit]) =>
    unit === 'm' ? Number(amount) * 60 : Number(amount),
  );
  return steps.length === 0 ? undefined : Math.min(...steps);
}

/**
 * A source of which long ranges are asked in pieces, one after the other: the points are the same, since each is
 * evaluated for itself.
 */
export function chunked(source: Source, targets: number): Source {
  const affordable = Math.floor(VALUES_PER_ANSWER / (Math.max(1, targets) * SERIES_PER_TARGET));
  const points = Math.max(1, Math.min(MAX_POINTS, affordable));
  return {
    kind: source.kind,
    instant: (query, time) => source.instant(query, time),
    async range(query, grid) {
      const inner = subqueryStep(query);
      const bearable = inner === undefined ? points : Math.floor((INNER_POINTS * inner) / grid.stepSeconds);
      const most = Math.max(1, Math.min(points, bearable));
      if (grid.count <= most) return source.range(query, grid);
      const pieces = splitGrid(grid, most);
      const answers = [];
      for (const piece of pieces) answers.push(await source.range(query, piece));
      return {
        series: joined(
          answers.map(({ series }) => series),
          pieces,
        ),
        warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
      };
    },
  };
}

/** Of nearly equal length, none longer than `points`. */
export function splitGrid(grid: Grid, points: number): Grid[] {
  const count = Math.ceil(grid.count / points);
  const borders = Array.from({ length: count + 1 }, (_, index) => Math.round((index * grid.count) / count));
  return borders.slice(1).map((border, index) => {
    const first = borders[index] ?? 0;
    return { ...grid, start: grid.start + first * grid.stepSeconds, count: border - first };
  });
}

/** Series of the same labels become one; where a piece does not have one, its values are missing. */
function joined(answers: readonly (readonly Series[])[], pieces: readonly Grid[]): Series[] {
  const values = new Map<string, { labels: Series['labels']; values: (number | null)[] }>();
  let before = 0;
  for (const [index, { count }] of pieces.entries()) {
    for (const one of answers[index] ?? []) {
      const key = labelKey(one.labels);
      const known = values.get(key) ?? { labels: one.labels, values: [] };
      while (known.values.length < before) known.values.push(null);
      for (const value of one.values) known.values.push(value);
      values.set(key, known);
    }
    before += count;
  }
  return [...values.values()].map((one) => {
    while (one.values.length < before) one.values.push(null);
    return one;
  });
}
