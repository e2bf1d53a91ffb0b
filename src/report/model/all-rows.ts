import type { Finding, Reading, Report, ReportIndicator, ResolvedFinding, Target } from './report.ts';

/** Lists with all rows of a report, whether the document has them as objects or in columns. */

type Subjects = Pick<Report, 'subjects'>;

/** Returns all readings of an indicator. The worst ones come first; those from columns have no `at`. */
export function allReadings(
  { subjects }: Subjects,
  { readings, otherReadings }: Pick<ReportIndicator, 'readings' | 'otherReadings'>,
): readonly Reading[] {
  if (otherReadings.length === 0) return readings;
  const others = otherReadings.flatMap(({ component, status, labels, ...columns }) =>
    columns.subject.map((index, row) => ({
      subject: subjects[index] ?? '',
      component,
      status,
      labels,
      at: null,
      value: columns.value[row] ?? null,
      last: columns.last[row] ?? null,
      median: columns.median[row] ?? null,
      before: columns.before?.[row] ?? null,
      weekBefore: columns.weekBefore?.[row] ?? null,
    })),
  );
  return [...readings, ...others];
}

/** Returns the number of readings of an indicator. */
export function countReadings({
  readings,
  otherReadings,
}: Pick<ReportIndicator, 'readings' | 'otherReadings'>): number {
  return readings.length + countRows(otherReadings);
}

/** Returns the number of subjects that should have a reading, but do not. */
export function countMissing({
  missing,
  otherMissing,
}: Pick<ReportIndicator, 'missing' | 'otherMissing'>): number {
  return missing.length + countRows(otherMissing);
}

/** Returns the subjects that should have a reading of an indicator, but do not. */
export function allMissing(
  { subjects }: Subjects,
  { missing, otherMissing }: Pick<ReportIndicator, 'missing' | 'otherMissing'>,
): ReportIndicator['missing'] {
  const others = otherMissing.flatMap(({ component, subject }) =>
    subject.map((index) => ({ subject: subjects[index] ?? '', component })),
  );
  return [...missing, ...others];
}

function countRows(groups: readonly { subject: readonly number[] }[]): number {
  return groups.reduce((sum, { subject }) => sum + subject.length, 0);
}

type WithFindings = Pick<Report, 'subjects' | 'findings' | 'otherFindings'>;

const findingsByReport = new WeakMap<WithFindings, readonly Finding[]>();

/** Returns all findings of a report, worst first. The indices of its incidents are places in this list. */
export function allFindings(report: WithFindings): readonly Finding[] {
  const { subjects, findings, otherFindings } = report;
  if (otherFindings.length === 0) return findings;
  const known = findingsByReport.get(report);
  if (known) return known;
  const others = otherFindings.flatMap(({ index, subject, ...group }) =>
    index.map((place, row) => ({
      place,
      finding: findingOf(group, row, subjects[subject[row] ?? -1] ?? ''),
    })),
  );
  const all = [...findings, ...others.sort((a, b) => a.place - b.place).map(({ finding }) => finding)];
  findingsByReport.set(report, all);
  return all;
}

function findingOf(
  group: Omit<Report['otherFindings'][number], 'index' | 'subject'>,
  row: number,
  subject: string,
): Finding {
  const { value, threshold, usual, durationSeconds, episodes, ...shared } = group;
  const own = episodes[row] ?? [];
  return {
    ...shared,
    subject,
    value: value[row] ?? 0,
    threshold: threshold[row] ?? 0,
    usual: usual[row] ?? null,
    durationSeconds: durationSeconds[row] ?? 0,
    start: own[0]?.start ?? '',
    end: own.at(-1)?.end ?? '',
    episodes: own,
  };
}

/** Returns all findings of the period before that are over. */
export function allResolved({
  subjects,
  resolved,
  otherResolved,
}: Pick<Report, 'subjects' | 'resolved' | 'otherResolved'>): readonly ResolvedFinding[] {
  const others = otherResolved.flatMap(({ subject, value, start, end, ...shared }) =>
    subject.map((index, row) => ({
      ...shared,
      subject: subjects[index] ?? '',
      value: value[row] ?? 0,
      start: start[row] ?? '',
      end: end[row] ?? '',
    })),
  );
  return [...resolved, ...others];
}

type WithTargets = Subjects & { coverage: Pick<Report['coverage'], 'targets' | 'otherTargets'> };

const targetsByReport = new WeakMap<WithTargets, readonly Target[]>();

/** Returns all targets of a report. Those from columns have an empty `presence`. */
export function allTargets(report: WithTargets): readonly Target[] {
  const { targets, otherTargets } = report.coverage;
  if (otherTargets.length === 0) return targets;
  const known = targetsByReport.get(report);
  if (known) return known;
  const others = otherTargets.flatMap(({ component, firstSeen, lastSeen, ...columns }) =>
    columns.subject.map((index, row) => {
      const subject = report.subjects[index] ?? '';
      return {
        subject,
        component,
        node: columns.node === null ? subject : (columns.node[row] ?? ''),
        instances: columns.instances[row] ?? [],
        pods: columns.pods[row] ?? [],
        seenRatio: columns.seenRatio[row] ?? null,
        firstSeen,
        lastSeen,
        gaps: columns.gaps[row] ?? [],
        restarts: columns.restarts[row] ?? [],
        presence: [],
      };
    }),
  );
  const all = [...targets, ...others];
  targetsByReport.set(report, all);
  return all;
}
