import { describe, expect, it } from 'vitest';
import { antreaVersionOf } from '../../../../src/report/assess/version/antrea-version.ts';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import { VERSION_EVIDENCE } from '../../../../src/report/catalog/version-evidence.ts';

const BOTH = [{ component: 'agent' as const }, { component: 'controller' as const }];

/** The decisive metrics of each release, from the release tags of antrea-io/antrea. */
const EXPOSED: Readonly<Record<string, readonly string[]>> = {
  '1.0.0': ['antrea_controller_anp_status_updates'],
  '1.2.0': ['antrea_agent_denied_connection_count', 'antrea_controller_anp_status_updates'],
  '1.12.0': [
    'antrea_agent_denied_connection_count',
    'antrea_agent_flow_collector_reconnection_count',
    'antrea_controller_anp_status_updates',
  ],
  '1.13.0': [
    'antrea_agent_denied_connection_count',
    'antrea_agent_flow_collector_reconnection_count',
    'antrea_controller_annp_status_updates',
    'antrea_agent_ovs_meter_packet_dropped_count',
  ],
  '2.5.0': [
    'antrea_agent_denied_connection_count',
    'antrea_agent_flow_collector_reconnection_count',
    'antrea_controller_annp_status_updates',
    'antrea_agent_ovs_meter_packet_dropped_count',
    'antrea_agent_conntrack_poll_cycle_duration_seconds',
  ],
  '2.7.0': [
    'antrea_agent_denied_connection_count',
    'antrea_agent_flow_collector_reconnection_count',
    'antrea_controller_annp_status_updates',
    'antrea_agent_ovs_meter_packet_dropped_count',
    'antrea_agent_conntrack_poll_cycle_duration_seconds',
    'antrea_agent_fqdn_cache_size',
  ],
};

const versionOf = (names: readonly string[], scraped: typeof BOTH | [] = BOTH) =>
  antreaVersionOf(
    names.map((name) => ({ name, series: 1 })),
    scraped,
    VERSION_EVIDENCE,
  );

describe('the version of Antrea', () => {
  it.each([
    ['1.0.0', '0.13.0', '1.1.0'],
    ['1.2.0', '1.1.0', '1.4.0'],
    ['1.12.0', '1.4.0', '1.13.0'],
    ['1.13.0', '1.13.0', '2.5.0'],
    ['2.5.0', '2.5.0', '2.7.0'],
    ['2.7.0', '2.5.3', null],
  ])('%s exposes metrics of %s or later and before %s', (release, from, before) => {
    expect(versionOf(EXPOSED[release] ?? [])).toMatchObject({ from, before });
  });

  it('distinguishes a former name from the current one', () => {
    const metrics = [
      {
        name: 'antrea_controller_annp_status_updates',
        exposedAs: 'antrea_controller_anp_status_updates',
        series: 1,
      },
    ];
    expect(antreaVersionOf(metrics, BOTH, VERSION_EVIDENCE).before).toBe('1.1.0');
  });

  it('is unknown without metrics, without the component, or with contradictory metrics', () => {
    expect(versionOf([])).toEqual({ from: null, before: null, evidence: [] });
    expect(antreaVersionOf(null, BOTH, VERSION_EVIDENCE).from).toBeNull();
    // Without a controller the absence of its metrics means nothing.
    const onlyAgents = antreaVersionOf(
      [{ name: 'antrea_agent_fqdn_cache_size' }],
      [{ component: 'agent' }],
      VERSION_EVIDENCE,
    );
    // The scrape configuration drops the others.
    expect(onlyAgents).toEqual({ from: '2.5.3', before: null, evidence: ['antrea_agent_fqdn_cache_size'] });
  });

  it('uses only metrics of the catalog', () => {
    const names = METRICS.flatMap(({ name, formerNames = [] }) => [
      name,
      ...formerNames.map((one) => one.name),
    ]);
    for (const { metric } of VERSION_EVIDENCE) expect(names).toContain(metric);
  });
});
