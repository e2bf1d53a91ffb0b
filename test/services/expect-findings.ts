/** Compares the findings of a report with the truth of a simulation. */
import { expect } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { subjectOf, type Truth } from '../simulation/truth.ts';

const unixSeconds = (iso: string) => Date.parse(iso) / 1000;

/**
 * Expects one finding with the right subject, value and times for each truth, and no other finding.
 * @param nameOf returns the subject that the report uses for a node
 */
export function expectFindings(
  report: Report,
  truths: readonly Truth[],
  nameOf = (node: string) => node,
): void {
  const named = (truth: Truth) => (truth.component === 'agent' ? nameOf(truth.node ?? '') : subjectOf(truth));
  const key = (indicator: string, subject: string) => `${indicator} ${subject}`;
  expect(report.findings.map(({ indicator, subject }) => key(indicator, subject)).sort()).toEqual(
    truths.map((truth) => key(truth.check, named(truth))).sort(),
  );
  // A question that no judgement depends on leaves the report complete.
  expect(report.alertsReason).toBeUndefined();
  const twoSteps = 2 * report.period.stepSeconds;
  for (const truth of truths) {
    const finding = report.findings.find(
      ({ indicator, subject }) => indicator === truth.check && subject === named(truth),
    );
    const message = JSON.stringify({ truth, finding });
    expect(Math.abs((finding?.value ?? Number.NaN) - truth.value), message).toBeLessThanOrEqual(
      0.02 * truth.value,
    );
    expect(Math.abs(unixSeconds(finding?.start ?? '') - truth.start), message).toBeLessThanOrEqual(twoSteps);
    expect(Math.abs(unixSeconds(finding?.end ?? '') - truth.end), message).toBeLessThanOrEqual(twoSteps);
    expect(finding?.ongoing, message).toBe(truth.end >= unixSeconds(report.period.end));
  }
}
