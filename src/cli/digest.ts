import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryError } from '../adapters/folder/report-folder.ts';
import { openSecretStores } from '../adapters/secrets/aws.ts';
import { ConfigError } from '../config/errors.ts';
import { type DigestSettings, digestsOf } from '../config/schedules.ts';
import { openTransport } from '../connect.ts';
import type { RenderedDigest } from '../service/digest/digest.ts';
import { sendMail } from '../service/digest/mail/send.ts';
import { makeMessage, sendDigest } from '../service/digest/send.ts';
import { type ArchiveFlags, dueTimeOf, notAmong, openArchive, readServiceConfig } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

export type DigestFlags = ArchiveFlags & { dryRun?: true; out: string; testTo?: string };

/** How long nobody else may send it: a thousand recipients, fifty at a time, with all patience. */
const CLAIM_SECONDS = 900;
const TEST_PATIENCE_MILLISECONDS = 30_000;

/** `antrea-health digest`: sends a digest of the configuration, or shows what would be sent. */
export async function digestCommand(
  name: string | undefined,
  flags: DigestFlags,
  { environment, progress }: CommandContext,
): Promise<number> {
  const config = await readServiceConfig(flags);
  const settings = chosen(digestsOf(config.file), name, config.name);
  const { mail } = config.file;
  if (mail === undefined) throw new ConfigError(`${config.name}: mail: say who sends the digests`);
  const now = new Date();
  const store = await openArchive(flags, environment['AWS_ENDPOINT_URL_S3']);
  const openMail = () =>
    openTransport(
      mail,
      { environment, secretStores: openSecretStores() },
      environment['AWS_ENDPOINT_URL_SESV2'],
    );
  try {
    progress.show('reading the reports');
    const at = dueTimeOf(flags, settings.timeZone, now);
    const address = mail.address?.replace(/\/+$/, '') ?? null;
    const request = { config, store, digest: settings, at, now, address, mail };
    if (flags.dryRun) {
      const { raw, rendered } = await makeMessage(request, randomUUID());
      const folder = await show(join(flags.out, `digest-${settings.name}`), raw, rendered);
      progress.clear();
      process.stdout.write(`${folder}\n`);
      return EXIT.done;
    }
    if (flags.testTo !== undefined) {
      const { raw } = await makeMessage(
        { ...request, digest: { ...settings, to: [flags.testTo] } },
        randomUUID(),
      );
      const transport = await openMail();
      try {
        progress.show('sending');
        const patience = { patienceMilliseconds: TEST_PATIENCE_MILLISECONDS };
        const { refused } = await sendMail(transport, { from: mail.from, raw }, [flags.testTo], patience);
        progress.clear();
        if (refused[0]) throw new DeliveryError(`${refused[0].recipient}: ${refused[0].reason}`);
      } finally {
        await transport.close();
      }
      process.stdout.write(`sent to ${flags.testTo}\n`);
      return EXIT.done;
    }
    progress.show('sending');
    const clock = () => new Date();
    const outcome = await sendDigest({
      ...request,
      openTransport: openMail,
      token: randomUUID(),
      seconds: CLAIM_SECONDS,
      clock,
      onRefused: ({ recipient, reason }) => {
        progress.clear();
        process.stderr.write(`antrea-health: ${recipient}: ${reason}\n`);
      },
    });
    progress.clear();
    if (outcome.outcome === 'busy')
      throw new DeliveryError(`digest ${settings.name}: somebody else is sending it until ${outcome.until}`);
    if (outcome.outcome === 'sent-before') process.stdout.write('sent before\n');
    else process.stdout.write(`sent to ${outcome.accepted}: ${outcome.subject}\n`);
    return EXIT.done;
  } finally {
    progress.clear();
    await store.close();
  }
}

function chosen(digests: readonly DigestSettings[], name: string | undefined, file: string): DigestSettings {
  if (digests.length === 0) throw new ConfigError(`${file}: digests: there are none`);
  const found =
    name === undefined
      ? digests.length === 1
        ? digests[0]
        : undefined
      : digests.find((one) => one.name === name);
  if (!found) throw notAmong('digest', name, digests, file);
  return found;
}

/** The message as it would go, and its parts to look at: the pictures are in the page itself. */
async function show(
  folder: string,
  raw: Uint8Array,
  { html, text, images }: RenderedDigest,
): Promise<string> {
  const page = images.reduce(
    (shown, { cid, contentType, bytes }) =>
      shown.replaceAll(`cid:${cid}`, `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`),
    html,
  );
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'digest.html'), page);
    await writeFile(join(folder, 'digest.txt'), text);
    await writeFile(join(folder, 'digest.eml'), raw);
    return folder;
  } catch (error) {
    throw new DeliveryError(
      `cannot write to ${folder} (${(error as NodeJS.ErrnoException).code}); choose another folder with --out`,
    );
  }
}
