/**
 * Compares node names made by PromQL (label_replace) with names that the client inserts after grouping by `instance`:
 * how long each server takes for a day of 300 nodes, the best of seven runs in turn. For docs/decisions/0012-survey.md.
 *
 *   npm run bench:node-names
 */
import { EVERY_SERVER, withServer } from '../test/services/every-server.ts';
import { simulate } from '../test/simulation/samples.ts';
import { simulatedDay } from '../test/simulation/scenarios.ts';

const NODES = 300;
const RUNS = 7;
const STEP_SECONDS = 300;

const LATENCY = 'antrea_agent_ovs_flow_ops_latency_milliseconds';
const FLOWS = 'antrea_agent_ovs_total_flow_count';
const WORKERS = 'workqueue_longest_running_processor_seconds';

/** The queries of the catalog before there was a survey. */
function named(series: string): string {
  return `label_replace(label_join(${series}, "node_instance", ";", "node", "instance"), "node", "$1", "node_instance", ";?([^;]+)(;.*)?")`;
}

type Shape = (by: string, name: (series: string) => string) => string;

const SHAPES: Readonly<Record<string, Shape>> = {
  gauge: (by, name) => `max by (${by}) (${name(over(FLOWS))})`,
  'mean of three operations': (by, name) => {
    const rates = (suffix: string) =>
      `sum by (${by}, operation) (${name(`rate(${LATENCY}_${suffix}{job="antrea-agents"}[360s])`)})`;
    return `${rates('sum')} / (${rates('count')} > 0)`;
  },
  'gauge of several queues': (by, name) => `max by (${by}, name) (${name(over(WORKERS))})`,
};

function over(metric: string): string {
  return `max_over_time(${metric}{job="antrea-agents"}[300s])`;
}

const { simulation, period } = simulatedDay('healthy', {
  nodes: NODES,
  bystanders: false,
  families: [FLOWS, LATENCY, WORKERS],
});

async function milliseconds(url: string, query: string): Promise<number> {
  const body = new URLSearchParams({
    ...{ query, step: String(STEP_SECONDS), nocache: '1' },
    ...{ start: String(period.start + STEP_SECONDS), end: String(period.end) },
  });
  const begin = performance.now();
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.status} for ${query}`);
  return performance.now() - begin;
}

process.stdout.write(
  '| server | query | PromQL, ms | client, ms | ratio |\n| --- | --- | ---: | ---: | ---: |\n',
);
for (const kind of EVERY_SERVER)
  await withServer(kind, async (server) => {
    await server.load(simulate(simulation));
    for (const [name, shape] of Object.entries(SHAPES)) {
      let [promql, client] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let run = 0; run < RUNS; run += 1) {
        promql = Math.min(promql, await milliseconds(server.url, shape('node', named)));
        client = Math.min(
          client,
          await milliseconds(
            server.url,
            shape('instance', (series) => series),
          ),
        );
      }
      const ratio = (promql / client).toFixed(2);
      process.stdout.write(
        `| ${kind.name} | ${name} | ${promql.toFixed(0)} | ${client.toFixed(0)} | ${ratio} |\n`,
      );
    }
  });
