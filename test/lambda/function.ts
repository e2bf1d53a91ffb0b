/** A deployed function: its zip, unpacked, under AWS's runtime client in a sandbox, with the settings of the template. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resourcesOfType, type Template, textOf } from '../fixtures/template.ts';
import { unzip } from '../services/packaged.ts';
import { type Answer, startRuntimeApi } from './runtime-api.ts';
import { runtimeClient } from './runtime-client.ts';
import { startSandbox, type Usage } from './sandbox.ts';

/** A packaged service. */
export type Service = {
  /** The folder where osls has packaged it. */
  folder: string;
  template: Template;
  /** Values that CloudFormation puts in place of variables. */
  values: Readonly<Record<string, string>>;
  /** More variables: where the servers are, and credentials. */
  environment: Readonly<Record<string, string>>;
};

export type Invocation = {
  answer: Answer | { kind: 'timed out' } | { kind: 'ended'; code: number };
  seconds: number;
  /** After the answer, when the function is stopped. */
  usage: Usage;
  /** What it has printed. */
  log: string;
};

export type LambdaFunction = {
  name: string;
  memoryMiB: number;
  temporaryLimitBytes: number;
  /** From the start of the process to its first request for an invocation. */
  startSeconds: number;
  /** Lets the function handle an event, and stops it. Lambda would end a function that does not answer before its deadline. */
  invoke(event: unknown, options?: { timeoutSeconds?: number }): Promise<Invocation>;
  /** The files outside of /tmp. */
  files(): Promise<string[]>;
  peakMiB(): Promise<number>;
  stop(): Promise<void>;
};

/** Unpacks the zip of a function. @returns the folder that Lambda calls /var/task */
export async function unpack(service: Service, name: string, folder: string): Promise<string> {
  await unzip(await readFile(join(service.folder, `.serverless/${name}.zip`)), folder);
  return folder;
}

/**
 * Starts a function.
 * @param task the folder with its code
 * @throws Error with what it printed, when it ends before it asks for an invocation
 */
export async function startFunction(service: Service, name: string, task: string): Promise<LambdaFunction> {
  const properties = propertiesOf(service.template, name);
  const memoryMiB: number = properties.MemorySize;
  const api = await startRuntimeApi();
  const began = performance.now();
  const sandbox = await startSandbox({
    task,
    runtime: await runtimeClient(),
    environment: {
      ...reserved(properties, api.address),
      ...variablesOf(properties, service.values),
      ...service.environment,
    },
    parameters: [...nodeParameters(memoryMiB), '/var/runtime/index.mjs'],
    memoryMiB,
  });
  const stop = async () => {
    await sandbox.kill();
    await api.stop();
  };
  const ended = sandbox.ended.then((code) => ({ kind: 'ended' as const, code }));
  const failed = await Promise.race([api.asked(), ended, api.initError]);
  if (failed) {
    await ended;
    await stop();
    throw new Error(`${name} did not start: ${JSON.stringify(failed)}\n${sandbox.output()}`);
  }
  const startSeconds = (performance.now() - began) / 1000;
  await sandbox.freeze();
  const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  return {
    name,
    memoryMiB,
    temporaryLimitBytes: (properties.EphemeralStorage?.Size ?? 512) * 1024 ** 2,
    startSeconds,
    async invoke(event, { timeoutSeconds = properties.Timeout } = {}) {
      const printed = sandbox.output().length;
      const sent = performance.now();
      const deadline = new Date(Date.now() + timeoutSeconds * 1000);
      const answering = api.send(event, { deadline, functionArn });
      // The event is there before the function runs, so that it runs at once.
      await sandbox.thaw();
      const answer = await beforeDeadline<Invocation['answer']>([answering, ended], timeoutSeconds * 1000);
      const seconds = (performance.now() - sent) / 1000;
      // After its answer, the function asks for the next event.
      if (answer.kind === 'response' || answer.kind === 'error') await Promise.race([api.asked(), ended]);
      await sandbox.freeze();
      return { answer, seconds, usage: await sandbox.usage(), log: sandbox.output().slice(printed) };
    },
    files: sandbox.files,
    peakMiB: sandbox.peakMiB,
    stop,
  };
}

async function beforeDeadline<T>(
  answers: readonly Promise<T>[],
  milliseconds: number,
): Promise<T | { kind: 'timed out' }> {
  const timer = new AbortController();
  const late = sleep(milliseconds, { kind: 'timed out' as const }, { signal: timer.signal });
  // The timer is aborted when there is an answer; nothing waits for this promise any more.
  late.catch(() => undefined);
  try {
    return await Promise.race([...answers, late]);
  } finally {
    timer.abort();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as in fixtures/template.ts
function propertiesOf(template: Template, name: string): any {
  const found = resourcesOfType(template, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    Properties.FunctionName.endsWith(`-${name}`),
  );
  if (!found) throw new Error(`the template has no function ${name}`);
  return found[1].Properties;
}

// biome-ignore lint/suspicious/noExplicitAny: as in fixtures/template.ts
function variablesOf(properties: any, values: Service['values']): Record<string, string> {
  const fill = (value: unknown) =>
    textOf(value).replace(/\$\{([\w:.]+)\}/g, (variable, name) => values[name] ?? variable);
  const variables = Object.entries(properties.Environment.Variables);
  return Object.fromEntries(variables.map(([name, value]) => [name, fill(value)]));
}

/** "Defined runtime environment variables" of AWS's developer guide. There is no HOME and no TMPDIR. */
// biome-ignore lint/suspicious/noExplicitAny: as in fixtures/template.ts
function reserved({ FunctionName, Handler, MemorySize, Runtime }: any, api: string): Record<string, string> {
  return {
    _HANDLER: Handler,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: `AWS_Lambda_${Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: FunctionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${FunctionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/21/[$LATEST]5bef4de7',
    AWS_LAMBDA_RUNTIME_API: api,
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    LD_LIBRARY_PATH:
      '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
    NODE_PATH:
      '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task',
    TZ: ':UTC',
  };
}

/** What the start script of AWS's image for Node 18 (/var/runtime/bootstrap) passes; it wins over NODE_OPTIONS. */
function nodeParameters(memoryMiB: number): string[] {
  const young = Math.floor(memoryMiB / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(young / 2)}`,
    `--max-old-space-size=${memoryMiB - young}`,
  ];
}
