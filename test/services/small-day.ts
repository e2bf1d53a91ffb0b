/** The recorded day of three nodes, answered by an HTTP server, and the report of it without any change. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import type { Source } from '../../src/report/gather/source.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Period } from '../../src/report/model/period.ts';
import type { Report } from '../../src/report/model/report.ts';
import { smallCluster } from '../faults/systems.ts';
import { startCaptureServer } from './capture-server.ts';
import type { Handler } from './faulty-proxy.ts';

export type SmallDay = {
  url: string;
  period: Period;
  /** Answers without any change. */
  answer: Handler;
  /** What the server answers with. */
  handler: Handler;
  /** Makes the report. @param watch returns the source that is asked */
  report(watch?: (source: Source) => Source): Promise<Report>;
  stop(): Promise<void>;
};

export async function startSmallDay(): Promise<SmallDay> {
  const capture = await startCaptureServer(() => null);
  const { period } = capture;
  const answer = smallCluster(capture.url);
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const request = { method, path, headers, body: await buffer(incoming) };
    const { status, headers: all, body } = await day.handler(request);
    const { 'content-length': _, 'transfer-encoding': __, ...sent } = all;
    outgoing.writeHead(status, sent).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const day: SmallDay = {
    url,
    period,
    answer,
    handler: answer,
    async report(watch = (source) => source) {
      const client = openPrometheus({ url, longestPauseMilliseconds: 1 });
      try {
        return await makeReport(watch(client), {
          cluster: 'fuzz',
          nameInServer: '',
          period,
          settings: resolveSettings({}).report,
          generatedAt: new Date(period.end * 1000),
        });
      } finally {
        await client.close();
      }
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await capture.stop();
    },
  };
  return day;
}
