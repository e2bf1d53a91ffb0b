import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatherError } from '../../src/report/gather/errors.ts';
import type { Report } from '../../src/report/model/report.ts';
import { type Scenario, simulatedDay } from '../simulation/scenarios.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';
import type { Server } from './server.ts';

/** Handles a query in the proxy; returns false to pass it on to Prometheus. */
type Fault = (query: string, response: ServerResponse) => boolean;

/** A real Prometheus behind a proxy that breaks some answers. */
describe('a Prometheus that fails in part', () => {
  let scenario: Scenario;
  let server: Server;
  /** The indicators of a report without faults. */
  let undisturbed: Report['indicators'];

  beforeAll(async () => {
    scenario = simulatedDay('healthy', { nodes: 2 });
    server = await prometheusOver(scenario.simulation);
    undisturbed = (await reportOn(server.url, scenario.period)).indicators;
  });
  afterAll(() => server?.stop());

  async function reportThrough(fault: Fault, options: { timeoutMilliseconds?: number } = {}) {
    const proxy = createServer((request, response) => void pass(request, response, fault, server.url));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      return await reportOn(url, scenario.period, {}, 'simulated', options);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  }

  it.each([
    [
      'refuses it',
      422,
      '{"status":"error","errorType":"execution","error":"too many samples"}',
      /too many samples/,
    ],
    ['breaks over it', 500, 'oops', /HTTP 500/],
    ['answers it with HTML', 200, '<html>Bad gateway</html>', /HTML page/],
    [
      'answers it with half of the JSON',
      200,
      '{"status":"success","data":{"resultTy',
      /incomplete or invalid JSON/,
    ],
  ])('reports the other indicators unchanged when it %s', async (_, status, body, reason) => {
    const report = await reportThrough((query, response) => {
      if (!query.includes('antrea_agent_local_pod_count{') || !query.startsWith('max by (instance)'))
        return false;
      response.writeHead(status).end(body);
      return true;
    });
    const failed = report.indicators.filter((indicator) => indicator.status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(['local-pod-count']);
    expect(failed[0]?.reason).toMatch(reason);
    const others = (indicators: Report['indicators']) =>
      indicators.filter(({ id }) => id !== 'local-pod-count');
    expect(others(report.indicators)).toEqual(others(undisturbed));
    expect(report).toMatchObject({ verdict: 'unknown', complete: false });
    expect(report.score).toBeLessThan(100);
  });

  it('shows warnings of Prometheus in the report, which is then incomplete', async () => {
    const report = await reportThrough((query, response) => {
      if (!query.startsWith('max by (instance) (max_over_time(antrea_agent_local_pod_count{')) return false;
      const empty = {
        status: 'success',
        data: { resultType: 'matrix', result: [] },
        warnings: ['store gone'],
      };
      response.writeHead(200).end(JSON.stringify(empty));
      return true;
    });
    expect(report.warnings.map((warning) => warning.text)).toEqual(['store gone']);
    expect(report.complete).toBe(false);
    expect(report.score).toBeLessThan(100);
  });

  it('makes no report when every query fails', async () => {
    const all: Fault = (_, response) => {
      response.writeHead(422).end('{"status":"error","errorType":"bad_data","error":"no"}');
      return true;
    };
    await expect(reportThrough(all)).rejects.toThrow(GatherError);
    await expect(reportThrough(all)).rejects.toThrow(/answered none of the queries/);
  });

  it('sends no more queries after the server is lost, and reports what it has', async () => {
    // More than the facts need, and fewer than all indicators.
    const answered = 50;
    let asked = 0;
    const report = await reportThrough((_, response) => {
      asked += 1;
      if (asked <= answered) return false;
      response.destroy();
      return true;
    });
    expect(report.indicators.filter(({ status }) => status === 'healthy').length).toBeGreaterThan(0);
    expect(report).toMatchObject({ verdict: 'unknown', complete: false });
    // Queries in progress are tried four times, later ones never.
    expect(asked).toBeLessThan(answered + 4 * 4 + 1);
  });

  it('gives up a server that hangs half-way, and reports what it has', async () => {
    const ANSWERED = 60;
    let queries = 0;
    const report = await reportThrough(
      () => {
        queries += 1;
        return queries > ANSWERED;
      },
      { timeoutMilliseconds: 2000 },
    );
    // Four at a time, and smaller ones; the other queries would each wait for their own timeout.
    expect(queries - ANSWERED).toBeLessThan(20);
    expect(report).toMatchObject({ complete: false });
    expect(JSON.stringify(report)).toContain('has answered nothing for');
    expect(report.indicators.some(({ status }) => status === 'healthy')).toBe(true);
  });

  it('keeps the indicators when the target queries fail', async () => {
    const report = await reportThrough((query, response) => {
      if (!query.includes('up{')) return false;
      response.writeHead(422).end('{"status":"error","errorType":"execution","error":"no"}');
      return true;
    });
    expect(report.coverage).toMatchObject({ known: false });
    const failed = report.indicators.filter(({ status }) => status === 'failed');
    expect(failed.map(({ query }) => query).filter((query) => !query.includes('up{'))).toEqual([]);
    // An indicator is idle only if its targets were scraped.
    const healthy = undisturbed.filter(
      ({ status, idle, query }) => status === 'healthy' && !idle && !query.includes('up{'),
    );
    expect(healthy.length).toBeGreaterThan(12);
    const statuses = new Map(report.indicators.map(({ id, status }) => [id, status]));
    for (const { id } of healthy) expect(statuses.get(id), id).toBe('healthy');
    expect(report).toMatchObject({ verdict: 'unknown', complete: false });
  });
});

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault,
  url: string,
): Promise<void> {
  const body = await text(request);
  if (fault(new URLSearchParams(body).get('query') ?? '', response)) return;
  const answer = await fetch(`${url}${request.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}
