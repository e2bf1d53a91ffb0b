import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { renderHtml } from '../../../../src/report/render/html.ts';
import { plain } from '../../../../src/report/render/kit/phrase.ts';
import { incidentAnchors } from '../../../../src/report/render/sections/incidents/anchors.ts';
import { affectedNodes, nodesView } from '../../../../src/report/render/sections/nodes/view.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { largeReport, wholeReport } from '../../../fixtures/large-report.ts';
import { finding, incident, restart } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf } from './elements.ts';

const viewOf = (report: Report) => affectedNodes(createContext(report, 'en'));

function rowsOf(report: Report) {
  const anchors = incidentAnchors(report);
  const placeOf = (anchor: string) => `incident ${anchors.indexOf(anchor) + 1}`;
  return viewOf(report)?.rows.map(({ place, items, more }) =>
    [plain(place), ...items.map(({ title, anchor }) => `${title}, ${placeOf(anchor)}`), more]
      .filter(Boolean)
      .join(' | '),
  );
}

/** A report with these findings, each one an incident. */
function reportOf(findings: Report['findings']): Report {
  return { ...depthReport(), findings, incidents: findings.map((_, index) => incident(findings, [index])) };
}

describe('the strip of affected nodes', () => {
  it('has a row for each node with alarms and for the controller, worst first, with links to their incidents', () => {
    expect(rowsOf(depthReport())?.slice(0, 4)).toEqual([
      'controller | NetworkPolicy sync duration, incident 1',
      'node-03 | Process restarts, incident 2 | OVS flow operation errors, incident 2',
      'node-11 | Local Pods, incident 3 | Process restarts, incident 4',
      'node-02 | CPU usage, incident 5 | Antrea Proxy sync duration, incident 5',
    ]);
  });

  it('says in words what its bars show', () => {
    const [row] = viewOf(depthReport())?.rows ?? [];
    expect(String(row?.bar)).toContain('NetworkPolicy sync duration (Critical): Sun 06:50–09:00');
  });

  it('is left out where one node or one incident says all of it, and where nothing is wrong', () => {
    const twice = restart('node-01', 'Sun 03:12');
    const pods = { indicator: 'local-pod-count', value: 216, threshold: 215 };
    expect(viewOf(reportOf([twice]))).toBeNull();
    expect(
      viewOf(
        reportOf([twice, finding({ ...pods, subject: 'node-01', stretches: [['Sat 19:00', 'Sat 20:00']] })]),
      ),
    ).toBeNull();
    expect(viewOf(sampleReport({ condition: 'healthy' }))).toBeNull();
  });

  it('has one row for what all nodes have in common, and its node for what else is wrong', () => {
    const { findings, incidents, coverage, ...rest } = wholeReport({ condition: 'upgrade', nodes: 1000 });
    const full = finding({
      ...{ indicator: 'local-pod-count', subject: 'worker-0007.eu-1.example.internal' },
      ...{ value: 250, threshold: 240, severity: 'critical', stretches: [['Sat 19:00', 'Sat 20:00']] },
    });
    const all = [...findings, full];
    const report = {
      ...rest,
      coverage,
      findings: all,
      incidents: [...incidents, incident(all, [findings.length])],
    };
    const [first, second, ...others] = rowsOf(report) ?? [];
    expect(first).toMatch(/^all 1,000 nodes \| Process restarts, incident 1/);
    expect(second).toBe('worker-0007 | Local Pods, incident 2');
    expect(others).toEqual([]);
  });

  it('has what was counted for the cluster at the nodes that caused it, for as long as each one did', () => {
    const gap = (subject: string, from: string, to: string) =>
      finding({
        ...{ indicator: 'scrape-coverage', subject, unit: 'seconds', condition: 'at-least' },
        ...{ value: 7200, threshold: 600, stretches: [[from, to]] },
      });
    const missing = finding({
      ...{ indicator: 'missing-agents', subject: 'cluster', component: null, severity: 'critical' },
      ...{ value: 2, threshold: 1, condition: 'at-least', stretches: [['Sun 04:00', 'Sun 08:00']] },
    });
    const findings = [
      missing,
      gap('node-1', 'Sun 04:00', 'Sun 06:00'),
      gap('node-2', 'Sun 05:00', 'Sun 08:00'),
    ];
    const links = [1, 2].map((cause) => ({ cause, effect: 0, rule: 'gap-missing-agents', explained: false }));
    const incidents = [incident(findings, [1, 0, 2], { links })];
    const view = viewOf({ ...depthReport(), findings, incidents });
    expect(view?.rows.map(({ place, items }) => [plain(place), ...items.map(({ title }) => title)])).toEqual([
      ['node-1', 'Missing agents', 'Scrape coverage'],
      ['node-2', 'Missing agents', 'Scrape coverage'],
    ]);
    expect(view?.rows.map(({ bar }) => /<desc>(.*?)<\/desc>/.exec(String(bar))?.[1])).toEqual([
      'Missing agents (Critical): Sun 04:00–06:00; Scrape coverage (Warning): Sun 04:00–06:00',
      'Missing agents (Critical): Sun 05:00–08:00; Scrape coverage (Warning): Sun 05:00–08:00',
    ]);
  });

  it('has at most twenty rows, and counts the other nodes', () => {
    const view = viewOf(largeReport({ condition: 'bad-day', nodes: 5000 }));
    expect(view?.rows).toHaveLength(20);
    expect(view?.more).toMatch(/^and [\d,]+ more nodes$/);
  });

  it('is a separate section below a calendar', async () => {
    const { calendar } = sampleReport({ period: 'week' });
    const week = { ...depthReport(), calendar };
    expect(nodesView(createContext(depthReport(), 'en'))).toBeNull();
    expect(nodesView(createContext(week, 'en'))?.rows).toHaveLength(11);
    for (const language of LANGUAGES)
      for (const report of [depthReport(), week]) {
        const ids = elementsOf(await renderHtml(report, { language })).map((one) => attribute(one, 'id'));
        expect(ids.filter((id) => id === 'nodes')).toHaveLength(1);
      }
  });
});
