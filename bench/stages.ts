/**
 * Measures the stages of a report. bench/run.ts starts it as a process, so that the memory is that of the stages.
 *
 *   node bench/stages.ts URL START END RUNS     prints JSON: the runs, the first of them cold, and the requests made
 */

import { openPrometheus } from '../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../src/config/settings.ts';
import { assess } from '../src/report/assess/assess.ts';
import { INDICATORS } from '../src/report/catalog/indicators/index.ts';
import { METRICS } from '../src/report/catalog/metrics/index.ts';
import { gather } from '../src/report/gather/gather.ts';
import type { Source } from '../src/report/gather/source.ts';
import { assessOptions } from '../src/report/make-report.ts';
import { pointAt } from '../src/report/model/time.ts';
import { renderHtml } from '../src/report/render/html.ts';
import { openPrinter, type Printer } from '../src/report/render/print/pdf.ts';
import { type Measurement, measure } from './measure.ts';

export type Request = { path: string; form: Record<string, string> };
export type StagesOutput = { runs: Record<string, Measurement>[]; requests: Request[] };

const [url = '', start, end, count] = process.argv.slice(2);
const settings = resolveSettings({}).report;
const { timeZone, targetSettings } = settings;
const period = { start: Number(start), end: Number(end) };
const options = {
  cluster: 'bench',
  period,
  timeZone,
  targetSettings,
  indicators: INDICATORS,
  metrics: METRICS,
};

const runs: StagesOutput['runs'] = [];
let printer: Printer | undefined;
for (let run = 0; run < Number(count); run += 1) runs.push(await oneReport());
await printer?.close();
const output: StagesOutput = { runs, requests: await requestsMade() };
process.stdout.write(JSON.stringify(output));

async function oneReport(): Promise<Record<string, Measurement>> {
  const client = openPrometheus({ url });
  const gathered = await measure(() => gather(client, options));
  await client.close();
  const assessed = await measure(async () =>
    assess(gathered.value, assessOptions({ cluster: 'bench', period, settings, generatedAt: new Date() })),
  );
  const html = await measure(() => renderHtml(assessed.value, { language: 'en' }));
  const pdf = await measure(async () => {
    printer ??= await openPrinter();
    return printer.print(html.value, { pageSize: 'A4' });
  });
  const only = ({ seconds, peakMiB }: Measurement): Measurement => ({ seconds, peakMiB });
  return { gather: only(gathered), assess: only(assessed), HTML: only(html), PDF: only(pdf) };
}

/** Returns the requests that gathering makes, as they are sent. */
async function requestsMade(): Promise<Request[]> {
  const client = openPrometheus({ url });
  const requests: Request[] = [];
  const texts = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const recording: Source = {
    kind: 'prometheus',
    range(query, grid) {
      const times = { start: pointAt(grid, 0), end: pointAt(grid, grid.count - 1), step: grid.stepSeconds };
      requests.push({ path: '/api/v1/query_range', form: { query, ...texts(times) } });
      return client.range(query, grid);
    },
    instant(query, time) {
      requests.push({ path: '/api/v1/query', form: { query, ...texts({ time }) } });
      return client.instant(query, time);
    },
  };
  await gather(recording, options);
  await client.close();
  return requests;
}
