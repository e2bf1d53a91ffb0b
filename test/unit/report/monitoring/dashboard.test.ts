import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/config/settings.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import type { Language, Thresholds, Unit } from '../../../../src/report/model/indicator.ts';
import { makeDashboard } from '../../../../src/report/monitoring/dashboard/dashboard.ts';
import { openDashboardQueries } from '../../../../src/report/monitoring/dashboard/queries.ts';
import { thresholdSteps } from '../../../../src/report/monitoring/dashboard/thresholds.ts';
import { assumedTargets } from '../../../../src/report/monitoring/targets.ts';

type Panel = {
  id: number;
  type: string;
  title: string;
  description: string;
  panels?: Panel[];
  targets?: { expr: string; legendFormat: string }[];
  fieldConfig: { defaults: { unit: string } };
};

type Dashboard = { title: string; panels: Panel[]; templating: { list: { name: string; query: string }[] } };

function dashboardIn(language: Language, prometheus = {}): Dashboard {
  const settings = resolveSettings({ prometheus }).report;
  return makeDashboard({
    targets: assumedTargets(settings),
    indicators: settings.indicators,
    language,
  }) as Dashboard;
}

const english = dashboardIn('en');
const all = (panels: readonly Panel[]): Panel[] =>
  panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const charts = (dashboard: Dashboard) => all(dashboard.panels).filter(({ type }) => type === 'timeseries');

describe('the dashboard', () => {
  it('begins with the twelve indicators of the article and has each other one in the row of its section', () => {
    const [first, ...others] = english.panels;
    expect(first).toMatchObject({ type: 'row', title: 'Key indicators' });
    const open = others.filter(({ type }) => type === 'timeseries').map(({ title }) => title);
    expect(open).toHaveLength(12);
    expect(open).toEqual(
      expect.arrayContaining(['NetworkPolicy sync duration', 'Virtual memory', 'Local Pods']),
    );
    expect(
      charts(english)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(INDICATORS.map(({ title }) => title.en).sort());
  });

  it('has a number for each panel, a description, a unit, and a query of Grafana', () => {
    const ids = all(english.panels).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { title, description, targets, fieldConfig } of charts(english)) {
      expect(description.length, title).toBeGreaterThan(100);
      expect(fieldConfig.defaults.unit, title).not.toBe('');
      for (const { expr } of targets ?? [])
        expect(expr.replaceAll(/\$(cluster|node|__rate_interval|__interval|1)\b/g, ''), title).not.toContain(
          '$',
        );
    }
  });

  it('has variables for the data source, the cluster and the nodes', () => {
    expect(english.templating.list.map(({ name, query }) => [name, query])).toEqual([
      ['datasource', 'prometheus'],
      ['cluster', 'label_values(antrea_agent_local_pod_count{job="antrea-agents"}, cluster)'],
      [
        'node',
        'label_values(antrea_agent_local_pod_count{job="antrea-agents",cluster="$cluster"}, instance)',
      ],
    ]);
  });

  it('uses the label that separates the clusters of the configuration, with its value at first', () => {
    const { templating, panels } = dashboardIn('en', { matchers: { region: 'eu' }, nodeLabel: 'node' });
    expect(templating.list[1]).toMatchObject({
      query: 'label_values(antrea_agent_local_pod_count{job="antrea-agents"}, region)',
      current: { value: 'eu' },
    });
    expect(panels[12]?.targets?.[0]?.expr).toBe(
      'max by (node) (max_over_time(antrea_agent_local_pod_count{job="antrea-agents",region="$cluster",node=~"$node"}[$__interval]))',
    );
  });

  it('is Chinese on demand', () => {
    const chinese = dashboardIn('zh-CN');
    expect(chinese.title).toBe('Antrea 健康状况');
    expect(charts(chinese).map(({ title }) => title)).toContain('本地 Pod 数');
  });

  it('compares the nodes of a cluster with all others, whatever nodes are chosen', () => {
    const { ofIndicator } = openDashboardQueries(assumedTargets(resolveSettings({}).report));
    const query = (id: string) => {
      const indicator = INDICATORS.find((one) => one.id === id);
      return indicator === undefined ? '' : ofIndicator(indicator);
    };
    for (const id of ['service-count-difference', 'missing-agents', 'unwatched-agents'])
      expect(query(id), id).not.toContain('$node');
    for (const id of ['cpu-usage', 'conntrack-poll-duration', 'ovs-flow-operation-errors'])
      expect(query(id), id).toContain('$node');
  });
});

describe('drawn thresholds', () => {
  const steps = (thresholds: Thresholds, unit: Unit = 'seconds') =>
    thresholdSteps(thresholds, unit).map(({ value, color }) => `${value} ${color}`);

  it('are colors from a value on', () => {
    const above = (value: number) => ({ above: value, forSeconds: 0 });
    expect(steps({ warning: above(1), critical: above(5) })).toEqual(['null green', '1 orange', '5 red']);
    expect(steps({ warning: above(3) }, 'items')).toEqual(['null green', '4 orange']);
    expect(steps({ warning: above(0) }, 'items')).toEqual(['null green', '1 orange']);
    expect(steps({ critical: { atLeast: 240, forSeconds: 0 } }, 'pods')).toEqual(['null green', '240 red']);
  });

  it('below a value color what is lowest', () => {
    const thresholds = { warning: { above: 1, forSeconds: 0 }, critical: { below: 1, forSeconds: 0 } };
    expect(steps(thresholds, 'controllers')).toEqual(['null red', '1 green', '2 orange']);
  });

  it('are none where the bound depends on the usual level or on the number of episodes', () => {
    expect(steps({ warning: { above: 3, rise: 1, forSeconds: 0 } })).toEqual(['null green']);
    expect(steps({ warning: { change: 0.5, forSeconds: 0 } })).toEqual(['null green']);
    expect(steps({ critical: { above: 0, times: 3, forSeconds: 0 } })).toEqual(['null green']);
  });
});
