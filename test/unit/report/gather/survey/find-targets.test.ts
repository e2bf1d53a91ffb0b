import { expect, it } from 'vitest';
import type { Source } from '../../../../../src/report/gather/source.ts';
import { findTargets } from '../../../../../src/report/gather/survey/find-targets.ts';

/** A server that names this many agents, whatever is asked. */
function sourceWith(agents: number): Source {
  const samples = Array.from({ length: agents }, (_, number) => ({
    labels: { job: 'antrea-agents', instance: `node-${number}:10350`, antrea_health_component: 'agent' },
    value: 1,
  }));
  return {
    kind: 'prometheus',
    range: async () => ({ series: [], warnings: [] }),
    instant: async () => ({ samples, warnings: [] }),
  };
}

it('refuses more targets than a cluster can have, in one line', async () => {
  const options = {
    period: { start: 0, end: 86_400 },
    targetSettings: { jobs: {}, matchers: { agent: {}, controller: {}, others: {} }, nodeLabels: {} },
    cluster: '',
  };
  await expect(findTargets(sourceWith(30_001), options)).rejects.toThrow(
    /^Prometheus has 30001 targets of Antrea in this period, and a report can have 30000; choose a shorter period/,
  );
});
