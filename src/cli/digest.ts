import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/errors.ts';
import { readConfigFile } from '../config/file.ts';
import { dueTime } from '../config/period.ts';
import { digestsOf } from '../config/schedules.ts';
import { openTransport } from '../connect/mail.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { UserError } from '../report/model/user-error.ts';
import type { RenderedDigest } from '../service/digest/digest.ts';
import { sendMail } from '../service/digest/mail/send.ts';
import { makeMessage, sendDigest } from '../service/digest/send.ts';
import { type ArchiveFlags, choose, openArchive } from './archive.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

export type DigestFlags = ArchiveFlags & { dryRun?: true; out: string; testTo?: string };

/** How long the digest stays claimed: enough for a thousand recipients, fifty at a time, with every retry. */
const CLAIM_SECONDS = 900;
const TEST_PATIENCE_MILLISECONDS = 30_000;

/** `antrea-health digest`: sends a digest of the configuration, or shows what would be sent. */
export async function digestCommand(
  name: string | undefined,
  flags: DigestFlags,
  { environment, progress }: CommandContext,
): Promise<number> {
  const config = await readConfigFile(flags.config);
  const digest = choose('digest', name, { all: digestsOf(config.file), config });
  const { mail } = config.file;
  if (mail === undefined) throw new ConfigError(`${config.name}: mail: give the sender of the digests`);
  const now = new Date();
  const store = await openArchive(flags, environment);
  const openMail = () => openTransport(mail, openSecretSources(environment));
  try {
    progress.show('reading the reports');
    const at = dueTime(flags.at, { timeZone: digest.timeZone, now, name: '--at' });
    const address = mail.address?.replace(/\/+$/, '') ?? null;
    const request = { config, store, digest, at, now, address, mail };
    if (flags.dryRun) {
      const { raw, rendered } = await makeMessage(request, randomUUID());
      const folder = await writeMessage(join(flags.out, `digest-${digest.name}`), raw, rendered);
      progress.clear();
      process.stdout.write(`${folder}\n`);
      return EXIT.done;
    }
    progress.show('sending');
    if (flags.testTo !== undefined) {
      const to = [flags.testTo];
      const { raw } = await makeMessage({ ...request, digest: { ...digest, to } }, randomUUID());
      await sendTest({ from: mail.from, raw }, flags.testTo, openMail);
      progress.clear();
      process.stdout.write(`sent to ${flags.testTo}\n`);
      return EXIT.done;
    }
    const result = await sendDigest({
      ...request,
      openTransport: openMail,
      token: randomUUID(),
      seconds: CLAIM_SECONDS,
      clock: () => new Date(),
      onRefused: ({ recipient, reason }) => {
        progress.clear();
        process.stderr.write(`antrea-health: ${recipient}: ${reason}\n`);
      },
    });
    progress.clear();
    if (result.outcome === 'busy')
      throw new UserError(`digest ${digest.name}: another sender is sending it until ${result.until}`);
    process.stdout.write(
      result.outcome === 'sent-before' ? 'sent before\n' : `sent to ${result.accepted}: ${result.subject}\n`,
    );
    return EXIT.done;
  } finally {
    progress.clear();
    await store.close();
  }
}

async function sendTest(
  message: { from: string; raw: Uint8Array },
  recipient: string,
  openMail: () => ReturnType<typeof openTransport>,
): Promise<void> {
  const transport = await openMail();
  try {
    const limits = { patienceMilliseconds: TEST_PATIENCE_MILLISECONDS };
    const [refusal] = (await sendMail(transport, message, [recipient], limits)).refused;
    if (refusal) throw new UserError(`${refusal.recipient}: ${refusal.reason}`);
  } finally {
    await transport.close();
  }
}

/** Writes the message as it would be sent, and its parts as files to open: the page then contains its pictures. */
async function writeMessage(
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
    throw new UserError(
      `cannot write to ${folder} (${(error as NodeJS.ErrnoException).code}); choose another folder with --out`,
    );
  }
}
