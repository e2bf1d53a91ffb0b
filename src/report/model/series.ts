/**
 * The evaluation times of a period. Point i (0-based) is at `start + (i + 1) * step` and stands for the step that ends
 * there. The last point is the end of the period. If the step does not divide the period, the grid begins before it.
 */
export type Grid = {
  /** Unix time in seconds at which the first point's step begins. */
  start: number;
  stepSeconds: number;
  count: number;
};

/** Prometheus refuses a range query of more points per series (web/api/v1/api.go, "exceeded maximum resolution"). */
export const MAX_POINTS = 11_000;

/** The keys of sets of labels, which many answers have in common. */
const labelKeys = new WeakMap<Series['labels'], string>();

/** Returns a key for a set of labels that does not depend on their order. */
export function labelKey(labels: Series['labels']): string {
  const known = labelKeys.get(labels);
  if (known !== undefined) return known;
  const key = JSON.stringify(labels, Object.keys(labels).sort());
  labelKeys.set(labels, key);
  return key;
}

/** One time series on the grid; NaN where Prometheus had no value or one that is not a finite number. */
export type Series = { labels: Readonly<Record<string, string>>; values: Float64Array };

/**
 * Returns the value of a label; an empty one without the label, as in Prometheus. Any text can name a label, also the
 * name of a property that all objects inherit, such as `constructor`.
 */
export function labelOf(labels: Series['labels'], name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

/** Whether a value read from JSON is a set of labels. */
export function isLabels(value: unknown): value is Series['labels'] {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

/** Returns values that are unknown at all points of a grid. */
export function unknownValues(count: number): Float64Array {
  return new Float64Array(count).fill(Number.NaN);
}

/** Whether any of the values is known. */
export function hasValues(values: Float64Array): boolean {
  return values.some(isKnown);
}

/** Returns the values that are known. */
export function knownValues(values: Float64Array): Float64Array {
  const known = new Float64Array(values.length);
  return known.subarray(0, copyKnown(values, 0, values.length, known));
}

/**
 * Copies the known values between two points, the second excluded, to the start of a buffer; returns their number. A
 * loop, because `filter` of typed arrays makes an array of all of them first.
 */
export function copyKnown(values: Float64Array, first: number, end: number, buffer: Float64Array): number {
  const until = Math.min(values.length, end);
  let count = 0;
  for (let index = Math.max(0, first); index < until; index += 1) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) buffer[count++] = value;
  }
  return count;
}

/** Whether the value of a series at a point is known. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

/** One value of an instant query. */
export type Sample = { labels: Readonly<Record<string, string>>; value: number };

/** The look-backs of the queries of a period, in seconds; gather/plan.ts derives them. */
export type Windows = {
  scrapeIntervalSeconds: number;
  /** Whether the interval was measured from `up` or configured, not assumed. */
  scrapeIntervalKnown: boolean;
  /** `$window`: the look-back of rate(). */
  rateSeconds: number;
  /** `$span`: the look-back of max_over_time() and similar functions. */
  spanSeconds: number;
};

/** The answer to one request, or the reason why there is none. `notCaptured`: the capture was recorded without it. */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; reason: string; notCaptured?: true | undefined };

/** The scrapes themselves. All series have the labels `component`, `job`, `instance` and `node`. */
export type TargetData = {
  /** How many scrapes of the target were attempted in the step. */
  attempts: readonly Series[];
  /** How many of them succeeded. */
  successes: readonly Series[];
  /** When the process that answered had started, in Unix seconds. */
  startTimes: readonly Series[];
  /** How many agents the DaemonSet wants at the end of the period; `null` without kube-state-metrics. */
  desiredAgents: number | null;
  /** Why the query for `desiredAgents` failed; absent if it was answered. */
  desiredAgentsReason?: string | undefined;
};
