import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { createContext } from '../../../scripts/offline/event-source.ts';
import type { Queue } from '../../../src/adapters/sqs/queue.ts';
import { settingsOf } from '../../../src/config/clusters.ts';
import { parseConfig } from '../../../src/config/file.ts';
import type { Store } from '../../../src/service/archive/store.ts';
import type { Job } from '../../../src/service/jobs/job.ts';
import { jobOf } from '../../../src/service/jobs/jobs.ts';
import { openMemoryStore } from '../../fixtures/memory-store.ts';
import { writeSmallCapture } from '../../fixtures/small-capture.ts';

/**
 * The environment of a function: a store in memory as bucket, lists as queues, and a record of what it prints. Import handlers
 * after this module, so that they use these.
 */

const capture = await writeSmallCapture();

const CONFIG = `
prometheus: { url: "http://127.0.0.1:9" }
timeZone: Europe/Berlin
clusters:
  - name: prod-berlin
  - name: 生产
    prometheus: { capture: ${JSON.stringify(capture.file)} }
  - name: without-capture
    prometheus: { capture: nowhere.capture.gz }
schedules:
  - { name: nightly, period: day, clusters: [prod-berlin] }
  - { name: everything, period: day }
`;

const folder = mkdtempSync(join(tmpdir(), 'antrea-health-report-handlers-'));
writeFileSync(join(folder, 'antrea-health.yaml'), CONFIG);
// Vitest kills the process of these tests, so that nothing can be removed at its end.
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(capture.folder, { recursive: true });
});

Object.assign(process.env, {
  CONFIG_FILE: join(folder, 'antrea-health.yaml'),
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  // The logger bypasses the console on Lambda, so the tests say that this is not Lambda.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
});

type Message = { body: string; attributes?: Readonly<Record<string, string>> };
type QueueVariable = 'QUEUE_URL' | 'DEAD_LETTER_QUEUE_URL';

export type Service = {
  deployedStore: () => Promise<Store>;
  /** By the variable that holds the queue's address. */
  messages: Record<QueueVariable, Message[]>;
  /** The result of sending. */
  refusal: Error | null;
  /** Log lines and metrics, as CloudWatch receives them. */
  printed: Record<string, unknown>[];
};

export const service: Service = {
  deployedStore: () => Promise.reject(new Error('there is no store yet')),
  messages: { QUEUE_URL: [], DEAD_LETTER_QUEUE_URL: [] },
  refusal: null,
  printed: [],
};

function queueOf(variable: QueueVariable): Queue {
  const add = async (...messages: Message[]) => {
    if (service.refusal) throw service.refusal;
    service.messages[variable].push(...messages);
  };
  return {
    send: (bodies) => add(...bodies.map((body) => ({ body }))),
    sendWith: (body, attributes) => add({ body, attributes }),
  };
}

vi.doMock('../../../handlers/shared/store.ts', () => ({ deployedStore: () => service.deployedStore() }));
vi.doMock('../../../handlers/shared/queue.ts', () => ({ queueOf }));

beforeEach(() => {
  const store = openMemoryStore();
  Object.assign(service, {
    deployedStore: async () => store,
    messages: { QUEUE_URL: [], DEAD_LETTER_QUEUE_URL: [] },
    refusal: null,
    printed: [],
  });
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((line: string) => {
      service.printed.push(JSON.parse(line));
    });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Returns the log lines with this message. */
export const linesOf = (message: string) => service.printed.filter((line) => line['message'] === message);

/** A job for the day before. */
export function jobFor(cluster: string, formats: Job['formats'] = ['json']): Job {
  const config = parseConfig(CONFIG, 'test.yaml');
  return jobOf({
    cluster,
    settings: settingsOf(config, cluster).report,
    period: { start: Date.UTC(2026, 10, 20) / 1000, end: Date.UTC(2026, 10, 21) / 1000 },
    rendition: { language: 'en', formats, pageSize: 'A4' },
    trigger: 'test',
    now: new Date('2026-11-21T05:00:00Z'),
  });
}

export function invocation(milliseconds = 300_000): Context {
  return {
    ...createContext({ functionName: 'test', timeoutSeconds: 0 }),
    getRemainingTimeInMillis: () => milliseconds,
  };
}

export function httpEvent(
  routeKey: string,
  rawPath: string,
  changes: Partial<APIGatewayProxyEventV2> = {},
): APIGatewayProxyEventV2 {
  const [method = '', path = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: {},
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.invalid',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    ...changes,
  };
}
