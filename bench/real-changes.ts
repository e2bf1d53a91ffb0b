/**
 * Searches measured series that nobody here made for changes of levels: what is found in windows of 28 days, and how many
 * of the steps and leaks that are added to them. docs/changes.md has the figures. The folder has `data/*\/*.csv` with the
 * columns `timestamp` (UTC) and `value`, and `labels/combined_windows.json` with the times that people marked as unusual.
 * The Numenta Anomaly Benchmark has this form (https://github.com/numenta/NAB).
 *
 *   npm run bench:real-changes -- FOLDER
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { mean } from 'd3-array';
import { findLevelChanges, type LevelChange } from '../src/report/assess/level-changes/level-changes.ts';
import { hasValues } from '../src/report/model/series.ts';
import { random } from '../test/simulation/random.ts';
import { between, HOURLY } from './changes/series.ts';

const HOUR = 3600;
const DAY = 24;
const WINDOW = 28 * DAY;

/** A change is a marked one if it is this close to the marked time: days are smoothed before a step is searched. */
const NEAR_HOURS = DAY;

/** Changes that are added, as shares of the level. */
const SIZES = [0.2, 0.4, 0.6, 1, 2];

/** Places at which a change is added to each window. */
const TRIES = 10;

/** An added step is found if the found one is at most this far away. */
const CLOSE_HOURS = 12;

type Labels = Readonly<Record<string, readonly (readonly [string, string])[]>>;
type Window = {
  file: string;
  start: number;
  values: Float64Array;
  marked: readonly (readonly [number, number])[];
};

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write(
    'give the folder of the series, such as an unpacked copy of the Numenta Anomaly Benchmark\n',
  );
  process.exit(2);
}
const labels: Labels = JSON.parse(readFileSync(join(folder, 'labels/combined_windows.json'), 'utf8'));
const files = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.csv'))
  .map((name) => `${basename(dirname(name))}/${basename(name)}`)
  .sort();
const calm = files
  .flatMap((file) => windowsOf(file, WINDOW))
  .filter(({ values }) => findLevelChanges(values, HOURLY).length === 0);

printFound();
printRecall('Steps', (size, { values }, next) => {
  const at = Math.floor(between(next, 3 * DAY, values.length - DAY));
  const changed = values.map((value, index) => (index >= at ? value * (1 + size) : value));
  return {
    changed,
    isFound: (change) => change.kind === 'step' && Math.abs(change.index - at) <= CLOSE_HOURS,
  };
});
printRecall('Leaks over the whole window', (size, { values }) => ({
  changed: values.map((value, index) => value * (1 + (size * index) / values.length)),
  isFound: ({ kind }) => kind === 'trend',
}));

/** Returns windows of a series that begin `stride` hours apart; a series that is shorter is one window. */
function windowsOf(file: string, stride: number): Window[] {
  const lines = readFileSync(join(folder ?? '', 'data', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const samples = lines.map((line) => {
    const [time = '', value = ''] = line.split(',');
    return { hour: Math.floor(secondsOf(time) / HOUR), value: Number(value) };
  });
  const byHour = Map.groupBy(samples, ({ hour }) => hour);
  const first = Math.min(...byHour.keys());
  const hours = Float64Array.from({ length: Math.max(...byHour.keys()) - first + 1 }, (_, index) => {
    const values = byHour.get(first + index)?.map(({ value }) => value);
    return (values && mean(values)) ?? Number.NaN;
  });
  const marked = (labels[file] ?? []).map(([from, to]) => [secondsOf(from), secondsOf(to)] as const);
  const count = 1 + Math.max(0, Math.floor((hours.length - WINDOW) / stride));
  return Array.from({ length: count }, (_, index) => ({
    file,
    start: (first + index * stride) * HOUR,
    values: hours.slice(index * stride, index * stride + WINDOW),
    marked,
  })).filter(({ values }) => hasValues(values));
}

function secondsOf(time: string): number {
  return Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`) / 1000;
}

function print(...cells: string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

type Found = { window: Window; change: LevelChange; at: number };

/** Prints what daily reports would have found, each change once. */
function printFound(): void {
  const windows = files.flatMap((file) => windowsOf(file, DAY));
  const found = windows.flatMap((window) =>
    findLevelChanges(window.values, HOURLY).map(
      (change): Found => ({ window, change, at: window.start + change.index * HOUR }),
    ),
  );
  const byChange = Map.groupBy(found, ({ window, change, at }) =>
    [window.file, change.kind, change.kind === 'step' ? dateOf(at) : ''].join(' '),
  );
  const ofReports = new Set(found.map(({ window }) => window)).size;
  process.stdout.write(
    `\n${windows.length} reports of ${files.length} series, ${ofReports} with a change, ${byChange.size} different ones\n\n`,
  );
  print('series', 'found', 'when', 'size', 'reports', 'marked');
  print('---', '---', '---', '---:', '---:', '---');
  for (const same of byChange.values()) {
    const [{ window, change, at }] = same as [Found, ...Found[]];
    const isMarked = window.marked.some(
      ([from, to]) => at >= from - NEAR_HOURS * HOUR && at <= to + NEAR_HOURS * HOUR,
    );
    print(
      window.file,
      change.kind,
      dateOf(at),
      `${(100 * (change.after / change.before - 1)).toFixed(0)} %`,
      String(same.length),
      isMarked ? 'yes' : 'no',
    );
  }
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

type Added = { changed: Float64Array; isFound: (change: LevelChange) => boolean };

/** Prints how many of the changes that are added to windows without one are found, by their size. */
function printRecall(title: string, add: (size: number, window: Window, next: () => number) => Added): void {
  process.stdout.write(`\n${title}, added to ${calm.length} windows without a change\n\n`);
  print('length of the window', ...SIZES.map((size) => `${100 * size} %`));
  print('---', ...SIZES.map(() => '---:'));
  const groups = Map.groupBy(calm, ({ values }) =>
    values.length < WINDOW ? 'less than 28 days' : '28 days',
  );
  for (const [length, ofLength] of groups)
    print(
      `${length} (${ofLength.length})`,
      ...SIZES.map((size) => {
        const tries = ofLength.flatMap((window) =>
          Array.from({ length: TRIES }, (_, index) => {
            const { changed, isFound } = add(
              size,
              window,
              random(title, size, window.file, window.start, index),
            );
            return findLevelChanges(changed, HOURLY).some(isFound);
          }),
        );
        return `${((100 * tries.filter(Boolean).length) / tries.length).toFixed(0)} %`;
      }),
    );
}
