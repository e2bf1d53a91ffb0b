import type {
  Finding,
  Reading,
  Report,
  ReportIndicator,
  ResolvedFinding,
  Target,
} from '../../model/report.ts';
import type { SubjectList } from './subject-list.ts';

/** Turns rows into the columns of `model/report-columns.ts`: one group for all rows with the same shared fields. */

type Group<T> = { first: T; rows: readonly T[] };

/** Returns groups of rows with equal keys, compared as JSON, in the order of their first rows. */
function groupRows<T>(rows: readonly T[], keyOf: (row: T) => unknown): Group<T>[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)));
  return [...groups.values()].flatMap((own) => own.slice(0, 1).map((first) => ({ first, rows: own })));
}

/** As many digits as charts have; the readings that renderings print are objects with all digits. */
const DIGITS = 5;

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}

export function readingColumnsOf(
  readings: readonly Reading[],
  { indexOf }: SubjectList,
): ReportIndicator['otherReadings'] {
  const groups = groupRows(readings, ({ component, status, labels }) => [component, status, labels]);
  return groups.map(({ first: { component, status, labels }, rows }) => {
    const column = (name: 'value' | 'last' | 'median' | 'before' | 'weekBefore') =>
      rows.map((row) => rounded(row[name]));
    const knownColumn = (name: 'before' | 'weekBefore') =>
      rows.some((row) => row[name] !== null) ? column(name) : null;
    return {
      component,
      status,
      labels,
      subject: rows.map(({ subject }) => indexOf(subject)),
      value: column('value'),
      last: column('last'),
      median: column('median'),
      before: knownColumn('before'),
      weekBefore: knownColumn('weekBefore'),
    };
  });
}

export function missingColumnsOf(
  missing: ReportIndicator['missing'],
  { indexOf }: SubjectList,
): ReportIndicator['otherMissing'] {
  return groupRows(missing, ({ component }) => component).map(({ first: { component }, rows }) => ({
    component,
    subject: rows.map(({ subject }) => indexOf(subject)),
  }));
}

const FINDING_SHARED = [
  'indicator',
  'component',
  'severity',
  'unit',
  'condition',
  'labels',
  'ongoing',
  'compared',
  'weekBefore',
] as const;

/** @param offset the place of the first of these findings in the list of all */
export function findingColumnsOf(
  findings: readonly Finding[],
  offset: number,
  { indexOf }: SubjectList,
): Report['otherFindings'] {
  const placed = findings.map((finding, index) => ({ ...finding, place: offset + index }));
  return groupRows(placed, (row) => pick(row, FINDING_SHARED)).map(({ first, rows }) => ({
    ...pick(first, FINDING_SHARED),
    index: rows.map(({ place }) => place),
    subject: rows.map(({ subject }) => indexOf(subject)),
    ...columnsOf(rows, ['value', 'threshold', 'usual', 'durationSeconds', 'episodes']),
  }));
}

const RESOLVED_SHARED = ['indicator', 'component', 'severity', 'unit', 'labels'] as const;

export function resolvedColumnsOf(
  resolved: readonly ResolvedFinding[],
  { indexOf }: SubjectList,
): Report['otherResolved'] {
  return groupRows(resolved, (row) => pick(row, RESOLVED_SHARED)).map(({ first, rows }) => ({
    ...pick(first, RESOLVED_SHARED),
    subject: rows.map(({ subject }) => indexOf(subject)),
    ...columnsOf(rows, ['value', 'start', 'end']),
  }));
}

const TARGET_SHARED = ['component', 'firstSeen', 'lastSeen'] as const;

export function targetColumnsOf(
  targets: readonly Target[],
  { indexOf }: SubjectList,
): Report['coverage']['otherTargets'] {
  return groupRows(targets, (row) => pick(row, TARGET_SHARED)).map(({ first, rows }) => ({
    ...pick(first, TARGET_SHARED),
    subject: rows.map(({ subject }) => indexOf(subject)),
    node: rows.every(({ node, subject }) => node === subject) ? null : rows.map(({ node }) => node),
    ...columnsOf(rows, ['instances', 'pods', 'seenRatio', 'gaps', 'restarts']),
  }));
}

/** Returns the named fields of a row. */
function pick<T, K extends keyof T>(row: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<T, K>;
}

/** Returns the named fields of all rows, each as a list. */
function columnsOf<T, K extends keyof T>(
  rows: readonly T[],
  names: readonly K[],
): { [name in K]: T[name][] } {
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as {
    [name in K]: T[name][];
  };
}
