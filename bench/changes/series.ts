/** Series of weeks like those of clusters, drawn from a seed: healthy ones of many kinds, and changes to them. */
import { type Random, random } from '../../test/simulation/random.ts';

export const HOURLY = { stepSeconds: 3600 };

export type Kind = {
  name: string;
  /** Returns a level with a point per hour, NaN where it is unknown; `scale` multiplies it and makes the change. */
  draw: (next: Random, count: number, scale: (index: number) => number) => number[];
};

function normal(next: Random): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Noise with standard deviation 1; `memory` is its correlation from one hour to the next. */
function noise(next: Random, count: number, memory: number): number[] {
  let value = normal(next);
  return Array.from({ length: count }, () => {
    value = memory * value + Math.sqrt(1 - memory ** 2) * normal(next);
    return value;
  });
}

export function between(next: Random, low: number, high: number): number {
  return low + (high - low) * next();
}

/** A daily wave, a working day on weekdays only, or neither; weekends may be lower. */
function rhythm(next: Random): (index: number) => number {
  const shape = next();
  const daily = shape < 0.2 ? 0 : between(next, 0.05, 0.3);
  const weekend = next() < 0.3 ? 0 : between(next, 0.05, 0.3);
  const phase = Math.floor(24 * next());
  const weekPhase = Math.floor(168 * next());
  return (index) => {
    const hour = (index + phase) % 24;
    const isWeekend = Math.floor(((index + weekPhase) % 168) / 24) >= 5;
    const swing =
      shape < 0.6 ? Math.cos((2 * Math.PI * hour) / 24) : hour >= 8 && hour < 18 && !isWeekend ? 1 : 0;
    return (1 + daily * swing) * (isWeekend ? 1 - weekend : 1);
  };
}

function spikes(next: Random, values: readonly number[], rate: number): number[] {
  return values.map((value) => (next() < rate ? value * between(next, 1.5, 6) : value));
}

/** Traffic, flows, CPU: rhythm, noise with long or short memory, spikes. */
const busy: Kind = {
  name: 'daily and weekly rhythm, drifting noise, spikes',
  draw: (next, count, scale) => {
    const level = 10 ** between(next, -3, 6);
    const usual = rhythm(next);
    const [fast, slow] = [between(next, 0.01, 0.06), between(next, 0, 0.05)];
    const drift = noise(next, count, between(next, 0.7, 0.95));
    const values = drift.map(
      (drifted, index) => level * scale(index) * usual(index) * (1 + slow * drifted + fast * normal(next)),
    );
    return spikes(next, values, 0.005);
  },
};

/** Resident memory: the garbage collector's sawtooth and slow drift. */
const memory: Kind = {
  name: 'memory with a garbage collector',
  draw: (next, count, scale) => {
    const level = between(next, 5e7, 1e9);
    const [height, turn] = [between(next, 0.02, 0.15), between(next, 0.3, 30)];
    const drift = noise(next, count, 0.95);
    return drift.map((drifted, index) =>
      Math.round(
        level * scale(index) * (1 + height * ((index / turn) % 1) + 0.03 * drifted + 0.01 * normal(next)),
      ),
    );
  },
};

const white: Kind = {
  name: 'nothing but noise',
  draw: (next, count, scale) => {
    const size = between(next, 0, 0.4);
    return Array.from(
      { length: count },
      (_, index) => 50 * scale(index) * Math.max(0, 1 + size * normal(next)),
    );
  },
};

const slow: Kind = {
  name: 'drift that lasts for days',
  draw: (next, count, scale) => {
    const size = between(next, 0.02, 0.1);
    return noise(next, count, between(next, 0.96, 0.99)).map(
      (drifted, index) => 1000 * scale(index) * Math.max(0, 1 + size * drifted + 0.02 * normal(next)),
    );
  },
};

