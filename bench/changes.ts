/**
 * Measures how well changes of levels are found in weeks of history, how often one is found in healthy series, and how
 * long it takes: the figures of docs/changes.md. The series are drawn from seeds, so only the times differ.
 *
 *   node bench/changes.ts            300 series of each change, 400 healthy ones of each kind and length
 *   node bench/changes.ts 50 100     50 and 100 instead
 */
import { median, quantile } from 'd3-array';
import { findLevelChanges, trendAtEnd } from '../src/report/assess/level-changes/level-changes.ts';
import { isKnown } from '../src/report/model/series.ts';
import { random } from '../test/simulation/random.ts';
import { between, draw, HOURLY, KINDS, STEADY_KINDS } from './changes/series.ts';

const [changed = 300, healthy = 400] = process.argv.slice(2).map(Number);
const HISTORY_DAYS = [2, 5, 10, 15, 28, 60];
const DAY = 24;

const print = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function table(title: string, ...columns: string[]): void {
  process.stdout.write(`\n${title}\n\n`);
  print(...columns);
  print(...columns.map((_, index) => (index === 0 ? '---' : '---:')));
}

/** Returns the usual level of a series; the rate of a leak is a share of it. */
function levelOf(values: Float64Array): number {
  return median(values) ?? Number.NaN;
}

/** Formats median, 95 % and worst. */
function spread(errors: readonly number[], format: (error: number) => string): string {
  if (errors.length === 0) return '';
  return [0.5, 0.95, 1].map((share) => format(quantile(errors, share) ?? Number.NaN)).join(' / ');
}

function measureSteps(days: number, kind: (typeof KINDS)[number]): void {
  const errors = { hours: [] as number[], size: [] as number[] };
  let otherChanges = 0;
  for (let seed = 0; seed < changed; seed += 1) {
    const next = random('step', days, kind.name, seed);
    const at = Math.floor(between(next, 3 * DAY, days * DAY - 12));
    const factor = between(next, 1.4, 3);
    const times = next() < 0.3 ? 1 / factor : factor;
    const values = draw(kind, days, `step ${seed}`, (index) => (index >= at ? times : 1));
    const [change, ...more] = findLevelChanges(values, HOURLY);
    if (change && (change.kind !== 'step' || more.length > 0)) otherChanges += 1;
    else if (change?.kind === 'step') {
      // A step in a gap is seen at the end of the gap.
      const seen = values.findIndex((value, index) => index >= at && isKnown(value));
      errors.hours.push(Math.abs(change.index - seen));
      errors.size.push(Math.abs(change.after / change.before / times - 1));
    }
  }
  print(
    `step of 40 to 200 % up or as much down, ${days} days: ${kind.name}`,
    percent(errors.hours.length / changed),
    percent(otherChanges / changed),
    spread(errors.hours, (hours) => hours.toFixed(0)),
    spread(errors.size, percent),
  );
}

/** Leaks of 1.5 to 8 % per day, from the beginning, from some day on, or with restarts. */
function measureLeaks(
  days: number,
  kind: (typeof KINDS)[number],
  shape: 'steady' | 'begins' | 'restarts',
): void {
  const errors: number[] = [];
  let [otherChanges, covered] = [0, 0];
  for (let seed = 0; seed < changed; seed += 1) {
    const next = random(shape, days, kind.name, seed);
    const rate = between(next, 0.015, 0.08);
    const onset = shape === 'begins' ? Math.floor(between(next, 0.1, 0.5) * days * DAY) : 0;
    // The time between restarts shows the leak and is not a week, which would be a rhythm.
    const rise = shape === 'restarts' ? Math.ceil(Math.max(0.3 / rate, between(next, 5, 10))) * DAY + 7 : 0;
    const lastRise = Math.floor(between(next, 3.5, 6) * DAY);
    const grown = (index: number) => {
      if (shape !== 'restarts') return Math.max(0, index - onset) / DAY;
      return ((((index - days * DAY + lastRise) % rise) + rise) % rise) / DAY;
    };
    const values = draw(kind, days, `${shape} ${seed}`, (index) => 1 + rate * grown(index));
    const [change, ...more] = findLevelChanges(values, HOURLY);
    if (change && (change.kind !== 'trend' || more.length > 0)) otherChanges += 1;
    else if (change?.kind === 'trend') {
      const { value, low, high } = change.perDay;
      const truth = rate * levelOf(draw(kind, days, `${shape} ${seed}`));
      errors.push(Math.abs(value / truth - 1));
      if (low <= truth && high >= truth) covered += 1;
    }
  }
  print(
    `leak of 1.5 to 8 % a day, ${shape}, ${days} days: ${kind.name}`,
    percent(errors.length / changed),
    percent(otherChanges / changed),
    spread(errors, percent),
    percent(covered / Math.max(1, errors.length)),
  );
}

table('Steps', 'lines', 'found', 'something else', 'error of time, h', 'error of size');
for (const days of [15, 28]) for (const kind of STEADY_KINDS) measureSteps(days, kind);

table('Leaks', 'lines', 'found', 'something else', 'error of slope', 'slope within its interval');
for (const days of [15, 28])
  for (const shape of ['steady', 'begins', 'restarts'] as const)
    for (const kind of STEADY_KINDS) measureLeaks(days, kind, shape);

table(
  `Found on healthy lines, ${healthy} of each`,
  'lines',
  ...HISTORY_DAYS.map((days) => `${days} days`),
  'ms a line, 28 days',
);
let [findings, trends, count] = [0, 0, 0];
for (const kind of KINDS) {
  let time = '';
  const cells = HISTORY_DAYS.map((days) => {
    const lines = Array.from({ length: healthy }, (_, seed) => draw(kind, days, seed));
    const start = process.cpuUsage();
    const found = lines.filter((values) => findLevelChanges(values, HOURLY).length > 0).length;
    const used = process.cpuUsage(start).user / 1000 / healthy;
    if (days === 28) time = used.toFixed(2);
    trends += lines.filter((values) => trendAtEnd(values, HOURLY) !== null).length;
    findings += found;
    count += healthy;
    return String(found);
  });
  print(kind.name, ...cells, time);
}
process.stdout.write(
  `\n${findings} of ${count} healthy lines with a finding, ${trends} with a trend for a forecast.\n`,
);
