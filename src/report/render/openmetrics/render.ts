import { allFindings } from '../../model/all-rows.ts';
import { COVERAGE_CHECK_IDS, SEVERITIES } from '../../model/indicator.ts';
import type { Report } from '../../model/report.ts';
import { explainedFindings } from '../../model/report-analysis.ts';
import { summarize } from '../../model/report-summary.ts';
import { isJudged } from '../../model/report-values.ts';
import { createContext } from '../create-context.ts';
import type { Context } from '../kit/context.ts';
import { SHOWN_STATUSES } from '../kit/words/facts.ts';
import { statusOf } from '../sections/incidents/explained.ts';
import { type Gauge, type Sample, SUMMARY_GAUGES } from './gauges.ts';
import { labelText } from './label-text.ts';

/** The gauges that need the whole report, by their name. */
const REPORT_GAUGES: Readonly<Record<string, Gauge & { samples: (context: Context) => Sample[] }>> = {
  healthreport_findings: {
    help: 'Findings of the latest report that need attention; absent for what could not be judged.',
    labelNames: ['indicator', 'severity'],
    samples: findingCounts,
  },
  healthreport_indicators: {
    help: 'Indicators of the latest report by the status that it shows.',
    labelNames: ['status'],
    samples: statusCounts,
  },
  healthreport_worst_reading: {
    help: 'Reading of the worst subject in the latest report, in the unit of the label; of a level, that at the end.',
    labelNames: ['indicator', 'unit'],
    samples: ({ report: { indicators } }) =>
      indicators.flatMap(({ id, unit, value }) =>
        value === null ? [] : [{ labels: { indicator: id, unit }, value }],
      ),
  },
};

/**
 * Returns a report as gauges. The text is valid OpenMetrics 1.0 and also the older text format of Prometheus, which the
 * textfile collector of node_exporter reads: it has neither timestamps nor types that only one of them knows.
 */
export function renderOpenMetrics(report: Report): string {
  const summary = summarize(report);
  // The language makes no difference to names and numbers.
  const context = createContext(report, 'en');
  return [
    ...Object.entries(SUMMARY_GAUGES).map(([name, gauge]) =>
      family(name, gauge, report.cluster, gauge.samples(summary)),
    ),
    ...Object.entries(REPORT_GAUGES).map(([name, gauge]) =>
      family(name, gauge, report.cluster, gauge.samples(context)),
    ),
    '# EOF\n',
  ].join('');
}

/** A gauge has each label set once, since Prometheus refuses a text that repeats one. */
function family(name: string, { help }: Gauge, cluster: string, samples: readonly Sample[]): string {
  const values = new Map(samples.map(({ labels, value }) => [labelText({ cluster, ...labels }), value]));
  if (values.size === 0) return '';
  const lines = [...values].map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function statusCounts(context: Context): Sample[] {
  const statuses = context.report.indicators.map((indicator) => statusOf(context, indicator));
  return SHOWN_STATUSES.map((status) => ({
    labels: { status },
    value: statuses.filter((shown) => shown === status).length,
  }));
}

/**
 * Returns how many findings need attention, by what was judged and severity. An indicator that could not be judged has
 * no sample, since 0 would mean that nothing was found.
 */
function findingCounts({ report }: Context): Sample[] {
  const explained = explainedFindings(report.incidents);
  const counts = new Map<string, number>();
  const key = (indicator: string, severity: string) => JSON.stringify([indicator, severity]);
  for (const [index, { indicator, severity }] of allFindings(report).entries())
    if (!explained.has(index))
      counts.set(key(indicator, severity), (counts.get(key(indicator, severity)) ?? 0) + 1);
  const judged = report.indicators.filter((one) => one.judged && isJudged(one.status)).map(({ id }) => id);
  return [...judged, ...(report.coverage.known ? COVERAGE_CHECK_IDS : [])].flatMap((indicator) =>
    SEVERITIES.map((severity) => ({
      labels: { indicator, severity },
      value: counts.get(key(indicator, severity)) ?? 0,
    })),
  );
}