const heavy: Kind = {
  name: 'heavy tails',
  draw: (next, count, scale) => {
    const size = between(next, 0.1, 0.6);
    const drift = noise(next, count, 0.8);
    return drift.map((drifted, index) => 0.02 * scale(index) * Math.exp(size * normal(next) + 0.1 * drifted));
  },
};

/** Pods, policies: whole numbers that stay for days and then change by one or two. */
const counts: Kind = {
  name: 'counts that stay for days',
  draw: (next, count, scale) => {
    const level = Math.round(between(next, 5, 200));
    const most = Math.max(1, Math.floor(level * 0.08));
    let away = 0;
    return Array.from({ length: count }, (_, index) => {
      if (next() < 0.02) away = Math.max(-most, Math.min(most, away + (next() < 0.5 ? 1 : -1)));
      return Math.round((level + away) * scale(index));
    });
  },
};

const constant: Kind = {
  name: 'constant, one more at times',
  draw: (next, count, scale) => {
    const level = Math.round(between(next, 0, 60));
    const rate = next() < 0.5 ? 0 : 0.01;
    return Array.from(
      { length: count },
      (_, index) => Math.round(level * scale(index)) + (next() < rate ? 1 : 0),
    );
  },
};

/** Latencies of what happens only by day and is often too short to measure. */
const nightly: Kind = {
  name: 'unknown at night, often zero',
  draw: (next, count, scale) => {
    const [phase, zero, size] = [Math.floor(24 * next()), between(next, 0, 0.9), between(next, 0.1, 0.5)];
    return Array.from({ length: count }, (_, index) => {
      if ((index + phase) % 24 < 9 || next() < 0.05) return Number.NaN;
      return next() < zero ? 0 : 0.05 * scale(index) * Math.exp(size * normal(next));
    });
  },
};

const ratio: Kind = {
  name: 'a ratio close to zero',
  draw: (next, count, scale) => {
    const level = 10 ** between(next, -5, -2);
    return noise(next, count, 0.9).map((drifted, index) =>
      Math.max(0, level * scale(index) * (1 + 0.2 * drifted + 0.3 * normal(next))),
    );
  },
};

/** Bursts of hours at any time: backups, rollouts. */
const bursts: Kind = {
  name: 'bursts of some hours',
  draw: (next, count, scale) => {
    const usual = rhythm(next);
    let left = 0;
    return Array.from({ length: count }, (_, index) => {
      if (left <= 0 && next() < 0.01) left = Math.ceil(between(next, 1, 8));
      left -= 1;
      return 100 * scale(index) * usual(index) * (left >= 0 ? 2 : 1) * (1 + 0.05 * normal(next));
    });
  },
};

/** A few events per hour. */
const events: Kind = {
  name: 'a few events an hour',
  draw: (next, count, scale) => {
    const mean = between(next, 0.05, 8);
    const usual = rhythm(next);
    return Array.from({ length: count }, (_, index) => {
      const limit = Math.exp(-mean * scale(index) * usual(index));
      let [number, product] = [0, next()];
      while (product > limit) {
        number += 1;
        product *= next();
      }
      return number;
    });
  },
};

export const KINDS: readonly Kind[] = [
  busy,
  memory,
  white,
  slow,
  heavy,
  counts,
  constant,
  nightly,
  ratio,
  bursts,
  events,
];

/** The kinds with a level steady enough for a change of 40 % to show. */
export const STEADY_KINDS: readonly Kind[] = [busy, memory];

/** Draws a series from a seed; a quarter of them have a gap of up to three days. */
export function draw(
  kind: Kind,
  days: number,
  seed: string | number,
  scale: (index: number) => number = () => 1,
): Float64Array {
  const next = random(kind.name, days, seed);
  const values = Float64Array.from(kind.draw(next, days * 24, scale));
  if (next() < 0.25) {
    const length = Math.ceil(between(next, 1, Math.min(72, days * 4)));
    const first = Math.floor(next() * (values.length - length));
    values.fill(Number.NaN, first, first + length);
  }
  return values;
}
