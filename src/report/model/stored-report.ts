import { type Finding, REPORT_SCHEMA_VERSION, type Report, reportSchema } from './report.ts';
import { UserError } from './user-error.ts';

/**
 * A stored report of this or an earlier schema version, as one of this version. What an earlier version did not look
 * for is not known of it: nothing is compared, nothing runs out.
 * @throws UserError in one line
 */
export function readStoredReport(content: unknown): Report {
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  const parsed = reportSchema.safeParse(
    version === '1' || version === '2'
      ? fromVersion2(version === '1' ? fromVersion1(content as ReportOfVersion1) : (content as object))
      : content,
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    version !== undefined && !['1', '2', REPORT_SCHEMA_VERSION].includes(String(version))
      ? `is a report of schema version ${String(version)}; this program reads versions 1 to ${REPORT_SCHEMA_VERSION}`
      : `is not a report of this program (${issue?.path.join('.') || 'wrong content'})`,
  );
}

/** What of it is touched here; the schema judges the rest afterwards. */
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
    incidents: incidentsOfVersion1(list(findings) ?? []),
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

/** That version told the Pods by the instances of Antrea's own scrape configuration alone. */
function fromVersion2(report: ReportOfVersion2): object {
  const podsOf = (instances: unknown) =>
    (Array.isArray(instances) ? instances : []).flatMap((one) => String(one).split(';')[1] || []);
  return {
    ...report,
    schemaVersion: REPORT_SCHEMA_VERSION,
    survey: null,
    // Totals have no query of their own any more.
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

function list<T>(value: T[] | undefined): T[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** That version put findings of one indicator and severity together, and knew of no causes. */
function incidentsOfVersion1(findings: readonly Finding[]): Report['incidents'] {
  const groups = Map.groupBy(findings.entries(), ([, { indicator, severity, component, subject }]) =>
    JSON.stringify([indicator, severity, component === null ? subject : null]),
  );
  return [...groups.values()].flatMap((group) => {
    const own = group.map(([, finding]) => finding);
    const [first] = own;
    return first === undefined
      ? []
      : [
          {
            severity: first.severity,
            start: own.map(({ start }) => start).sort()[0] ?? first.start,
            end:
              own
                .map(({ end }) => end)
                .sort()
                .at(-1) ?? first.end,
            ongoing: own.some(({ ongoing }) => ongoing),
            findings: group.map(([index]) => index),
            links: [],
            timeline: [],
          },
        ];
  });
}
