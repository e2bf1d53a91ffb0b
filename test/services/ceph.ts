/**
 * A real S3 server: Ceph's RADOS Gateway over a cluster of one monitor and one storage daemon in memory, all on
 * loopback. It checks signatures and conditions, which the emulators from npm do not.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { freePort } from '../../scripts/offline/free-port.ts';
import { ensureDebianPackages } from './install.ts';
import { startServer, temporaryFolder } from './server.ts';

const run = promisify(execFile);

export type Credentials = { accessKeyId: string; secretAccessKey: string };

export type Ceph = {
  /** http://127.0.0.1:port; buckets are addressed by path. */
  endpoint: string;
  /** The region for signatures; the RADOS Gateway accepts any. */
  region: string;
  credentials: Credentials;
  /** Name of a key for server-side encryption with `aws:kms`; there is no other. */
  kmsKey: string;
  /** Creates a bucket of the user with `credentials`; other users have no access. */
  createBucket(name: string): Promise<void>;
  createUser(name: string): Promise<Credentials>;
  stop(): Promise<void>;
};

type Daemon = { isRunning(): boolean; stop(): Promise<void> };

/** The one key for encryption, in the gateway's replacement for a key service. */
const KMS_KEY = 'test-key';

/** Ends a program that hangs; one that ends by itself is noticed at once. */
const START_LIMIT_MILLISECONDS = 300_000;

/** Installs Ceph if it is missing and starts a cluster, in 5 to 15 seconds and 120 MB. `stop` removes its data. */
export async function startCeph(): Promise<Ceph> {
  await ensureDebianPackages(['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common']);
  const folder = await temporaryFolder('ceph');
  const undo: (() => Promise<void>)[] = [folder.remove];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const configuration = await startMonitor(folder.path, undo);
    await startStorage(folder.path, configuration, undo);
    const gateway = await startServer({
      program: 'radosgw',
      parameters: (port) => [
        ...['-f', '-c', configuration, '--id', 'rgw'],
        `--rgw_frontends=beast endpoint=127.0.0.1:${port}`,
      ],
      // An anonymous request lists no buckets and needs no signature.
      readyPath: '/',
    });
    undo.push(gateway.stop);
    const createUser = (name: string) => addUser(configuration, name);
    const credentials = await createUser('owner');
    const region = 'us-east-1';
    const endpoint = gateway.url;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    undo.push(async () => client.destroy());
    const createBucket = async (name: string) => {
      await client.send(new CreateBucketCommand({ Bucket: name }));
    };
    return { endpoint, region, credentials, kmsKey: KMS_KEY, createBucket, createUser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns the path of ceph.conf, which contains the monitor's port */
async function startMonitor(folder: string, undo: (() => Promise<void>)[]): Promise<string> {
  const configuration = join(folder, 'ceph.conf');
  // Another test can take the port before the monitor does.
  for (let attempt = 0; ; attempt += 1) {
    const data = join(folder, `monitor-${attempt}`);
    await mkdir(data);
    await writeFile(configuration, configurationText(folder, await freePort()));
    const parameters = ['-c', configuration, '--id', 'a', '--mon-data', data];
    await run('ceph-mon', [...parameters, '--mkfs']);
    const monitor = startDaemon('ceph-mon', ['-f', ...parameters]);
    if (await answers(configuration, monitor)) {
      undo.push(monitor.stop);
      return configuration;
    }
    await monitor.stop();
    if (attempt === 2) throw await failure(folder, 'ceph-mon', 'mon.a');
  }
}

async function startStorage(
  folder: string,
  configuration: string,
  undo: (() => Promise<void>)[],
): Promise<void> {
  const data = join(folder, 'storage');
  await mkdir(data);
  const uuid = randomUUID();
  const id = (await ceph(configuration, 'osd', 'new', uuid)).trim();
  await ceph(configuration, 'osd', 'crush', 'add', `osd.${id}`, '1', 'root=default');
  const parameters = ['-c', configuration, '--id', id, '--osd-data', data, '--osd-uuid', uuid];
  await run('ceph-osd', [...parameters, '--mkfs']);
  const storage = startDaemon('ceph-osd', ['-f', ...parameters]);
  undo.push(storage.stop);
  const giveUp = Date.now() + START_LIMIT_MILLISECONDS;
  while (!/\b1 up\b/.test(await ceph(configuration, 'osd', 'stat'))) {
    if (!storage.isRunning() || Date.now() > giveUp) throw await failure(folder, 'ceph-osd', `osd.${id}`);
    await sleep(100);
  }
}

async function addUser(configuration: string, name: string): Promise<Credentials> {
  const accessKeyId = `KEYOF${name.toUpperCase()}`;
  const secretAccessKey = randomBytes(20).toString('hex');
  await run('radosgw-admin', [
    ...['-c', configuration, '--id', 'rgw', 'user', 'create', `--uid=${name}`, `--display-name=${name}`],
    ...[`--access-key=${accessKeyId}`, `--secret=${secretAccessKey}`],
  ]);
  return { accessKeyId, secretAccessKey };
}

/** Sets the port of the monitor only, because the other daemons must know it. They choose their own ports. */
function configurationText(folder: string, port: number): string {
  return `[global]
fsid = ${randomUUID()}
mon host = v2:127.0.0.1:${port}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
run dir = ${folder}
pid file = ${folder}/$name.pid
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
mon cluster log file = ${folder}/cluster.log
crash dir = ${folder}
mon allow pool size one = true
mon data avail crit = 1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
keyring = ${folder}/keyring
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${KMS_KEY}=${randomBytes(32).toString('base64')}
[mon]
public addrv = v2:127.0.0.1:${port}
`;
}

async function ceph(configuration: string, ...command: string[]): Promise<string> {
  const { stdout } = await run('ceph', ['-c', configuration, '--connect-timeout', '10', ...command]);
  return stdout;
}

/** Whether the monitor came up: `ceph` itself waits until it answers. */
async function answers(configuration: string, monitor: Daemon): Promise<boolean> {
  const giveUp = Date.now() + START_LIMIT_MILLISECONDS;
  while (monitor.isRunning() && Date.now() < giveUp) {
    const answer = await ceph(configuration, 'fsid').catch(() => undefined);
    if (answer !== undefined) return true;
  }
  return false;
}

/** Ceph's daemons write their logs to files. */
function startDaemon(program: string, parameters: readonly string[]): Daemon {
  const child: ChildProcess = spawn(program, parameters, { stdio: 'ignore' });
  const kill = () => {
    if (child.pid !== undefined) child.kill('SIGKILL');
  };
  // End the daemons when a test run is interrupted.
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    isRunning: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    stop: async () => {
      kill();
      await ended;
      process.removeListener('exit', kill);
    },
  };
}

async function failure(folder: string, program: string, name: string): Promise<Error> {
  const log = await readFile(join(folder, `${name}.log`), 'utf8').catch(() => 'it wrote no log');
  return new Error(`${program} did not start:\n${log.slice(-4000)}`);
}
