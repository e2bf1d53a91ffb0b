import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/errors.ts';
import { readConfigFile } from '../config/file.ts';
import { makeFolder } from '../config/make-folder.ts';
import { dueTime } from '../config/period.ts';
import { digestsOf, linkAddressOf } from '../config/schedules.ts';
import type { ChannelConfig } from '../config/schema/channels.ts';
import type { MailConfig } from '../config/schema/mail.ts';
import { suggestion } from '../config/suggest.ts';
import { chatTarget } from '../connect/channels.ts';
import { deliveriesOf } from '../connect/deliveries.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { UserError } from '../report/model/user-error.ts';
import { chatDigest } from '../service/digest/chat/deliver.ts';
import { collectDigest, type DigestRequest } from '../service/digest/collect.ts';
import type { DigestMaterial } from '../service/digest/delivery.ts';
import { makeMessage } from '../service/digest/mail/deliver.ts';
import { sendDigest } from '../service/digest/send.ts';
import { choose, openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ArchiveFlags } from './options.ts';
import { cannotWrite } from './report-folder.ts';
import { print, printMessage } from './terminal.ts';

export type DigestFlags = ArchiveFlags & {
  dryRun?: true | undefined;
  out: string;
  testTo?: string | undefined;
};

/** How long the digest stays claimed: enough for 1000 recipients, 50 at a time, with every retry. */
const CLAIM_SECONDS = 900;
const TEST_PATIENCE_MILLISECONDS = 30_000;

type Request = DigestRequest & {
  mail: MailConfig | undefined;
  secrets: ReturnType<typeof openSecretSources>;
};

/** `antrea-health digest`: sends a digest, sends it to one recipient as a test, or writes it to files. */
export async function digestCommand(
  name: string | undefined,
  flags: DigestFlags,
  { environment, progress }: CommandContext,
): Promise<number> {
  const config = await readConfigFile(flags.config);
  const digest = choose('digest', name, { all: digestsOf(config.file), config });
  const now = new Date();
  const store = await openArchive(flags, config, environment);
  const secrets = openSecretSources(environment);
  try {
    const at = dueTime(flags.at, { timeZone: digest.timeZone, now, name: '--at' });
    const address = linkAddressOf(config.file);
    const request = { config, store, digest, at, now, address, mail: config.file.mail, secrets };
    progress.show(flags.dryRun ? 'reading the reports' : 'reading the reports and sending');
    const line = flags.dryRun
      ? await writeDigest(request, flags.out)
      : flags.testTo === undefined
        ? await deliverDigest(request, progress)
        : await sendTest(request, flags.testTo);
    progress.clear();
    print(line);
    return EXIT.done;
  } finally {
    progress.clear();
    await store.close();
  }
}

/** @returns the line to print */
async function deliverDigest(request: Request, progress: CommandContext['progress']): Promise<string> {
  const result = await sendDigest({
    ...request,
    deliveries: deliveriesOf(request.digest, request.mail, request.secrets),
    token: randomUUID(),
    seconds: CLAIM_SECONDS,
    clock: () => new Date(),
    onRefused: ({ recipient, reason }) => {
      progress.clear();
      printMessage(`${recipient}: ${reason}`);
    },
  });
  if (result.outcome === 'busy')
    throw new UserError(
      `digest ${request.digest.name}: another process is sending it, until ${result.until} at the latest`,
    );
  return result.outcome === 'sent-before' ? 'already sent' : `sent to ${result.accepted}: ${result.subject}`;
}

/**
 * Sends to an address, or to a channel of the configuration, which has no @ in its name.
 * @returns the line to print
 */
async function sendTest(request: Request, recipient: string): Promise<string> {
  const { digest, mail, secrets } = request;
  const isAddress = recipient.includes('@');
  const wanted = isAddress
    ? { ...digest, to: [recipient], channels: [] }
    : { ...digest, to: [], channels: [findChannel(request, recipient)] };
  const [delivery] = deliveriesOf(wanted, mail, secrets);
  if (delivery === undefined) throw new ConfigError(`--test-to: "${recipient}" is no recipient`);
  const opened = await delivery.open(await readMaterial({ ...request, digest: wanted }));
  try {
    const [refusal] = (await opened.send(delivery.recipients, TEST_PATIENCE_MILLISECONDS)).refused;
    if (refusal) throw new UserError(`${refusal.recipient}: ${refusal.reason}`);
  } finally {
    await opened.close();
  }
  return `sent to ${recipient}`;
}

function findChannel({ config: { file, name } }: Request, wanted: string): ChannelConfig {
  const { channels = [] } = file;
  const found = channels.find((channel) => channel.name === wanted);
  if (found) return found;
  const names = channels.map((channel) => channel.name);
  throw new ConfigError(
    `--test-to: "${wanted}" is neither an address nor one of the channels of ${name}${suggestion(wanted, names)}`,
  );
}

async function readMaterial(request: Request): Promise<DigestMaterial> {
  return { ...(await collectDigest(request)), request, messageToken: randomUUID() };
}

/**
 * Writes the messages as they would be sent. An e-mail is also written in parts to open; its HTML file contains the
 * images.
 * @returns the path of the folder
 */
async function writeDigest(request: Request, out: string): Promise<string> {
  const material = await readMaterial(request);
  const files = [...(await mailFiles(material, request)), ...(await channelFiles(material, request))];
  const folder = join(out, `digest-${request.digest.name}`);
  try {
    await makeFolder(folder);
    for (const [name, content] of files) await writeFile(join(folder, name), content);
    return folder;
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

type Files = [name: string, content: string | Uint8Array][];

async function mailFiles(material: DigestMaterial, { digest, mail }: Request): Promise<Files> {
  if (digest.to.length === 0 || mail === undefined) return [];
  const { raw, rendered } = await makeMessage(material, mail);
  const page = rendered.images.reduce(
    (html, { cid, contentType, bytes }) =>
      html.replaceAll(`cid:${cid}`, `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`),
    rendered.html,
  );
  return [
    ['digest.html', page],
    ['digest.txt', rendered.text],
    ['digest.eml', raw],
  ];
}

/** The messages of the channels, which contain no secrets. */
async function channelFiles(material: DigestMaterial, { digest, secrets }: Request): Promise<Files> {
  const content = chatDigest(material);
  return Promise.all(
    digest.channels.map(async (channel): Promise<Files[number]> => {
      const { recipient, loadRender } = chatTarget(channel, secrets);
      const message = (await loadRender())(content);
      return [`${recipient.replace(':', '-')}.json`, `${JSON.stringify(message, null, 2)}\n`];
    }),
  );
}
