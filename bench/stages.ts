/**
 * The stages of a report, timed: run by bench/run.ts in a process of its own, so that the memory is theirs.
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
import type { Grid } from '../src/report/model/series.ts';
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
  ...{ cluster: 'bench', period, timeZone, targetSettings },
  ...{ indicators: INDICATORS, metrics: METRICS },
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

/** The requests that gathering makes, in the form in which they go out. */
async function requestsMade(): Promise<Request[]> {
  const client = openPrometheus({ url });
  const requests: Request[] = [];
  const texts = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const lastPoint = (grid: Grid) => grid.start + grid.count * grid.stepSeconds;
  const noting: Source = {
    kind: 'prometheus',
    range(query, grid) {
      const times = { start: grid.start + grid.stepSeconds, end: lastPoint(grid), step: grid.stepSeconds };
      requests.push({ path: '/api/v1/query_range', form: { query, ...texts(times) } });
      return client.range(query, grid);
    },
    instant(query, time) {
      requests.push({ path: '/api/v1/query', form: { query, ...texts({ time }) } });
      return client.instant(query, time);
    },
  };
  await gather(noting, options);
  await client.close();
  return requests;
}
