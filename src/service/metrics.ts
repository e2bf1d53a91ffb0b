import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { clustersOf } from '../config/clusters.ts';
import type { Config } from '../config/file.ts';
import { GENERATOR } from '../report/generator.ts';
import { SUMMARY_GAUGES } from '../report/render/openmetrics/gauges.ts';
import { type ListedReport, listedReports } from './archive/listing.ts';
import type { Store } from './archive/store.ts';
import type { StageSeconds, WorkOutcome } from './jobs/work.ts';

/** The metrics of a server, for Prometheus. */
export type ServerMetrics = {
  /** Counts a job that was worked on. */
  count(outcome: WorkOutcome['outcome'] | 'died', seconds?: StageSeconds): void;
  /** Returns the text of all metrics and its content type. */
  text(): Promise<{ body: string; contentType: string }>;
};

export type MetricsOptions = {
  config: Config;
  store: Store;
  running: () => number;
  now: () => Date;
  onError: (error: unknown) => void;
};

/** From a dozen nodes, in a second, to thousands, in minutes. */
const SECONDS = [0.1, 0.3, 1, 3, 10, 30, 100, 300];

/** Prometheus scrapes every few seconds; reports come once a day. */
const LATEST_MILLISECONDS = 60_000;

export function openMetrics({ config, store, running, now, onError }: MetricsOptions): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'healthreport_build_info',
    help: 'Version of the program; the value is always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version: GENERATOR.version }, 1);
  const reports = new Counter({
    name: 'healthreport_jobs_total',
    help: 'Jobs worked on, by outcome: made, ready (it was made before), busy (another server makes it), failed, died.',
    labelNames: ['outcome'],
    registers,
  });
  const stages = new Histogram({
    name: 'healthreport_stage_seconds',
    help: 'Time that the stages of a report took.',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'healthreport_jobs_running',
    help: 'Jobs that this server works on.',
    registers,
    collect() {
      this.set(running());
    },
  });
  const setLatest = gaugesOfLatest(registers);
  const latest = cachedFor(LATEST_MILLISECONDS, now, () => latestOfClusters(config, store));
  return {
    count(outcome, seconds = {}) {
      reports.inc({ outcome });
      for (const [stage, taken] of Object.entries(seconds)) stages.observe({ stage }, taken);
    },
    async text() {
      // What the server does is worth knowing even if the store cannot be reached.
      const known = await latest().catch((error) => {
        onError(error);
        return [];
      });
      setLatest(known);
      return { body: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

type LatestReport = { cluster: string; report: ListedReport };

function gaugesOfLatest(registers: Registry[]): (latest: readonly LatestReport[]) => void {
  const gauges = Object.entries(SUMMARY_GAUGES).map(([name, { help, labelNames, samples }]) => ({
    gauge: new Gauge({ name, help, labelNames: ['cluster', ...labelNames], registers }),
    samples,
  }));
  return (latest) => {
    for (const { gauge, samples } of gauges) {
      gauge.reset();
      for (const { cluster, report } of latest)
        for (const { labels, value } of samples(report)) gauge.set({ cluster, ...labels }, value);
    }
  };
}

async function latestOfClusters(config: Config, store: Store): Promise<LatestReport[]> {
  const latest: LatestReport[] = [];
  for (const { name, key } of clustersOf(config)) {
    const [report] = (await listedReports(store, key, { limit: 1 })).reports;
    if (report !== undefined) latest.push({ cluster: name, report });
  }
  return latest;
}

/** Returns what a function returned, until it is older than this. */
function cachedFor<T>(milliseconds: number, now: () => Date, get: () => Promise<T>): () => Promise<T> {
  let known: { value: Promise<T>; at: number } | undefined;
  return () => {
    const time = now().getTime();
    if (known === undefined || Math.abs(time - known.at) >= milliseconds) {
      const value = get();
      value.catch(() => {
        known = undefined;
      });
      known = { value, at: time };
    }
    return known.value;
  };
}
