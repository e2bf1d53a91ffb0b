import { describe, expect, it } from 'vitest';
import type { Report } from '../../../../src/report/model/report.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { incidentViews } from '../../../../src/report/render/sections/incidents/view.ts';
import { indicatorView } from '../../../../src/report/render/sections/indicators/indicator.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const LINKS = [
  { title: 'Prometheus', url: 'https://p.example/?q={query}&s={start}&e={end}' },
  { title: 'Dashboard', url: 'https://g.example/?node={node}&from={startMilliseconds}' },
];

function withLinks(): Report {
  return { ...sampleReport(), links: LINKS, runbook: 'https://wiki.example/#{indicator}' };
}

describe('links of a report', () => {
  const report = withLinks();
  const context = createContext(report, 'en');
  const parametersOf = (url: string | undefined) => Object.fromEntries(new URL(url ?? '').searchParams);

  it('of an incident are about its first indicator, its node, and its time with half an hour around it', () => {
    const index = report.incidents.findIndex(({ findings: [first] }) => {
      const finding = report.findings[first ?? 0];
      return finding?.component === 'agent' && report.indicators.some(({ id }) => id === finding.indicator);
    });
    const incident = report.incidents[index];
    const finding = report.findings[incident?.findings[0] ?? 0];
    if (incident === undefined || finding === undefined) throw new Error('the sample has no such incident');
    const [runbook, prometheus, dashboard] = incidentViews(context)[index]?.links ?? [];
    expect(runbook).toEqual({ title: 'Runbook', url: `https://wiki.example/#${finding.indicator}` });
    const minutes = (Date.parse(incident.end) - Date.parse(incident.start)) / 60_000;
    const margin = Math.max(30, minutes / 4) * 60_000;
    expect(parametersOf(prometheus?.url)).toEqual({
      q: report.indicators.find(({ id }) => id === finding.indicator)?.query,
      s: new Date(Date.parse(incident.start) - margin).toISOString(),
      e: new Date(Date.parse(incident.end) + margin).toISOString(),
    });
    expect(parametersOf(dashboard?.url)['node']).toBe(finding.subject);
  });

  it('of an indicator are about the period, and only those that lead to another page for each indicator', () => {
    const [indicator] = report.indicators;
    if (indicator === undefined) throw new Error('the sample has no indicators');
    const changed = { ...indicator, runbook: 'https://wiki.example/special' };
    const changedReport = { ...report, indicators: [changed, ...report.indicators.slice(1)] };
    const { links } = indicatorView(createContext(changedReport, 'zh-CN'), changed, 'full');
    expect(links.map(({ title }) => title)).toEqual(['处理手册', 'Prometheus']);
    expect(links[0]?.url).toBe('https://wiki.example/special');
    expect(parametersOf(links[1]?.url)).toEqual({
      q: indicator.query,
      s: new Date(report.period.start).toISOString(),
      e: new Date(report.period.end).toISOString(),
    });
  });
});
