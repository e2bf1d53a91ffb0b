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

/** @param offset the place of the first of these findings in the list of all */
export function findingColumnsOf(
  findings: readonly Finding[],
  offset: number,
  { indexOf }: SubjectList,
): Report['otherFindings'] {
  const sharedOf = ({
    indicator,
    component,
    severity,
    unit,
    condition,
    labels,
    ongoing,
    ...row
  }: Finding) => ({
    indicator,
    component,
    severity,
    unit,
    condition,
    labels,
    ongoing,
    compared: row.compared,
    weekBefore: row.weekBefore,
  });
  const placed = findings.map((finding, index) => ({ finding, place: offset + index }));
  return groupRows(placed, ({ finding }) => sharedOf(finding)).map(({ first, rows }) => {
    const own = rows.map(({ finding }) => finding);
    return {
      ...sharedOf(first.finding),
      index: rows.map(({ place }) => place),
      subject: own.map(({ subject }) => indexOf(subject)),
      value: own.map(({ value }) => value),
      threshold: own.map(({ threshold }) => threshold),
      usual: own.map(({ usual }) => usual),
      durationSeconds: own.map(({ durationSeconds }) => durationSeconds),
      episodes: own.map(({ episodes }) => episodes),
    };
  });
}

export function resolvedColumnsOf(
  resolved: readonly ResolvedFinding[],
  { indexOf }: SubjectList,
): Report['otherResolved'] {
  const sharedOf = ({ indicator, component, severity, unit, labels }: ResolvedFinding) => ({
    indicator,
    component,
    severity,
    unit,
    labels,
  });
  return groupRows(resolved, sharedOf).map(({ first, rows }) => ({
    ...sharedOf(first),
    subject: rows.map(({ subject }) => indexOf(subject)),
    value: rows.map(({ value }) => value),
    start: rows.map(({ start }) => start),
    end: rows.map(({ end }) => end),
  }));
}

export function targetColumnsOf(
  targets: readonly Target[],
  { indexOf }: SubjectList,
): Report['coverage']['otherTargets'] {
  const sharedOf = ({ component, firstSeen, lastSeen }: Target) => ({ component, firstSeen, lastSeen });
  return groupRows(targets, sharedOf).map(({ first, rows }) => ({
    ...sharedOf(first),
    subject: rows.map(({ subject }) => indexOf(subject)),
    node: rows.every(({ node, subject }) => node === subject) ? null : rows.map(({ node }) => node),
    instances: rows.map(({ instances }) => instances),
    pods: rows.map(({ pods }) => pods),
    seenRatio: rows.map(({ seenRatio }) => seenRatio),
    gaps: rows.map(({ gaps }) => gaps),
    restarts: rows.map(({ restarts }) => restarts),
  }));
}
