/** Writes the files under docs/ and deploy/ that are generated from code. With --check it only lists those that are out of date. */
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { checkDocument } from '../src/cli/check/result.ts';
import { configSchema } from '../src/config/schema/config.ts';
import { differenceSchema } from '../src/report/compare/difference.ts';
import { reportSchema } from '../src/report/model/report.ts';
import { digestDocument } from '../src/service/digest/chat/document.ts';
import { causeReference } from './reference/causes.ts';
import { defectReference } from './reference/defects.ts';
import { indicatorReference } from './reference/indicators.ts';
import { metricReference } from './reference/metrics.ts';
import { sampleDashboard, sampleRules } from './reference/monitoring.ts';
import { openApiDocument } from './reference/openapi.ts';

const root = new URL('../', import.meta.url);

const json = (schema: z.ZodType, io: 'input' | 'output') =>
  `${JSON.stringify(z.toJSONSchema(schema, { io }), null, 2)}\n`;

const FILES: Readonly<Record<string, () => string>> = {
  'docs/report.schema.json': () => json(reportSchema, 'output'),
  'docs/diff.schema.json': () => json(differenceSchema, 'output'),
  'docs/check.schema.json': () => json(checkDocument, 'output'),
  'docs/digest.schema.json': () => json(digestDocument, 'output'),
  'docs/config.schema.json': () => json(configSchema, 'input'),
  'docs/openapi.json': () => `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  'docs/indicators.md': () => indicatorReference('en'),
  'docs/indicators.zh-CN.md': () => indicatorReference('zh-CN'),
  'docs/incidents.md': () => causeReference('en'),
  'docs/incidents.zh-CN.md': () => causeReference('zh-CN'),
  'docs/defects.md': () => defectReference('en'),
  'docs/defects.zh-CN.md': () => defectReference('zh-CN'),
  'docs/metrics.md': () => metricReference('en'),
  'docs/metrics.zh-CN.md': () => metricReference('zh-CN'),
  'deploy/prometheus/antrea.rules.yaml': () => sampleRules('en'),
  'deploy/prometheus/antrea.rules.zh-CN.yaml': () => sampleRules('zh-CN'),
  'deploy/prometheus/prometheus-rule.yaml': () =>
    sampleRules('en', { name: 'antrea-health', namespace: 'monitoring', labels: {} }),
  'deploy/grafana/antrea.json': () => sampleDashboard('en'),
  'deploy/grafana/antrea.zh-CN.json': () => sampleDashboard('zh-CN'),
};

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, make] of Object.entries(FILES)) {
  const file = new URL(name, root);
  const expected = make();
  if ((await readFile(file, 'utf8').catch(() => '')) === expected) continue;
  stale.push(name);
  if (!isCheck) await writeFile(file, expected);
}
if (isCheck && stale.length > 0) {
  process.stderr.write(`out of date: ${stale.join(', ')}; run "npm run generate"\n`);
  process.exitCode = 1;
}
