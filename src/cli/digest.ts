import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config/errors.ts';
import { readConfigFile } from '../config/file.ts';
import { makeFolder } from '../config/make-folder.ts';
import { dueTime } from '../config/period.ts';
import { digestsOf } from '../config/schedules.ts';
import type { MailConfig } from '../config/schema/mail.ts';
import { openTransport } from '../connect/mail.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { UserError } from '../report/model/user-error.ts';
import type { DigestRequest } from '../service/digest/collect.ts';
import { sendMail } from '../service/digest/mail/send.ts';
import { makeMessage, sendDigest } from '../service/digest/send.ts';
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

type Request = DigestRequest & { mail: MailConfig };
type OpenMail = () => ReturnType<typeof openTransport>;

/** `antrea-health digest`: sends a digest, sends it to one address as a test, or writes it to files. */
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
  const store = await openArchive(flags, config, environment);
  const openMail: OpenMail = () => openTransport(mail, openSecretSources(environment));
  try {
    const at = dueTime(flags.at, { timeZone: digest.timeZone, now, name: '--at' });
    const address = mail.address?.replace(/\/+$/, '') ?? null;
    const request = { config, store, digest, at, now, address, mail };
    progress.show(flags.dryRun ? 'reading the reports' : 'reading the reports and sending');
    const line = flags.dryRun
      ? await writeDigest(request, flags.out)
      : flags.testTo === undefined
        ? await deliverDigest(request, openMail, progress)
        : await sendTest(request, flags.testTo, openMail);
    progress.clear();
    print(line);
    return EXIT.done;
  } finally {
    progress.clear();
    await store.close();
  }
}

/** @returns the line to print */
async function deliverDigest(
  request: Request,
  openMail: OpenMail,
  progress: CommandContext['progress'],
): Promise<string> {
  const result = await sendDigest({
    ...request,
    openTransport: openMail,
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

/** @returns the line to print */
async function sendTest(request: Request, recipient: string, openMail: OpenMail): Promise<string> {
  const { digest, mail } = request;
  const { raw } = await makeMessage({ ...request, digest: { ...digest, to: [recipient] } }, randomUUID());
  const transport = await openMail();
  try {
    const limits = { patienceMilliseconds: TEST_PATIENCE_MILLISECONDS };
    const [refusal] = (await sendMail(transport, { from: mail.from, raw }, [recipient], limits)).refused;
    if (refusal) throw new UserError(`${refusal.recipient}: ${refusal.reason}`);
  } finally {
    await transport.close();
  }
  return `sent to ${recipient}`;
}

/**
 * Writes the message as it would be sent, and its parts as files to open; the HTML file contains the images.
 * @returns the path of the folder
 */
async function writeDigest(request: Request, out: string): Promise<string> {
  const { raw, rendered } = await makeMessage(request, randomUUID());
  const page = rendered.images.reduce(
    (html, { cid, contentType, bytes }) =>
      html.replaceAll(`cid:${cid}`, `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`),
    rendered.html,
  );
  const folder = join(out, `digest-${request.digest.name}`);
  try {
    await makeFolder(folder);
    await writeFile(join(folder, 'digest.html'), page);
    await writeFile(join(folder, 'digest.txt'), rendered.text);
    await writeFile(join(folder, 'digest.eml'), raw);
    return folder;
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}
