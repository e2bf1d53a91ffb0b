/** The values of a target's gauges, counters and histograms at its scrapes. */
import type { Cluster, Life, Target } from './cluster.ts';
import { type Random, random } from './random.ts';

/** One series of a metric on one target: the suffix of its name ("_bucket"), its labels and its values. */
export type Column = {
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  values: Float64Array;
};

/** A gauge: its value is a function of the time and of the life that answers. */
export function gauge(target: Target, valueAt: (seconds: number, life: Life) => number): Float64Array {
  return target.scrapes.map((at, index) => valueAt(at / 1000, lifeAt(target, index)));
}

export function constant(target: Target, value: number): Float64Array {
  return new Float64Array(target.scrapes.length).fill(value);
}

/**
 * A counter: `growth` returns how much happens between two moments of one life, and `before` what a life had counted
 * before the simulation began. Later lives start from 0.
 */
export function counter(
  cluster: Cluster,
  target: Target,
  growth: (from: number, to: number) => number,
  before: (seconds: number) => number = () => 0,
): Float64Array {
  const values = new Float64Array(target.scrapes.length);
  let total = 0;
  eachInterval(cluster, target, ({ index, from, to, age, begins }) => {
    if (begins) total = age > 0 ? before(age) : 0;
    total += growth(from, to);
    values[index] = total;
  });
  return values;
}

/** A counter of whole events, about `perMinute` × `activity`. */
export function eventCounter(
  cluster: Cluster,
  target: Target,
  name: string,
  perMinute: number,
  activity: (seconds: number) => number = () => 1,
): Float64Array {
  const next = random(target.key, name);
  const growth = (from: number, to: number) =>
    whole((perMinute / 60) * activity((from + to) / 2) * (to - from), next);
  return counter(cluster, target, growth, (age) => Math.round((age / 60) * perMinute));
}

export type Observed = {
  /** The seed: the same name gives the same observations for every metric. */
  name: string;
  perMinute: number;
  /** Multiplies the rate. */
  activity?: (seconds: number) => number;
  value: (next: Random, seconds: number) => number;
  /** Additional observations at known moments. */
  extra?: readonly { at: number; value: number }[];
};

/** The bounds of Antrea's histograms as Prometheus 2 writes them: client_golang's defaults, regardless of the unit. */
const DEFAULT_BOUNDS = [
  '0.005',
  '0.01',
  '0.025',
  '0.05',
  '0.1',
  '0.25',
  '0.5',
  '1',
  '2.5',
  '5',
  '10',
  '+Inf',
] as const;

/**
 * For histograms whose buckets no indicator reads. Those of agents would otherwise be a third of all samples, and tests spend
 * most of their time on loading samples.
 */
export const NO_BOUNDS = ['+Inf'] as const;

export type Tally = {
  bounds: readonly string[];
  buckets: Float64Array[];
  sum: Float64Array;
  count: Float64Array;
};

/** The counters of a histogram at every scrape. */
export function tally(
  cluster: Cluster,
  target: Target,
  observed: Observed,
  bounds: readonly string[] = DEFAULT_BOUNDS,
): Tally {
  const limits = bounds.map((bound) => (bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound)));
  const buckets = bounds.map(() => new Float64Array(target.scrapes.length));
  const sums = new Float64Array(target.scrapes.length);
  const counts = new Float64Array(target.scrapes.length);
  const inBucket = new Float64Array(bounds.length);
  let sum = 0;
  let count = 0;
  const observe = (value: number, times = 1) => {
    sum += value * times;
    count += times;
    const first = limits.findIndex((limit) => value <= limit);
    if (first >= 0) inBucket[first] = (inBucket[first] ?? 0) + times;
  };
  const next = random(target.key, observed.name);
  eachInterval(cluster, target, ({ index, from, to, age, begins }) => {
    if (begins) {
      sum = 0;
      count = 0;
      inBucket.fill(0);
      observeThePast(cluster, target, observed, age, observe);
    }
    for (const at of momentsBetween(observed, from, to, next)) observe(observed.value(next, at));
    for (const { at, value } of observed.extra ?? []) if (at > from && at <= to) observe(value);
    sums[index] = sum;
    counts[index] = count;
    let cumulative = 0;
    buckets.forEach((bucket, position) => {
      cumulative += inBucket[position] ?? 0;
      bucket[index] = cumulative;
    });
  });
  return { bounds, buckets, sum: sums, count: counts };
}

