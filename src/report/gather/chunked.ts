import pLimit from 'p-limit';
import { type Grid, labelKey, MAX_POINTS, type Series, unknownValues } from '../model/series.ts';
import { limitsOf, tooManySeries } from './bounds.ts';
import { isTimeout, QueryError, type QueryErrorKind } from './errors.ts';
import type { RangeAnswer, Source } from './source.ts';

/**
 * Limit for the expected number of values in one answer. A period has at most two million values per series that each
 * target has (plan.ts), so its queries stay nearly whole: about 30 MB of JSON for one series per target and a day of 5,000
 * nodes. Smaller answers would repeat the labels of each series more often. Servers that allow less refuse the first one.
 */
const MAX_VALUES_PER_ANSWER = 5_000_000;

/** Series that an indicator may have for each target, such as one for each operation. */
const SERIES_PER_TARGET = 3;

/**
 * Limit for the samples that Prometheus is expected to hold at once for one series per target. It counts the results of
 * each selector and of each step of a subquery until they are aggregated (promql/engine.go, `currentSamples`), and allows
 * 50 million (--query.max-samples). The rest is for metrics with several series per target.
 */
const MAX_SAMPLES_HELD = 20_000_000;

/**
 * Limit for the points that a subquery evaluates in one answer. It is below the 30,000 per series that VictoriaMetrics
 * allows over the whole range (-search.maxPointsPerTimeseries).
 */
const MAX_SUBQUERY_POINTS = 20_000;

/** Time-outs after which a question is given up: of all of its points, of a quarter, and of a sixteenth. */
const MAX_TIMEOUTS = 3;

/** If smaller pieces time out four times without an answer in between, the server is most likely stuck, not slow. */
const MAX_TIMEOUTS_IN_A_ROW = 4;

/**
 * Into how many parts a piece is split after a failure; other failures are final. A time-out costs a minute, so the next
 * piece is much smaller. A capture has the pieces that were answered, and its recording may have begun with smaller ones.
 */
const PARTS_AFTER: Readonly<Partial<Record<QueryErrorKind, number>>> = {
  'too-large': 2,
  timeout: 4,
  'not-captured': 2,
};

/**
 * Returns a source that splits long range queries into pieces, one after the other, and joins the answers. The values
 * are the same as those of one query, since Prometheus evaluates each point independently. A piece that the server
 * refuses as too large, or does not answer in time, is asked in smaller ones, down to a single point; the same query about
 * another period then begins with those. If a single point is refused, the error is that of the first refusal.
 * @param targets the expected number of targets; `null` if it is not known yet
 */
export function chunked(source: Source, targets: number | null): Source {
  /** By kind of question: the most points that may be answered at once, after larger pieces were refused. */
  const learned = new Map<string, number>();
  /** By kind of question: the most series that an answer had. */
  const seen = new Map<string, number>();
  const trials = openTrials();

  async function range(query: string, grid: Grid): Promise<RangeAnswer> {
    const kind = kindOfQuestion(query);
    const pieces = openPieces(grid);
    const planPoints = () => countPlannedPoints(query, grid, seen.get(kind) || (targets ?? 1));
    const limits = limitsOf(targets, grid.count);
    let limit = Math.min(planPoints(), learned.get(kind) ?? MAX_POINTS, trials.points(grid));
    let turn: Turn | undefined;
    let firstRefusal: QueryError | undefined;
    let timeouts = 0;
    try {
      while (pieces.rest() > 0) {
        const piece = pieces.next(limit);
        try {
          const answer = await source.range(query, piece, limits);
          trials.onAnswer();
          turn?.onAnswer(piece);
          if (pieces.add(piece, answer) > limits.series) throw tooManySeries(limits.series);
          seen.set(kind, Math.max(seen.get(kind) ?? 0, answer.series.length));
          // The controller has few series, so that the rest of the points can be asked in larger pieces.
          if (!firstRefusal && !learned.has(kind))
            limit = Math.max(limit, Math.min(planPoints(), trials.points(grid)));
        } catch (error) {
          if (!(error instanceof QueryError)) throw error;
          if (isTimeout(error)) {
            timeouts += 1;
            turn?.onTimeout();
          }
          const isHopeless = piece.count <= 1 || timeouts >= MAX_TIMEOUTS || trials.isStuck();
          const parts = isHopeless ? undefined : PARTS_AFTER[error.kind];
          if (parts === undefined) throw PARTS_AFTER[error.kind] ? (firstRefusal ?? error) : error;
          firstRefusal ??= error;
          limit = Math.ceil(piece.count / parts);
          if (isTimeout(error)) {
            turn ??= await trials.waitForTurn();
            if (trials.isStuck()) throw firstRefusal;
            limit = Math.min(limit, trials.points(grid));
          }
          // The answers of a capture come in another order than those of the server.
          if (source.kind === 'prometheus') learned.set(kind, Math.min(learned.get(kind) ?? limit, limit));
        }
      }
    } finally {
      turn?.end();
    }
    return pieces.join();
  }

  return { ...source, range, instant: (query, time) => source.instant(query, time, limitsOf(targets, 1)) };
}

