import { max, min } from 'd3-array';
import { findExceeded, type JsonLimits, LIMIT_NAMES } from './json-size.ts';
import { type Finding, REPORT_SCHEMA_VERSION, type Report, reportSchema } from './report.ts';
import { UserError } from './user-error.ts';

/**
 * Limits for report.json. The largest known one, of 5,000 nodes after an upgrade, has 8 MB; one of 12 nodes has 2,100
 * objects and arrays with 86,000 values.
 */
export const REPORT_LIMITS: JsonLimits = {
  characters: 32e6,
  depth: 32,
  containers: 200_000,
  values: 4_000_000,
};

/** A report as one of this schema version, and the version in which it was stored. */
export type StoredReport = { report: Report; schemaVersion: string };

/**
 * Parses a stored report.
 * @throws UserError if the text is not a report, or one of a later version
 */
export function parseStoredReport(text: string): Report {
  return parseStoredReportWithVersion(text).report;
}

/**
 * Parses a stored report, and returns also its version.
 * @throws UserError if the text is not a report, or one of a later version
 */
export function parseStoredReportWithVersion(text: string): StoredReport {
  const exceeded = findExceeded(text, REPORT_LIMITS);
  if (exceeded !== null)
    throw new UserError(
      `is not a report of this program (more than ${REPORT_LIMITS[exceeded]} ${LIMIT_NAMES[exceeded]})`,
    );
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UserError('is not valid JSON; the file may be incomplete', { cause: error });
  }
  const report = readStoredReport(content);
  return { report, schemaVersion: String((content as { schemaVersion: unknown }).schemaVersion) };
}

/**
 * Returns a stored report of this or an earlier schema version as one of this version. Parts that the earlier version
 * did not have are empty or null.
 * @throws UserError if the content is not a report, or one of a later version
 */
export function readStoredReport(content: unknown): Report {
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  const first = UPGRADES.findIndex((upgrade) => upgrade.from === version);
  const upgrades = first < 0 ? [] : UPGRADES.slice(first);
  const parsed = reportSchema.safeParse(
    upgrades.reduce((report, { change }) => change(report as object), content),
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isUnknown = version !== undefined && version !== REPORT_SCHEMA_VERSION && upgrades.length === 0;
  throw new UserError(
    isUnknown
      ? `is a report of schema version ${String(version)}; this program reads versions 1 to ${REPORT_SCHEMA_VERSION}`
      : `is not a report of this program (${issue?.path.join('.') || 'wrong content'})`,
  );
}

/** What each version changed, in order. */
const UPGRADES: readonly { from: string; change: (report: object) => object }[] = [
  { from: '1', change: fromVersion1 },
  { from: '2', change: fromVersion2 },
  { from: '3', change: fromVersion3 },
];

/** The parts that change; the schema checks the others afterwards. */
type ReportOfVersion1 = {
  period?: { stepSeconds?: unknown };
  indicators?: ({ readings?: object[] } | null)[];
  findings?: Finding[];
};

function fromVersion1(report: ReportOfVersion1): object {
  const { period, indicators, findings } = report;
  return {
    ...report,
    period: { ...period, chartStepSeconds: period?.stepSeconds },
    indicators: list(indicators)?.map((indicator) => ({
      ...indicator,
      own: null,
      readings: list(indicator?.readings)?.map((reading) => ({ ...reading, before: null, weekBefore: null })),
    })),
    findings: list(findings)?.map((finding) => ({ ...finding, compared: null, weekBefore: null })),
    // The schema refuses a document with other findings afterwards.
    incidents: incidentsOfVersion1(list(findings)?.filter((finding) => finding !== null) ?? []),
    comparisons: [],
    resolved: [],
    changes: [],
    capacity: [],
    history: { questions: 0, unanswered: [] },
    calendar: null,
    antrea: { from: null, before: null, evidence: [] },
  };
}

type ReportOfVersion2 = {
  coverage?: { targets?: ({ instances?: unknown } | null)[] };
  indicators?: ({ totalQuery?: unknown } | null)[];
};

/** Version 2 had the names of Pods only in the instances of Antrea's own scrape configuration. */
function fromVersion2(report: ReportOfVersion2): object {
  const podsOf = (instances: unknown) =>
    (Array.isArray(instances) ? instances : []).flatMap((one) => String(one).split(';')[1] || []);
  return {
    ...report,
    survey: null,
    // Totals no longer have a query besides `query`.
    indicators: list(report.indicators)?.map((indicator) => {
      const { totalQuery: _, ...rest } = indicator ?? {};
      return rest;
    }),
    coverage: {
      ...report.coverage,
      dataFrom: null,
      targets: list(report.coverage?.targets)?.map((target) => ({
        ...target,
        pods: podsOf(target?.instances),
      })),
    },
  };
}

type ReportOfVersion3 = { coverage?: object; indicators?: (object | null)[] };

/** Version 3 had all rows as objects. */
function fromVersion3(report: ReportOfVersion3): object {
  return {
    ...report,
    schemaVersion: REPORT_SCHEMA_VERSION,
    subjects: [],
    indicators: list(report.indicators)?.map((indicator) => ({
      ...indicator,
      otherReadings: [],
      otherMissing: [],
    })),
    otherFindings: [],
    otherResolved: [],
    coverage: { ...report.coverage, otherTargets: [] },
  };
}

function list<T>(value: T[] | undefined): T[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Groups findings by indicator and severity as version 1 did, which had no causes. */
function incidentsOfVersion1(findings: readonly Finding[]): Report['incidents'] {
  const groups = Map.groupBy(findings.entries(), ([, { indicator, severity, component, subject }]) =>
    JSON.stringify([indicator, severity, component === null ? subject : null]),
  );
  return [...groups.values()].flatMap((group) => {
    const own = group.map(([, finding]) => finding);
    return own.slice(0, 1).map((first) => ({
      severity: first.severity,
      start: min(own, ({ start }) => start) ?? first.start,
      end: max(own, ({ end }) => end) ?? first.end,
      ongoing: own.some(({ ongoing }) => ongoing),
      findings: group.map(([index]) => index),
      links: [],
      timeline: [],
    }));
  });
}