/** Returns the series of a histogram as they are scraped. */
export function* histogram(tallied: Tally, labels: Readonly<Record<string, string>> = {}): Generator<Column> {
  for (const [position, bound] of tallied.bounds.entries()) {
    const values = tallied.buckets[position];
    if (values) yield { suffix: '_bucket', labels: { ...labels, le: bound }, values };
  }
  yield { suffix: '_sum', labels, values: tallied.sum };
  yield { suffix: '_count', labels, values: tallied.count };
}

/** Returns the counters of a histogram without observations. */
export function emptyTally(target: Target, bounds: readonly string[] = DEFAULT_BOUNDS): Tally {
  const zero = constant(target, 0);
  return { bounds, buckets: bounds.map(() => zero), sum: zero, count: zero };
}

/** Returns the result of `histogram_quantile` for equal observations, which it spreads over their bucket. */
export function bucketQuantile(share: number, value: number, bounds: readonly string[]): number {
  const finite = bounds.filter((bound) => bound !== '+Inf').map(Number);
  const position = finite.findIndex((bound) => value <= bound);
  if (position < 0) return finite.at(-1) ?? 0;
  const lower = finite[position - 1] ?? 0;
  return lower + share * ((finite[position] ?? 0) - lower);
}

/** Returns the lives that began with a restart in the simulation. */
export function restarts(cluster: Cluster, target: Target): Life[] {
  return target.lives.filter((life) => life.startedAt >= cluster.start);
}

/** Rounds up or down at random, so that the mean is unchanged. */
function whole(amount: number, next: Random): number {
  return Math.floor(amount + next());
}

function* momentsBetween(observed: Observed, from: number, to: number, next: Random): Generator<number> {
  const activity = observed.activity?.((from + to) / 2) ?? 1;
  const times = whole((observed.perMinute / 60) * activity * (to - from), next);
  for (let position = 0; position < times; position += 1) {
    yield from + ((position + next()) / times) * (to - from);
  }
}

/** Adds the observations from before the simulation for an older life; a few draws represent all of them. */
function observeThePast(
  cluster: Cluster,
  target: Target,
  observed: Observed,
  age: number,
  observe: (value: number, times: number) => void,
): void {
  const draws = 40;
  const next = random(target.key, observed.name, 'past');
  const times = Math.round(((age / 60) * observed.perMinute) / draws);
  if (times === 0) return;
  for (let draw = 0; draw < draws; draw += 1) observe(observed.value(next, cluster.start - 1), times);
}

type Interval = {
  index: number;
  from: number;
  to: number;
  /** Whether the life answers for the first time, and its age at the start of the simulation. */
  begins: boolean;
  age: number;
};

/** Visits, for each scrape, the time of its life since the scrape before. */
function eachInterval(cluster: Cluster, target: Target, visit: (interval: Interval) => void): void {
  let last = -1;
  let from = 0;
  for (const [index, at] of target.scrapes.entries()) {
    const position = target.answeredBy[index] ?? 0;
    const startedAt = target.lives[position]?.startedAt ?? 0;
    const begins = position !== last;
    if (begins) from = Math.max(startedAt, cluster.start);
    visit({ index, from, to: at / 1000, begins, age: Math.max(0, cluster.start - startedAt) });
    from = at / 1000;
    last = position;
  }
}

function lifeAt(target: Target, index: number): Life {
  const life = target.lives[target.answeredBy[index] ?? 0];
  if (!life) throw new Error('A scrape was answered by no life.');
  return life;
}
