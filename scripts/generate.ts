/** Writes the files under docs/ that are generated from code. With --check it only lists those that are out of date. */
import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { checkDocument } from '../src/cli/check/result.ts';
import { configSchema } from '../src/config/schema/config.ts';
import { reportSchema } from '../src/report/model/report.ts';
import { causeReference } from './reference/causes.ts';
import { indicatorReference } from './reference/indicators.ts';
import { metricReference } from './reference/metrics.ts';
import { openApiDocument } from './reference/openapi.ts';

const docs = new URL('../docs/', import.meta.url);

const json = (schema: z.ZodType, io: 'input' | 'output') =>
  `${JSON.stringify(z.toJSONSchema(schema, { io }), null, 2)}\n`;

const FILES: Readonly<Record<string, () => string>> = {
  'report.schema.json': () => json(reportSchema, 'output'),
  'check.schema.json': () => json(checkDocument, 'output'),
  'config.schema.json': () => json(configSchema, 'input'),
  'openapi.json': () => `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  'indicators.md': () => indicatorReference('en'),
  'indicators.zh-CN.md': () => indicatorReference('zh-CN'),
  'incidents.md': () => causeReference('en'),
  'incidents.zh-CN.md': () => causeReference('zh-CN'),
  'metrics.md': () => metricReference('en'),
  'metrics.zh-CN.md': () => metricReference('zh-CN'),
};

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, make] of Object.entries(FILES)) {
  const file = new URL(name, docs);
  const expected = make();
  if ((await readFile(file, 'utf8').catch(() => '')) === expected) continue;
  stale.push(`docs/${name}`);
  if (!isCheck) await writeFile(file, expected);
}
if (isCheck && stale.length > 0) {
  process.stderr.write(`out of date: ${stale.join(', ')}; run "npm run generate"\n`);
  process.exitCode = 1;
}