/** The turn of a question about which smaller pieces are asked after a time-out. */
type Turn = {
  onAnswer(piece: Grid): void;
  onTimeout(): void;
  /** Lets the next question have its turn. */
  end(): void;
};

/**
 * Watches the smaller pieces that are asked after time-outs: those of one question at a time, so that a slow server has
 * less to do, and no more of them once it seems stuck. What it answered in time, other questions with the same step begin
 * with: each of them would cost a minute to find out.
 */
function openTrials() {
  const inTurn = pLimit(1);
  /** By step: the most points that were answered after a time-out. */
  const answered = new Map<number, number>();
  let timeoutsInARow = 0;
  const turnOf = (end: () => void): Turn => ({
    end,
    onTimeout: () => {
      timeoutsInARow += 1;
    },
    onAnswer: ({ count, stepSeconds }) => {
      answered.set(stepSeconds, Math.min(count, answered.get(stepSeconds) ?? count));
    },
  });
  return {
    isStuck: () => timeoutsInARow >= MAX_TIMEOUTS_IN_A_ROW,
    onAnswer: () => {
      timeoutsInARow = 0;
    },
    points: ({ stepSeconds }: Grid) => answered.get(stepSeconds) ?? MAX_POINTS,
    waitForTurn: () =>
      new Promise<Turn>((resolve) => {
        inTurn(() => new Promise<void>((end) => resolve(turnOf(end))));
      }),
  };
}

/**
 * Returns how many points of a query are asked at once as long as the server refuses nothing.
 * @param series the expected number of series
 */
function countPlannedPoints(query: string, { stepSeconds }: Grid, series: number): number {
  const subqueryPoints = stepSeconds / (findSubqueryStep(query) ?? stepSeconds);
  const selectors = query.match(/\{/g)?.length ?? 1;
  const count = Math.max(1, series);
  return Math.max(
    1,
    Math.floor(
      Math.min(
        MAX_POINTS,
        MAX_VALUES_PER_ANSWER / (count * SERIES_PER_TARGET),
        MAX_SAMPLES_HELD / (count * selectors * Math.max(1, subqueryPoints)),
        MAX_SUBQUERY_POINTS / subqueryPoints,
      ),
    ),
  );
}

/** Returns the smallest resolution of the subqueries in a query (`[5m:60s]`), in seconds. */
function findSubqueryStep(query: string): number | undefined {
  const steps = [...query.matchAll(/\[\d+[smhd]:(\d+)([sm])\]/g)].map(([, amount, unit]) =>
    unit === 'm' ? Number(amount) * 60 : Number(amount),
  );
  return steps.length === 0 ? undefined : Math.min(...steps);
}

/** Returns the query without its durations, which differ between the period and the history. */
function kindOfQuestion(query: string): string {
  return query.replace(/\b\d+[smhd]\b/g, '');
}

/** Returns the values in the order of their keys. Servers sort the series of an answer by their labels, too. */
export function sortByKey<T>(byKey: ReadonlyMap<string, T>): T[] {
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

type Pieces = {
  /** Returns how many points have no answer yet. */
  rest(): number;
  /** Returns the next piece: the rest in pieces of nearly equal length, none with more than `points` points. */
  next(points: number): Grid;
  /** Adds the answer of the piece that `next` returned last. Returns the number of series so far. */
  add(piece: Grid, answer: RangeAnswer): number;
  join(): RangeAnswer;
};

/** Splits a grid into pieces whose size may change on the way, and joins their answers in one array for each series. */
export function openPieces(grid: Grid): Pieces {
  const joined = new Map<string, Series>();
  const warnings = new Set<string>();
  let whole: RangeAnswer | undefined;
  let done = 0;
  return {
    rest: () => grid.count - done,
    next(points) {
      const rest = grid.count - done;
      const count = Math.ceil(rest / Math.ceil(rest / points));
      return { ...grid, start: grid.start + done * grid.stepSeconds, count };
    },
    add(piece, answer) {
      if (piece.count === grid.count) whole = answer;
      else {
        // Where a piece lacks the series, its values stay unknown.
        for (const { labels, values } of answer.series) {
          const key = labelKey(labels);
          const series = joined.get(key) ?? { labels, values: unknownValues(grid.count) };
          series.values.set(values, done);
          joined.set(key, series);
        }
        for (const text of answer.warnings) warnings.add(text);
      }
      done += piece.count;
      return whole?.series.length ?? joined.size;
    },
    join: () => whole ?? { series: sortByKey(joined), warnings: [...warnings] },
  };
}
