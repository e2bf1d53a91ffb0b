/** Runs the Pods of deploy/kubernetes/ in the image: each command as it is written, with servers that exist here. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { openFolderStore } from '../../src/adapters/folder/store.ts';
import { openS3Store } from '../../src/adapters/s3/store.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import type { Store } from '../../src/service/archive/store.ts';
import type { Ceph } from '../services/ceph.ts';
import {
  commandsOf,
  configurationOf,
  containersOf,
  type KubernetesObject,
  ofKind,
  podTemplates,
  renderOverlay,
} from '../services/kubernetes/objects.ts';
import type { MailServer } from '../services/smtp.ts';
import { waitUntil } from '../services/wait-until.ts';
import { CONFIGURATION, type Ended, type Image, startContainer } from './container.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));

/** A Pod, or all Pods of an Indexed Job, and what is checked afterwards. */
export type PodRun = { name: string; run: () => Promise<[Ended, () => string | Promise<string>]> };

type Surroundings = { image: Image; folder: string; ceph: Ceph; mail: MailServer };

/** Returns the runs of an overlay in their order: the reports, the digest, the server. */
export async function podRuns(overlay: string, surroundings: Surroundings): Promise<PodRun[]> {
  const objects = await renderOverlay(overlay);
  const { folders, store, clusters } = await prepare(overlay, objects, surroundings);
  const { image, mail } = surroundings;
  const startAll = (owner: KubernetesObject) =>
    Promise.all(commandsOf(owner).map((parameters) => startContainer(image, folders, parameters)));
  const jobs = ofKind(objects, 'CronJob').toSorted((a, b) => order(a) - order(b));
  return [
    ...jobs.map((job) => ({
      name: `${overlay}: CronJob ${job.metadata.name}`,
      run: async (): Promise<[Ended, () => string | Promise<string>]> => {
        const before = mail.received.length;
        const ended = await Promise.all((await startAll(job)).map((pod) => pod.ended));
        const worst = ended.find(({ code }) => code !== 0) ?? (ended[0] as Ended);
        if (order(job) === 1) return [worst, () => expectCount(mail.received.length - before, 1, 'message')];
        return [worst, async () => expectCount(await countReports(store), clusters, 'report')];
      },
    })),
    ...ofKind(objects, 'Deployment').map((deployment) => ({
      name: `${overlay}: Deployment ${deployment.metadata.name}`,
      run: async (): Promise<[Ended, () => string]> => {
        const [pod] = await startAll(deployment);
        if (pod === undefined) throw new Error('no Pod');
        const address = `http://127.0.0.1:9090${readinessOf(deployment)}`;
        await waitUntil(
          async () => (await fetch(address).catch(() => undefined))?.ok === true,
          () => `${address} does not answer`,
        );
        process.kill(await pod.processId(), 'SIGTERM');
        return [await pod.ended, () => 'ready, then SIGTERM and exit code 0'];
      },
    })),
  ];
}

/** Digests come after the reports. */
const order = ({ metadata: { name } }: KubernetesObject) => (/daily/.test(name) ? 0 : 1);

function readinessOf(deployment: KubernetesObject): string {
  const [pod] = podTemplates([deployment]);
  return (pod && containersOf(pod)[0]?.readinessProbe?.httpGet?.path) ?? '';
}

/** Writes the configuration of an overlay, with the servers that exist here, and the keys that it mounts. */
async function prepare(
  overlay: string,
  objects: readonly KubernetesObject[],
  { folder, ceph, mail }: Surroundings,
): Promise<{ folders: Parameters<typeof startContainer>[1]; store: Store; clusters: number }> {
  const folders = {
    archive: join(folder, `${overlay}-archive`),
    configuration: join(folder, `${overlay}-configuration`),
  };
  for (const path of Object.values(folders)) await mkdir(path);
  const file = parse(configurationOf(objects));
  const usesBucket = file.archive.s3 !== undefined;
  const bucket = `overlay-${overlay}`;
  if (usesBucket) await ceph.createBucket(bucket);
  const changed = {
    ...file,
    prometheus: { capture: `${CONFIGURATION}/example.capture.gz` },
    clusters: file.clusters.map(({ name }: { name: string }) => ({ name })),
    ...(usesBucket && { archive: { s3: { ...file.archive.s3, bucket, endpoint: ceph.endpoint } } }),
    ...(file.mail && { mail: { ...file.mail, smtp: { host: '127.0.0.1', port: mail.port, tls: 'none' } } }),
  };
  const write = (name: string, text: string) => writeFile(join(folders.configuration, name), text);
  await write('antrea-health.yaml', stringify(changed));
  await write('s3-access-key-id', ceph.credentials.accessKeyId);
  await write('s3-secret-access-key', ceph.credentials.secretAccessKey);
  await write('sign-in-client-secret', 'a secret of the client');
  await write('sign-in-session-key', 'a key of more than thirty-two bytes');
  await copyFile(CAPTURE, join(folders.configuration, 'example.capture.gz'));
  const store = usesBucket ? openS3Store({ ...ceph, bucket }) : openFolderStore(folders.archive);
  return { folders, store, clusters: file.clusters.length };
}

async function countReports(store: Store): Promise<number> {
  return (await listedReports(store, null, { limit: 100 })).reports.length;
}

function expectCount(found: number, wanted: number, noun: string): string {
  if (found !== wanted) throw new Error(`${found} instead of ${wanted} of: ${noun}`);
  return `${found} ${noun}${found === 1 ? '' : 's'}`;
}
