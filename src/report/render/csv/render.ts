import { allFindings, allMissing, allReadings } from '../../model/all-rows.ts';
import type { Language } from '../../model/indicator.ts';
import type { Finding, Reading, Report, ReportIndicator } from '../../model/report.ts';
import { explainedFindings } from '../../model/report-analysis.ts';
import { createContext } from '../create-context.ts';
import { type Context, titleOf } from '../kit/context.ts';
import { labelText } from '../openmetrics/label-text.ts';
import { untilOf } from '../sections/silenced/view.ts';
import { type Cell, lineText } from './cells.ts';

/** The columns in their order. docs/outputs.md describes them. New ones come last, so that programs can count on these. */
export const COLUMNS = [
  'kind',
  'cluster',
  'period_start',
  'period_end',
  'indicator',
  'title',
  'section',
  'component',
  'subject',
  'labels',
  'status',
  'value',
  'unit',
  'threshold',
  'condition',
  'usual',
  'start',
  'end',
  'duration_seconds',
  'episodes',
  'ongoing',
  'incident',
  'explained',
  'compared',
  'found_week_before',
  'value_at',
  'last',
  'median',
  'value_before',
  'value_week_before',
  'silenced_reason',
  'silenced_until',
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], Cell>>;

/**
 * Excel takes a file for text in the code page of Windows if it does not begin with this mark, which garbles Chinese.
 * English files begin with their header, as programs expect.
 */
const BYTE_ORDER_MARK: Readonly<Record<Language, string>> = { en: '', 'zh-CN': '\ufeff' };

/** Returns the findings and the readings of a report as one table in CSV (RFC 4180). */
export function renderCsv(report: Report, language: Language): string {
  const context = createContext(report, language);
  let text = `${BYTE_ORDER_MARK[language]}${lineText(COLUMNS)}`;
  const { cluster, period } = report;
  const shared: Row = { cluster, period_start: period.start, period_end: period.end };
  // Rows are written one by one: a cluster of 5,000 nodes has 130,000.
  for (const row of rowsOf(context)) text += lineText(COLUMNS.map((column) => row[column] ?? shared[column]));
  return text;
}

function* rowsOf(context: Context): Generator<Row> {
  const { report } = context;
  const titles = new Map<string, string>();
  const titleBy = (id: string) => {
    const title = titles.get(id) ?? titleOf(context, id);
    titles.set(id, title);
    return title;
  };
  const sections = new Map(report.indicators.map(({ id, section }) => [id, section]));
  const incidents = new Map(
    report.incidents.flatMap(({ findings }, index) => findings.map((place) => [place, index + 1])),
  );
  const explained = explainedFindings(report.incidents);
  for (const [place, finding] of allFindings(report).entries())
    yield {
      ...findingRow(finding),
      title: titleBy(finding.indicator),
      section: sections.get(finding.indicator) ?? 'coverage',
      incident: incidents.get(place) ?? null,
      explained: explained.has(place),
    };
  for (const { silence, finding } of report.silenced) {
    const known = report.silences[silence];
    if (known !== undefined)
      yield {
        ...findingRow(finding),
        kind: 'silenced-finding',
        title: titleBy(finding.indicator),
        section: sections.get(finding.indicator) ?? 'coverage',
        silenced_reason: known.reason,
        silenced_until: untilOf(known, finding),
      };
  }
  for (const indicator of report.indicators)
    for (const row of readingRows(report, indicator)) yield { ...row, title: titleBy(indicator.id) };
}

function findingRow(finding: Finding): Row {
  const { indicator, severity, labels, durationSeconds, episodes, weekBefore, ...others } = finding;
  return {
    kind: 'finding',
    indicator,
    component: others.component,
    subject: others.subject,
    labels: labelsText(labels),
    status: severity,
    value: others.value,
    unit: others.unit,
    threshold: others.threshold,
    condition: others.condition,
    usual: others.usual,
    start: others.start,
    end: others.end,
    duration_seconds: durationSeconds,
    episodes: episodes.length,
    ongoing: others.ongoing,
    compared: others.compared,
    found_week_before: weekBefore,
  };
}

/**
 * Returns the readings of an indicator, also those that are missing: subjects without a reading, and indicators without
 * any, have a row with their status and without a value.
 */
function* readingRows(report: Report, indicator: ReportIndicator): Generator<Row> {
  const { id, section, unit, status } = indicator;
  const base = (component: Reading['component']): Row => ({
    kind: 'reading',
    indicator: id,
    component,
    section,
    unit,
  });
  const readings = allReadings(report, indicator);
  const missing = allMissing(report, indicator);
  for (const { subject, component, labels, ...reading } of readings)
    yield {
      ...base(component),
      subject,
      labels: labelsText(labels),
      status: reading.status,
      value: reading.value,
      value_at: reading.at,
      last: reading.last,
      median: reading.median,
      value_before: reading.before,
      value_week_before: reading.weekBefore,
    };
  for (const { subject, component } of missing) yield { ...base(component), subject, status: 'no-data' };
  if (readings.length + missing.length === 0) yield { ...base(null), status };
}

/** Returns labels as PromQL has them; nothing without labels. */
const labelsText = (labels: Readonly<Record<string, string>>) =>
  Object.keys(labels).length === 0 ? null : labelText(labels);
