/**
 * moto: an implementation of AWS that is independent of this project and of the emulators from npm. It keeps everything in
 * memory and accepts any credentials. It checks neither signatures nor permissions, ignores If-Match when it stores an
 * object, and does not decide conditions and write in one step; test/services/s3-store.test.ts has these parts of S3.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureDebianPackages } from './install.ts';
import { startServer } from './server.ts';
import { unpackedPackages } from './unpacked-packages.ts';

const run = promisify(execFile);

const SERVER = fileURLToPath(new URL('moto-server.py', import.meta.url));
const READER = fileURLToPath(new URL('moto-account.py', import.meta.url));

/** What exists in the account, by type, as the services of AWS describe it. */
export type Account = {
  buckets: (Record<string, unknown> & { name: string })[];
  /** The attributes of each queue. */
  queues: Record<string, string>[];
  functions: {
    FunctionName: string;
    FunctionArn: string;
    Role: string;
    CodeSha256: string;
    Environment: { Variables: Record<string, string> };
  }[];
  eventSources: Record<string, unknown>[];
  schedules: {
    GroupName: string;
    ScheduleExpression: string;
    ScheduleExpressionTimezone: string;
    State: string;
    Target: { Arn: string; RoleArn: string; Input: string };
  }[];
  /** Without the group that every account has. */
  scheduleGroups: string[];
  /** The routes of all HTTP APIs. */
  routes: { RouteKey: string; AuthorizationType: string }[];
  roles: { arn: string; statements: { Action: string[]; Resource: string[] }[] }[];
  alarms: unknown[];
  logGroups: { retentionInDays: number }[];
};

export type Moto = {
  /** For messages. */
  version: string;
  /** Options of the clients of all services. */
  client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  readAccount(): Promise<Account>;
  stop(): Promise<void>;
};

/** Starts an empty AWS account. The first call downloads moto. */
export async function startMoto(): Promise<Moto> {
  await ensureDebianPackages(['python3']);
  const { folder, versionOf } = await unpackedPackages('trixie');
  const packages = join(folder, 'usr/lib/python3/dist-packages');
  const { url, stop } = await startServer({
    program: 'python3',
    parameters: (port) => ['-S', SERVER, packages, String(port)],
    readyPath: '/moto-api/',
  });
  return {
    version: `moto ${await versionOf('python3-moto')}`,
    client: {
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    },
    async readAccount() {
      const { stdout } = await run('python3', ['-S', READER, packages, url], { maxBuffer: 16 * 1024 * 1024 });
      return JSON.parse(stdout);
    },
    stop,
  };
}
