/**
 * `npm run offline` runs the whole service on this machine: serverless-offline serves the HTTP API and runs the schedules,
 * fauxqs is the bucket and the queue, and this process takes jobs from the queue as Lambda would.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startFauxqs } from 'fauxqs';
import { MOST_DELIVERIES } from '../src/service/archive/state.ts';
import { startEventSource } from './offline/event-source.ts';
import { freePort, isInUse } from './offline/free-port.ts';
import { createQueues } from './offline/queues.ts';

const HELP = `Usage: npm run offline -- [--config FILE] [--port NUMBER]

Runs the whole service on this machine: HTTP API, schedules, queue, storage and the worker that makes reports.

  --config FILE   the configuration (default: examples/offline.yaml, which reads a recorded capture)
  --port NUMBER   the port of the HTTP API, on localhost only (default: 3000)

To use a real bucket or real queues, set the environment variables that the functions have on AWS:
  BUCKET                               an S3 bucket; set AWS_ENDPOINT_URL_S3 for another server
  QUEUE_URL and DEAD_LETTER_QUEUE_URL  SQS queues; set AWS_ENDPOINT_URL_SQS for another server
The AWS SDK then finds credentials and region as usual. The HTTP API needs no authorization here.
`;

/** As in serverless.yml. */
const FUNCTION_TIMEOUT_SECONDS = 300;

/** A small machine can make two reports at once. */
const CONCURRENCY = 2;

const fail = (message: string): never => {
  process.stderr.write(`offline: ${message}\n`);
  process.exit(2);
};

function readOptions(): { config: string; port: number } {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string', default: 'examples/offline.yaml' },
        port: { type: 'string', default: '3000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
      fail('--port: must be a number from 0 to 65535');
    if (!existsSync(values.config)) fail(`--config: ${values.config} does not exist`);
    return { config: values.config, port: Number(values.port) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** Starts the bucket and the queues that the environment does not name, and sets the variables that name them. */
async function startEmbedded(): Promise<{ stop(): Promise<void> }> {
  const { BUCKET, QUEUE_URL, DEAD_LETTER_QUEUE_URL } = process.env;
  if ((QUEUE_URL === undefined) !== (DEAD_LETTER_QUEUE_URL === undefined))
    fail('QUEUE_URL and DEAD_LETTER_QUEUE_URL: set both or neither');
  if (BUCKET && QUEUE_URL) return { stop: async () => undefined };
  process.env['AWS_REGION'] ??= 'us-east-1';
  const region = process.env['AWS_REGION'];
  if (!BUCKET && !QUEUE_URL) {
    process.env['AWS_ACCESS_KEY_ID'] = 'offline';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'offline';
  }
  const server = await startFauxqs({ port: 0, logger: false, defaultRegion: region });
  const endpoint = `http://127.0.0.1:${server.port}`;
  if (!BUCKET) {
    server.createBucket('reports');
    Object.assign(process.env, { BUCKET: 'reports', AWS_ENDPOINT_URL_S3: endpoint });
  }
  if (!QUEUE_URL) {
    const { queueUrl, deadLetterQueueUrl } = createQueues(server, {
      region,
      visibilitySeconds: FUNCTION_TIMEOUT_SECONDS + 60,
      maxReceiveCount: MOST_DELIVERIES,
    });
    Object.assign(process.env, {
      QUEUE_URL: queueUrl,
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      AWS_ENDPOINT_URL_SQS: endpoint,
    });
  }
  return { stop: () => server.stop() };
}

/** Starts the HTTP API and the schedules in a separate process. */
async function startGateway(config: string, port: number) {
  const child = spawn(
    'osls',
    [
      ...['offline', '--stage', 'offline', `--param=config=${config}`],
      ...['--host', '127.0.0.1', '--httpPort', String(port), '--lambdaPort', String(await freePort())],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: process.env },
  );
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)));
  return { ended, stop: () => child.kill('SIGINT') };
}

async function waitUntilReady(address: string, ended: Promise<number>): Promise<boolean> {
  const isOver = ended.then(() => true);
  for (;;) {
    const isReady = await fetch(address).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isReady) return true;
    if (await Promise.race([isOver, sleep(250)])) return false;
  }
}

const { config, port } = readOptions();
if (await isInUse(port)) fail(`--port: ${port} is in use; choose another with --port`);
process.env['CONFIG_FILE'] = resolve(config);
process.env['POWERTOOLS_SERVICE_NAME'] ??= 'generate-report';
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';
const embedded = await startEmbedded();
const gateway = await startGateway(config, port);
// Imported only now, because the handlers read the environment that was set above.
const { handler } = await import('../handlers/generate-report.ts');
const worker = startEventSource({
  queueUrl: process.env['QUEUE_URL'] ?? '',
  handler,
  functionName: 'generate-report',
  timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
  concurrency: CONCURRENCY,
  onError: (error) => process.stderr.write(`offline: ${error instanceof Error ? error.message : error}\n`),
});

const stop = async (code: number) => {
  gateway.stop();
  await worker.stop();
  await embedded.stop();
  process.exit(code);
};
process.once('SIGINT', () => void stop(0));
process.once('SIGTERM', () => void stop(0));

const address = `http://localhost:${port}/reports`;
if (await waitUntilReady(address, gateway.ended)) {
  process.stdout.write(`
The service listens on ${address} (open it in a browser). To request a report and open it:

  curl -s ${address} -H 'content-type: application/json' -d '{"cluster": "example"}'
  curl -sL ${address}/example/latest/report.html -o report.html

Ctrl-C stops the service and deletes what it stored in this process.
`);
}
await stop(await gateway.ended);
