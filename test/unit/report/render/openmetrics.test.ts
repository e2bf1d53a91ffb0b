import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { summarize } from '../../../../src/report/model/report-summary.ts';
import { visible } from '../../../../src/report/render/kit/phrase.ts';
import { renderOpenMetrics } from '../../../../src/report/render/openmetrics/render.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import { openMetrics } from '../../../../src/service/metrics.ts';
import { HOSTILE_NAME, hostileReport } from '../../../fixtures/hostile-names.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { nothingSeenReport } from '../../../fixtures/nothing-seen.ts';
import { incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { finishedReport } from '../../service/archive/surroundings.ts';
import { NOTHING, withIndicator } from './changed-reports.ts';

/** Returns the values by `name{labels}`. */
function valuesOf(report: Report): Map<string, number> {
  const lines = renderOpenMetrics(report).split('\n');
  const samples = lines.flatMap((line) => /^(healthreport_\w+\{.*\}) (\S+)$/.exec(line) ?? []);
  return new Map(
    Array.from({ length: samples.length / 3 }, (_, index) => [
      samples[index * 3 + 1] ?? '',
      Number(samples[index * 3 + 2]),
    ]),
  );
}

describe('the gauges of a report', () => {
  const report = sampleReport({ cluster: 'prod' });
  const values = valuesOf(report);

  it.each([
    ['healthreport_verdict{cluster="prod",verdict="critical"}', 1],
    ['healthreport_verdict{cluster="prod",verdict="healthy"}', 0],
    ['healthreport_score{cluster="prod"}', report.score],
    ['healthreport_complete{cluster="prod"}', 0],
    ['healthreport_period_end_timestamp_seconds{cluster="prod"}', Date.parse('2026-11-22T08:00:00Z') / 1000],
    ['healthreport_findings{cluster="prod",indicator="network-policy-sync-duration",severity="critical"}', 1],
    ['healthreport_findings{cluster="prod",indicator="network-policy-sync-duration",severity="warning"}', 0],
    ['healthreport_findings{cluster="prod",indicator="process-restarts",severity="critical"}', 1],
    ['healthreport_indicators{cluster="prod",status="not-exposed"}', 3],
  ])('%s is %d', (name, value) => {
    expect(values.get(name)).toBe(value);
  });

  it('count no finding that another one explains', () => {
    const findings = [restart('node-01', 'Sun 03:12'), restart('node-02', 'Sun 03:13')];
    const links = [{ cause: 0, effect: 1, rule: 'any', explained: true }];
    const incidents = [incident(findings, [0, 1], { links })];
    const counted = valuesOf({ ...report, findings, incidents });
    expect(
      counted.get('healthreport_findings{cluster="prod",indicator="process-restarts",severity="warning"}'),
    ).toBe(1);
  });

  it('are absent for what could not be judged, and for the score of a report that saw nothing', () => {
    const failed = valuesOf(withIndicator(report, 'cpu-usage', { ...NOTHING, status: 'failed' }));
    expect([...failed.keys()].filter((name) => name.includes('cpu-usage'))).toEqual([]);
    expect(failed.get('healthreport_indicators{cluster="prod",status="failed"}')).toBe(2);
    const nothing = valuesOf(nothingSeenReport());
    const names = new Set([...nothing.keys()].map((name) => name.replace(/\{.*/, '')));
    expect(names).not.toContain('healthreport_score');
    expect(names).toContain('healthreport_complete');
  });

  it('are those that a server exposes about the latest report, word by word', async () => {
    const store = openMemoryStore();
    const { period: _, ...result } = summarize(report);
    await listReport(store, finishedReport('20261122t080000z', { result }));
    const metrics = openMetrics({
      config: parseConfig('clusters: [{ name: prod-berlin }]', 'test.yaml'),
      store,
      running: () => 0,
      now: () => new Date('2026-11-22T09:00:00Z'),
      onError: (error) => {
        throw error;
      },
    });
    const { body } = await metrics.text();
    const linesOf = (text: string) =>
      text.split('\n').filter((line) => / healthreport_|^healthreport_/.test(line));
    const ofServer = linesOf(body).filter((line) => !/_(jobs|stage|build)/.test(line));
    const ofReport = new Set(linesOf(renderOpenMetrics({ ...report, cluster: 'prod-berlin' })));
    expect(ofServer.length).toBeGreaterThan(20);
    expect(ofServer.filter((line) => !ofReport.has(line))).toEqual([]);
  });

  it('have one line each, whatever names come from outside', () => {
    fc.assert(
      fc.property(HOSTILE_NAME, (name) => {
        const text = renderOpenMetrics(hostileReport(name));
        expect(text.endsWith('\n# EOF\n')).toBe(true);
        const sample =
          /^healthreport_\w+\{(?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)+\} -?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;
        const wrong = text
          .split('\n')
          .filter((line) => !/^(# (HELP|TYPE) healthreport_|# EOF$|$)/.test(line) && !sample.test(line));
        expect(wrong).toEqual([]);
        const [, cluster = ''] = /^healthreport_score\{cluster="((?:[^"\\]|\\.)*)"\}/m.exec(text) ?? [];
        expect(cluster.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))).toBe(
          visible(name),
        );
      }),
      { numRuns: 100 },
    );
  });
});
