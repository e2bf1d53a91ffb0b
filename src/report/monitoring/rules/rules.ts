import { coverageThresholds } from '../../assess/coverage/findings.ts';
import { findMissingBuckets } from '../../gather/stored-forms.ts';
import { type Indicator, type Language, SECTIONS, SEVERITIES } from '../../model/indicator.ts';
import type { ReportSettings } from '../../model/report-settings.ts';
import { planRuleWindows, type RuleWindows } from '../durations.ts';
import { durationOf, openQueries, type Queries } from '../queries.ts';
import type { MonitoredTargets } from '../targets.ts';
import { ALERT_SECONDS, type AlertWords, coverageAlert, indicatorAlert } from './alerts.ts';
import { conditionOf, RECORD_SECONDS } from './conditions.ts';
import { gapAlerts, restartAlerts } from './coverage.ts';
import type { AlertingRule, LeftOut, RecordingRule, RuleGroup, Rules } from './model.ts';

export type RulesRequest = {
  targets: MonitoredTargets;
  /** The indicators of a configuration, with its thresholds, and its thresholds of coverage. */
  settings: Pick<ReportSettings, 'indicators' | 'coverage' | 'runbook'>;
  language: Language;
};

type AlertsRequest = RulesRequest & { queries: Queries; windows: RuleWindows };

/** Returns an alert for each indicator and severity, and for gaps and restarts, with the records that they need. */
export function makeRules(request: RulesRequest): Rules {
  const { targets, settings } = request;
  const windows = planRuleWindows(targets.scrapeIntervalSeconds);
  const queries = openQueries(targets, windows.texts);
  const alerts = { ...request, queries, windows };
  const made = settings.indicators.map((indicator) => ({ indicator, ...alertsOf(indicator, alerts) }));
  const records = made.flatMap((one) => one.records);
  const coverage = coverageThresholds(settings.coverage);
  const words = wordsOf(request);
  const ofCoverage = (found: ReturnType<typeof gapAlerts>) =>
    found.map((alert) => coverageAlert(alert, words));
  const groups: (RuleGroup | null)[] = [
    groupOf('records', RECORD_SECONDS, records),
    ...SECTIONS.map((section) =>
      groupOf(
        section,
        ALERT_SECONDS,
        made.flatMap(({ indicator, alerts: ofIndicator }) =>
          indicator.section === section ? ofIndicator : [],
        ),
      ),
    ),
    groupOf('scrapes', ALERT_SECONDS, ofCoverage(gapAlerts(queries, coverage))),
    groupOf('restarts', RECORD_SECONDS, ofCoverage(restartAlerts(queries, coverage))),
  ];
  return {
    groups: groups.filter((group) => group !== null),
    leftOut: made.flatMap(({ leftOut }) => leftOut ?? []),
  };
}

function groupOf(name: string, seconds: number, rules: RuleGroup['rules']): RuleGroup | null {
  return rules.length === 0 ? null : { name: `antrea-health-${name}`, interval: durationOf(seconds), rules };
}

function wordsOf({ language, targets, settings }: RulesRequest): AlertWords {
  const { namespace, cluster } = targets;
  return { language, namespace, cluster, runbook: settings.runbook };
}

type MadeAlerts = {
  records: RecordingRule[];
  alerts: AlertingRule[];
  leftOut?: LeftOut;
};

function alertsOf(indicator: Indicator, request: AlertsRequest): MadeAlerts {
  const { queries, targets, windows } = request;
  const reason = reasonForNone(indicator, targets);
  if (reason !== null) return { records: [], alerts: [], leftOut: { id: indicator.id, reason } };
  const bySeverity = SEVERITIES.flatMap((severity) => {
    const threshold = indicator.thresholds[severity];
    if (threshold === undefined) return [];
    const condition = conditionOf({
      ...{ indicator, severity, threshold, queries, cluster: targets.cluster },
      windows: windows.windows,
    });
    return [{ severity, condition }];
  });
  return {
    records: distinct(bySeverity.flatMap(({ condition }) => condition.records)),
    alerts: bySeverity.map(({ severity, condition }) =>
      indicatorAlert(indicator, severity, condition.expr, wordsOf(request)),
    ),
  };
}

function reasonForNone(
  { thresholds, reading, query }: Indicator,
  { forms }: MonitoredTargets,
): LeftOut['reason'] | null {
  const all = SEVERITIES.flatMap((severity) => thresholds[severity] ?? []);
  if (all.length === 0) return 'no-threshold';
  if (findMissingBuckets(query, forms) !== undefined) return 'no-buckets';
  const isRelative = all.some(({ change, rise }) => change !== undefined || rise !== undefined);
  return reading === 'total' && isRelative ? 'total-without-usual-level' : null;
}

/** Both severities of an indicator may need the same record. */
function distinct(records: readonly RecordingRule[]): RecordingRule[] {
  return [...new Map(records.map((rule) => [rule.record, rule])).values()];
}
