/**
 * Whole months through a real database and the whole program: what is found of a leak and a step, and how often
 * something is found where nothing is.
 *
 *   node bench/months.ts [MONTHS] [NODES]     50 healthy months of 4 nodes when absent: some 20 minutes
 */

import { openPrometheus } from '../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { INDICATORS } from '../src/report/catalog/indicators/index.ts';
import { makeReport } from '../src/report/make-report.ts';
import type { Report } from '../src/report/model/report.ts';
import { victoriaMetricsOver } from '../test/services/victoria-metrics.ts';
import type { Simulation } from '../test/simulation/cluster.ts';
import { MONTH, simulatedMonth } from '../test/simulation/months.ts';

const [months = 50, nodes = 4] = process.argv.slice(2).map(Number);

const say = (text: string) => process.stdout.write(`${text}\n`);

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
const told = await reportOnMonth(simulation);
say('A month with a weekly rhythm, noise, one leak and one step:');
for (const change of told.changes) {
  const place = `${change.indicator} ${change.subject}`;
  if (change.kind === 'trend') {
    const { value = 0, low = 0, high = 0 } = change.perDay ?? {};
    say(`  trend  ${place}: ${value.toFixed(0)} a day (${low.toFixed(0)} to ${high.toFixed(0)})`);
  } else say(`  step   ${place}: ${change.before.toFixed(0)} to ${change.after.toFixed(0)} at ${change.at}`);
}
say(
  `  truth  leak ${truth.leak.perDay} a day on ${truth.leak.node}; step by ${truth.step.ratio} at ${truth.step.at} on ${truth.step.node}`,
);
say(
  `  findings: ${told.findings.map(({ indicator, subject }) => `${indicator} ${subject}`).join(', ') || 'none'}`,
);

say(`${months} healthy months of ${nodes} nodes, ${INDICATORS.length} indicators:`);
let wrong = 0;
for (let seed = 1; seed <= months; seed += 1) {
  const report = await reportOnMonth(simulatedMonth({ nodes, seed, faults: [] }).simulation);
  const found = [...report.findings, ...report.changes].map(
    ({ indicator, subject }) => `${indicator} ${subject}`,
  );
  wrong += found.length;
  say(`  month ${seed}: ${found.length === 0 ? 'nothing' : found.join(', ')}`);
}
say(`found in healthy months altogether: ${wrong}`);
