/**
 * Runs the program on whole months in a real database: what it finds of a leak and a step, and how often it finds
 * something in healthy months.
 *
 *   node bench/months.ts [MONTHS] [NODES]                50 healthy months with 4 nodes by default: about 20 minutes
 *   node bench/months.ts [MONTHS] [NODES] exporters      the same with all other exporters
 */

import { openPrometheus } from '../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { INDICATORS } from '../src/report/catalog/indicators/index.ts';
import { makeReport } from '../src/report/make-report.ts';
import type { Report } from '../src/report/model/report.ts';
import { victoriaMetricsOver } from '../test/services/victoria-metrics.ts';
import { ALL_EXPORTERS, type Simulation } from '../test/simulation/cluster.ts';
import { MONTH, simulatedMonth } from '../test/simulation/months.ts';

const words = process.argv.slice(2);
const [months = 50, nodes = 4] = words.map(Number).filter(Number.isInteger);
const exporters = words.includes('exporters') ? ALL_EXPORTERS : {};

const print = (text: string) => process.stdout.write(`${text}\n`);

async function reportOnMonth(simulation: Simulation): Promise<Report> {
  const server = await victoriaMetricsOver(simulation);
  const client = openPrometheus({ url: server.url });
  try {
    return await makeReport(client, {
      cluster: 'month',
      period: MONTH,
      settings: resolveSettings({}).report,
      generatedAt: new Date(MONTH.end * 1000),
    });
  } finally {
    await client.close();
    await server.stop();
  }
}

const { simulation, truth } = simulatedMonth({ nodes });
const report = await reportOnMonth({ ...simulation, ...exporters });
print('A month with a weekly rhythm, noise, one leak and one step:');
for (const change of report.changes) {
  const place = `${change.indicator} ${change.subject}`;
  if (change.kind === 'trend') {
    const { value = 0, low = 0, high = 0 } = change.perDay ?? {};
    print(`  trend  ${place}: ${value.toFixed(0)} a day (${low.toFixed(0)} to ${high.toFixed(0)})`);
  } else
    print(`  step   ${place}: ${change.before.toFixed(0)} to ${change.after.toFixed(0)} at ${change.at}`);
}
print(
  `  truth  leak ${truth.leak.perDay} a day on ${truth.leak.node}; step by ${truth.step.ratio} at ${truth.step.at} on ${truth.step.node}`,
);
print(
  `  findings: ${report.findings.map(({ indicator, subject }) => `${indicator} ${subject}`).join(', ') || 'none'}`,
);

print(
  `${months} healthy months of ${nodes} nodes, ${INDICATORS.length} indicators${words.includes('exporters') ? ', with all exporters' : ''}:`,
);
let wrong = 0;
for (let seed = 1; seed <= months; seed += 1) {
  const { simulation } = simulatedMonth({ nodes, seed, faults: [] });
  const report = await reportOnMonth({ ...simulation, ...exporters });
  const found = [...report.findings, ...report.changes].map(
    ({ indicator, subject }) => `${indicator} ${subject}`,
  );
  wrong += found.length;
  print(`  month ${seed}: ${found.length === 0 ? 'nothing' : found.join(', ')}`);
}
print(`found in healthy months altogether: ${wrong}`);
