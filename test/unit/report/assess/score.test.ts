import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIncidents } from '../../../../src/report/assess/incidents/incidents.ts';
import { scoreOf, verdictOf } from '../../../../src/report/assess/score.ts';
import { CAUSE_RULES } from '../../../../src/report/catalog/causes/index.ts';
import type { Severity } from '../../../../src/report/model/indicator.ts';
import type { Finding, Status } from '../../../../src/report/model/report.ts';
import { explainedFindings } from '../../../../src/report/model/report-analysis.ts';
import { STATUSES } from '../../../../src/report/model/report-values.ts';

/** The score of indicators with these statuses and their findings, and of coverage checks with these severities. */
function scoreWith(statuses: readonly Status[], coverage: readonly Severity[] = [], complete = true): number {
  const indicators = statuses.map((status, index) => ({ status, id: `indicator-${index}` }));
  const findings = indicators.flatMap(({ status, id }) =>
    status === 'warning' || status === 'critical' ? [{ indicator: id, severity: status }] : [],
  );
  const ofCoverage = coverage.map((severity, index) => ({ indicator: `check-${index}`, severity }));
  return scoreOf(indicators, [...findings, ...ofCoverage], complete);
}

const status = fc.constantFrom(...STATUSES);
const severities = fc.array(fc.constantFrom<Severity>('warning', 'critical'), { maxLength: 2 });

describe('the score', () => {
  it('is 100 only if everything is known and healthy', () => {
    expect(scoreWith(['healthy', 'not-enabled', 'not-exposed'])).toBe(100);
    expect(scoreWith(['healthy'], [], false)).toBe(99);
    expect(scoreWith(['healthy', 'no-data'])).toBe(90);
    expect(scoreWith(['healthy', 'failed'])).toBe(90);
    expect(scoreWith(['healthy'], ['warning'])).toBe(90);
  });

  it.each<[Severity[], number]>([
    [['warning', 'warning'], 81],
    [['critical', 'critical', 'warning'], 50],
    [['critical', 'critical', 'critical', 'critical', 'critical', 'warning', 'warning'], 19],
  ])('of %j is %i, as in docs/scoring.md', (found, score) => {
    expect(scoreWith(['healthy'], found)).toBe(score);
  });

  it('counts an indicator once, by its worst finding', () => {
    const warning = { indicator: 'a', severity: 'warning' as const };
    const critical = { indicator: 'a', severity: 'critical' as const };
    const indicators = [{ status: 'critical' as const }];
    for (const findings of [[critical], [warning, critical, warning], [critical, critical, warning]])
      expect(scoreOf(indicators, findings, true)).toBe(75);
  });

  it('never rises if an indicator becomes worse or unknown, or there are more findings', () => {
    const WORSE: Partial<Record<Status, readonly Status[]>> = {
      healthy: ['warning', 'critical', 'no-data', 'failed'],
      'not-enabled': ['warning', 'critical', 'no-data', 'failed'],
      'not-exposed': ['warning', 'critical', 'no-data', 'failed'],
      warning: ['critical', 'no-data', 'failed'],
    };
    fc.assert(
      fc.property(
        fc.array(status, { minLength: 1 }),
        severities,
        fc.boolean(),
        fc.nat(),
        (all, found, complete, at) => {
          const score = scoreWith(all, found, complete);
          expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
          const index = at % all.length;
          for (const worse of WORSE[all[index] ?? 'failed'] ?? [])
            expect(scoreWith(all.with(index, worse), found, complete)).toBeLessThanOrEqual(score);
          expect(scoreWith(all, [...found, 'warning'], complete)).toBeLessThanOrEqual(score);
          expect(scoreWith(all, found, false)).toBeLessThanOrEqual(Math.min(score, 99));
        },
      ),
    );
  });
});

describe('the verdict', () => {
  it.each<[Severity[], boolean, string]>([
    [['warning', 'critical'], true, 'critical'],
    [['critical'], false, 'critical'],
    [['warning'], false, 'warning'],
    [[], false, 'unknown'],
    [[], true, 'healthy'],
  ])('of %j, complete %s, is %s', (found, complete, verdict) => {
    expect(
      verdictOf(
        found.map((severity) => ({ severity })),
        complete,
      ),
    ).toBe(verdict);
  });
});

describe('the effects of a restart', () => {
  const finding = (indicator: string, severity: Severity, from: string, to: string): Finding => {
    const [start, end] = [`2026-11-20T${from}:00Z`, `2026-11-20T${to}:00Z`];
    const durationSeconds = (Date.parse(end) - Date.parse(start)) / 1000;
    return {
      ...{ indicator, severity, start, end, durationSeconds, episodes: [{ start, end, value: 0 }] },
      ...{ subject: 'node-1', component: 'agent', value: 0, unit: 'flows', threshold: 1, condition: 'below' },
      ...{ usual: null, labels: {}, ongoing: false, compared: null, weekBefore: null },
    };
  };
  const restart = finding('process-restarts', 'warning', '03:12', '03:12');

  it.each([
    ['an agent restart whose side effects are over in time', '03:20', 90, 'warning'],
    ['an agent restart after which the flows do not come back', '05:00', 67, 'critical'],
  ])('of %s', (_what, until, score, verdict) => {
    const findings = [restart, finding('ovs-flow-count', 'critical', '03:10', until)];
    const incidents = findIncidents(findings, {
      rules: CAUSE_RULES,
      stepSeconds: 300,
      lookBackSeconds: 360,
      periodStart: Date.UTC(2026, 10, 20) / 1000,
    });
    const explained = explainedFindings(incidents);
    const alarms = findings.filter((_, index) => !explained.has(index));
    expect(scoreOf([{ status: 'critical' }], alarms, true)).toBe(score);
    expect(verdictOf(alarms, true)).toBe(verdict);
    expect(verdictOf(incidents, true)).toBe(verdict);
  });
});
