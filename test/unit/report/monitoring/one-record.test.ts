/** A threshold is written once: the report, the rules, the dashboard and the documentation read the same record. */
import { expect, it } from 'vitest';
import { indicatorReference } from '../../../../scripts/reference/indicators.ts';
import { resolveSettings } from '../../../../src/config/settings.ts';
import { assessIndicator } from '../../../../src/report/assess/indicator.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import { makeDashboard } from '../../../../src/report/monitoring/dashboard/dashboard.ts';
import { makeRules } from '../../../../src/report/monitoring/rules/rules.ts';
import { assumedTargets } from '../../../../src/report/monitoring/targets.ts';
import { answered, gatheredOf, series } from '../assess/notation.ts';

const settings = resolveSettings({}).report;
const targets = assumedTargets(settings);

/** The severities of the findings about a node that has 205 Pods for an hour. */
function judge(indicator: Indicator | undefined): string[] {
  if (indicator === undefined) return [];
  const context = { starts: new Map(), presentMetrics: null, scraped: [] };
  const { findings } = assessIndicator(
    indicator,
    answered(indicator, [series('205x12')]),
    gatheredOf(12),
    context,
  );
  return findings.map(({ severity }) => severity);
}

/** Everything that is made from the records. */
function madeFrom(indicators: readonly Indicator[]) {
  const { groups } = makeRules({ targets, settings: { ...settings, indicators }, language: 'en' });
  const rule = groups
    .flatMap(({ rules }) => rules)
    .find((one) => 'alert' in one && one.alert === 'AntreaLocalPodCount');
  const dashboard = JSON.stringify(makeDashboard({ targets, indicators, language: 'en' }));
  return {
    findings: judge(indicators.find(({ id }) => id === 'local-pod-count')),
    expr: rule?.expr.slice(-5),
    isFor: rule && 'alert' in rule ? rule.for : undefined,
    isDrawn: dashboard.includes('{"value":200,"color":"orange"}'),
    isDescribed: dashboard.includes('Warning above 199 for 20 min; critical at 240 or more for 5 min.'),
    isDocumented: indicatorReference('en', indicators).includes('`{ above: 199, for: 20m }`'),
  };
}

it('a changed threshold changes the report, the rule, the dashboard and the documentation', () => {
  const changed = INDICATORS.map((indicator) =>
    indicator.id === 'local-pod-count'
      ? { ...indicator, thresholds: { ...indicator.thresholds, warning: { above: 199, forSeconds: 1200 } } }
      : indicator,
  );
  expect(madeFrom(INDICATORS)).toEqual({
    findings: [],
    expr: '> 215',
    isFor: '10m',
    isDrawn: false,
    isDescribed: false,
    isDocumented: false,
  });
  expect(madeFrom(changed)).toEqual({
    findings: ['warning'],
    expr: '> 199',
    isFor: '20m',
    isDrawn: true,
    isDescribed: true,
    isDocumented: true,
  });
});
