/** Programs of others read the outputs of reports with hostile names: Prometheus, promtool, Python, xmllint. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS, fileName } from '../../src/report/formats.ts';
import { allFindings, countMissing, countReadings } from '../../src/report/model/all-rows.ts';
import type { Report } from '../../src/report/model/report.ts';
import { COLUMNS } from '../../src/report/render/csv/render.ts';
import { visible } from '../../src/report/render/kit/phrase.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { HOSTILE_NAME, hostileReport } from '../fixtures/hostile-names.ts';
import { ensureDebianPackages } from './install.ts';
import { AGES, findProgram } from './programs.ts';
import { checkMetrics } from './promtool.ts';
import { type Server, startServer, temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);

const REPORTS = 60;
const OUTPUTS = ['csv', 'junit', 'openmetrics'] as const;
type Output = (typeof OUTPUTS)[number];

/** A name, its report, and the paths of the files. */
type Sample = { name: string; report: Report; paths: Record<Output, string>; openmetrics: string };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let samples: Sample[] = [];

beforeAll(async () => {
  await ensureDebianPackages(['libxml2-utils', 'python3-junitparser', 'prometheus']);
  folder = await temporaryFolder('outputs');
  const names = new Set(fc.sample(HOSTILE_NAME, { numRuns: REPORTS, seed: 20261121 }));
  samples = await Promise.all([...names].map(writeSample));
});
afterAll(() => folder?.remove());

async function writeSample(name: string, index: number): Promise<Sample> {
  const report = hostileReport(name);
  const { files } = await renderReport(report, {
    formats: OUTPUTS,
    language: index % 2 === 0 ? 'en' : 'zh-CN',
    pageSize: 'A4',
    openPrinter: () => Promise.reject(new Error('no Chromium here')),
  });
  const paths = {} as Sample['paths'];
  let openmetrics = '';
  for (const { format, bytes } of files) {
    if (format === 'openmetrics') openmetrics = Buffer.from(bytes).toString('utf8');
    const path = join(folder.path, `${index}-${fileName(format)}`);
    await writeFile(path, bytes);
    paths[format as Output] = path;
  }
  return { name, report, paths, openmetrics };
}

/** Runs a script with Debian's Python, which has Debian's modules, and returns the JSON that it prints. */
async function python(script: string, files: readonly string[]): Promise<unknown> {
  const options = { maxBuffer: 256 * 1024 * 1024 };
  return JSON.parse((await run('/usr/bin/python3', ['-c', script, ...files], options)).stdout);
}

describe('the files of reports with hostile names', () => {
  it('are tables for Python, with the names in their cells', async () => {
    const script = `
import csv, json, sys
csv.field_size_limit(10**9)
tables = []
for path in sys.argv[1:]:
    with open(path, encoding='utf-8-sig', newline='') as file:
        rows = list(csv.reader(file, strict=True))
    tables.append({'widths': sorted(set(map(len, rows))), 'rows': len(rows) - 1, 'cluster': rows[1][1]})
print(json.dumps(tables))`;
    const tables = await python(
      script,
      samples.map(({ paths }) => paths.csv),
    );
    const readings = (report: Report) =>
      report.indicators.reduce((sum, one) => sum + Math.max(1, countReadings(one) + countMissing(one)), 0);
    const withoutApostrophes = (tables as { cluster: string }[]).map((table) => ({
      ...table,
      cluster: table.cluster.replaceAll("'", ''),
    }));
    expect(withoutApostrophes).toEqual(
      samples.map(({ name, report }) => ({
        widths: [COLUMNS.length],
        rows: allFindings(report).length + readings(report),
        cluster: visible(name).replaceAll("'", ''),
      })),
    );
  });

  it('are XML for libxml2, and results for a reader of JUnit', async () => {
    const files = samples.map(({ paths }) => paths.junit);
    await run('xmllint', ['--noout', '--huge', ...files]);
    const script = `
import json, sys
from junitparser import JUnitXml, Failure, Error, Skipped
read = []
for path in sys.argv[1:]:
    counts = {'tests': 0, 'failures': 0, 'errors': 0, 'skipped': 0}
    xml = JUnitXml.fromfile(path)
    for suite in xml:
        for case in suite:
            counts['tests'] += 1
            for result in case.result:
                for name, kind in (('failures', Failure), ('errors', Error), ('skipped', Skipped)):
                    counts[name] += isinstance(result, kind)
    declared = {name: sum(getattr(suite, name) for suite in xml) for name in counts}
    read.append([counts, declared])
print(json.dumps(read))`;
    const read = (await python(script, files)) as [Record<string, number>, Record<string, number>][];
    for (const [counts, declared] of read) expect(counts).toEqual(declared);
    expect(read.map(([{ tests }]) => tests)).toEqual(
      samples.map(({ report }) => report.indicators.length + 3),
    );
  });

  it('have nothing that promtool refuses or advises against', async () => {
    for (const { name, openmetrics } of samples)
      expect([name, await checkMetrics(openmetrics)]).toEqual([name, '']);
    // The check would notice a mistake.
    expect(await checkMetrics('healthreport_score{cluster="a"b"} 1\n')).not.toBe('');
  });

  it.each(AGES)(
    'are scraped by Prometheus (%s) as OpenMetrics, with the name as the cluster',
    async (age) => {
      const pages = createServer((request, response) => {
        const sample = samples[Number(request.url?.slice(1))];
        response.writeHead(sample === undefined ? 404 : 200, {
          'content-type': FORMATS.openmetrics.contentType,
        });
        response.end(sample?.openmetrics);
      });
      await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
      let prometheus: Server | undefined;
      try {
        prometheus = await startScraper(
          (await findProgram('prometheus', age)).path,
          (pages.address() as AddressInfo).port,
        );
        const { url } = prometheus;
        const query = async (expression: string) => {
          const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
          return ((await response.json()) as { data: { result: Result[] } }).data.result;
        };
        let results: Result[] = [];
        await waitUntil(
          async () => {
            results = await query('healthreport_score');
            return results.length >= samples.length;
          },
          () => `${results.length} of ${samples.length} files were scraped`,
        );
        const clusters = new Map(results.map(({ metric }) => [metric['instance'], metric['cluster'] ?? '']));
        for (const [index, { name }] of samples.entries())
          expect(clusters.get(`${index}`)).toBe(visible(name));
        expect(await query('healthreport_verdict{verdict="critical"} != 1')).toEqual([]);
      } finally {
        await prometheus?.stop();
        pages.close();
      }
    },
  );
});

type Result = { metric: Record<string, string> };

/** Starts a Prometheus that scrapes the file of each sample. */
async function startScraper(program: string, port: number): Promise<Server> {
  const config = join(folder.path, 'prometheus.json');
  const targets = samples.map((_, index) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { __metrics_path__: `/${index}`, instance: `${index}` },
  }));
  const scrape = {
    job_name: 'outputs',
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: targets,
  };
  await writeFile(config, JSON.stringify({ scrape_configs: [scrape] }));
  const data = await temporaryFolder('outputs-data');
  const server = await startServer({
    program,
    parameters: (own) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data.path}`,
      `--web.listen-address=127.0.0.1:${own}`,
    ],
    readyPath: '/-/ready',
  });
  return { url: server.url, stop: () => server.stop().then(data.remove) };
}
