/**
 * Catches reports that have become clearly more expensive. The bounds do not depend on the machine: processor time is
 * compared with that of a reference in the same process, and memory with that of a smaller cluster.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayWithPast } from '../../bench/past.ts';
import { type Replay, startReplay } from '../../bench/replay/start.ts';
import type { ReportOutput, ReportTask } from '../../bench/report-worker.ts';
import { startWorker } from '../../bench/worker.ts';
import { simulate } from '../simulation/samples.ts';
import type { Database } from './server.ts';
import { startVictoriaMetrics } from './victoria-metrics.ts';

/** The simulated nodes; the larger clusters are copies of them. */
const NODES = 12;
const FEW_NODES = 100;
const MANY_NODES = 400;

/**
 * Processor time of a report of 100 nodes as a multiple of that for parsing its answers with JSON.parse. It measured 1.3
 * to 1.6, and the bound is about twice that. Reports that parsed their answers with JSON.parse measured 4.8 to 5.1.
 */
const MOST_PROCESSOR_TIME = 3;

/**
 * How many MiB more a report of 400 nodes needs than one of 100, at the peak. It measured 21 to 76 MiB, and the bound is
 * twice that. Reports that kept all series until the end needed 800 MiB more.
 */
const MOST_MEMORY_GROWTH_MIB = 150;

const REPORT_WORKER = fileURLToPath(new URL('../../bench/report-worker.ts', import.meta.url));

/** Rounds of report and reference in turn; the best of each counts. */
const ROUNDS = 3;

describe('a report of a replayed cluster', () => {
  const { parts, period } = dayWithPast(NODES);
  let server: Database;
  let replay: Replay;

  const workerFor = (nodes: number) =>
    startWorker<ReportTask, ReportOutput>(REPORT_WORKER, [
      replay.url(nodes),
      String(period.start),
      String(period.end),
    ]);

  /** Returns what a new process measured in its first report. */
  async function firstReport(nodes: number): Promise<ReportOutput> {
    const worker = workerFor(nodes);
    try {
      return await worker.run({ kind: 'report' });
    } finally {
      await worker.stop();
    }
  }

  beforeAll(async () => {
    server = await startVictoriaMetrics();
    for (const part of parts) await server.load(simulate(part));
    replay = await startReplay({ upstream: server.url, nodes: NODES });
    // Fills the cache of the replay, so that no measurement waits for the real server.
    for (const nodes of [FEW_NODES, MANY_NODES]) await firstReport(nodes);
  });
  afterAll(async () => {
    await replay?.stop();
    await server?.stop();
  });

  it(`needs at most ${MOST_PROCESSOR_TIME} times the processor time of parsing its answers`, async () => {
    await replay.takeLog();
    const worker = workerFor(FEW_NODES);
    try {
      await worker.run({ kind: 'report' });
      const requests = await replay.takeLog();
      const reports: number[] = [];
      const references: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        reports.push((await worker.run({ kind: 'report' })).measured.processorSeconds);
        references.push((await worker.run({ kind: 'parse', requests })).measured.processorSeconds);
      }
      expect(Math.min(...reports) / Math.min(...references)).toBeLessThan(MOST_PROCESSOR_TIME);
    } finally {
      await worker.stop();
    }
  });

  it(`needs at most ${MOST_MEMORY_GROWTH_MIB} MiB more for ${MANY_NODES} nodes than for ${FEW_NODES}`, async () => {
    const few = await firstReport(FEW_NODES);
    const many = await firstReport(MANY_NODES);
    expect([few.agents, many.agents]).toEqual([FEW_NODES, MANY_NODES]);
    expect(many.findings).toBe(few.findings);
    expect(many.measured.peakMiB - few.measured.peakMiB).toBeLessThan(MOST_MEMORY_GROWTH_MIB);
  });
});
