import { createHash } from 'node:crypto';
import { type ClaimedDigest, claimDigest, type DigestState, noteDigest } from '../../archive/digests.ts';
import type { MailConfig } from '../../config/mail-schema.ts';
import { composeMessage } from '../../deliver/mail/message.ts';
import { sendMail } from '../../deliver/mail/send.ts';
import type { MailTransport } from '../../deliver/mail/transport.ts';
import type { Store } from '../../deliver/store.ts';
import { toInstant } from '../../model/job.ts';
import type { Digest, RenderedDigest } from '../../render/digest-data.ts';
import { type Collected, collectDigest, type DigestRequest, periodOf, type StoredPdf } from './collect.ts';

/** From the archive to the mail server, once. */

export type SendingContext = DigestRequest & {
  mail: MailConfig;
  openTransport: () => Promise<MailTransport>;
  /** Names this sender in its claims; nobody else's may be the same. */
  token: string;
  /** How long nobody else may send it: the time that this sender has at most. */
  seconds: number;
  clock: () => Date;
};

export type Refusal = { recipient: string; reason: string };

export type SendingOutcome =
  | { outcome: 'sent'; accepted: number; refused: Refusal[]; subject: string }
  /** Somebody sent it before. */
  | { outcome: 'sent-before' }
  /** Somebody is sending it. */
  | { outcome: 'busy'; until: string };

/** So many recipients in one envelope: what SES takes (SendEmail, 50 recipients per message). */
const ENVELOPE = 50;

/** How long one envelope may be tried; a throttled SES takes some seconds. */
const PATIENCE_MILLISECONDS = 30_000;

/**
 * Sends a digest to those who do not have it yet.
 * @throws Error, in one line, when it reached nobody or somebody has to be tried again; the claim is then released
 */
export async function sendDigest(context: SendingContext): Promise<SendingOutcome> {
  const { store, token, seconds, clock } = context;
  const claim = await claimDigest(store, subjectOf(context), { token, seconds, now: clock() });
  if (claim.outcome === 'sent') return { outcome: 'sent-before' };
  if (claim.outcome === 'busy') return claim;
  let claimed = claim.claimed;
  try {
    const { raw, subject } = await makeMessage(context);
    const refused: (Refusal & { retry: boolean })[] = [];
    const transport = await context.openTransport();
    try {
      const waiting = context.digest.to.filter((recipient) => !claimed.state.accepted.includes(recipient));
      for (let start = 0; start < waiting.length; start += ENVELOPE) {
        const recipients = waiting.slice(start, start + ENVELOPE);
        const outcome = await sendMail(transport, { from: context.mail.from, raw }, recipients, {
          patienceMilliseconds: PATIENCE_MILLISECONDS,
        });
        refused.push(...outcome.refused);
        // At once: whoever comes after a sender that died must know who has it.
        const accepted = [...claimed.state.accepted, ...outcome.accepted];
        claimed = await noteDigest(store, claimed, { accepted, refused: refused.map(withoutRetry) });
      }
    } finally {
      await transport.close();
    }
    const again = refused.filter(({ retry }) => retry);
    if (again.length > 0 || claimed.state.accepted.length === 0) throw new Error(reasonOf(again, refused));
    await noteDigest(store, claimed, { state: 'sent', claim: null, finishedAt: clock().toISOString() });
    return {
      outcome: 'sent',
      accepted: claimed.state.accepted.length,
      refused: refused.map(withoutRetry),
      subject,
    };
  } catch (error) {
    await release(store, claimed, error, clock);
    throw error;
  }
}

const withoutRetry = ({ recipient, reason }: Refusal): Refusal => ({ recipient, reason });

function reasonOf(again: readonly Refusal[], refused: readonly Refusal[]): string {
  const [first] = again.length > 0 ? again : refused;
  const count =
    again.length > 0 ? `${again.length} recipients have to be tried again` : 'nobody was accepted';
  return `${count}: ${first?.recipient}: ${first?.reason}`;
}

/** The next one need not wait until the claim runs out. */
async function release(
  store: Store,
  claimed: ClaimedDigest,
  error: unknown,
  clock: () => Date,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const finishedAt = clock().toISOString();
  // Where that cannot be written either, the claim runs out by itself.
  await noteDigest(store, claimed, { state: 'failed', claim: null, finishedAt, reason }).catch(
    () => undefined,
  );
}

function subjectOf({
  digest,
  at,
}: Pick<DigestRequest, 'digest' | 'at'>): Pick<DigestState, 'digest' | 'period'> {
  const { start, end } = periodOf(digest, at);
  return { digest: digest.name, period: { start: toInstant(start), end: toInstant(end) } };
}

/** The digest as a message, for all its recipients the same. */
export async function makeMessage(
  context: DigestRequest & { mail: MailConfig },
): Promise<{ raw: Uint8Array; subject: string; rendered: RenderedDigest }> {
  const { digest: settings, store, mail, now } = context;
  const { digest: said, pdfs } = await collectDigest(context);
  const { attached, leftOut } = fitting(pdfs, settings.attachBytes);
  const digest: Digest = { ...said, attached, leftOut: settings.attachBytes > 0 ? leftOut : [] };
  // Loaded with the first digest: the inliner and the painter of charts are heavy.
  const { renderDigest } = await import('../../render/digest.ts');
  const rendered = await renderDigest(digest);
  const attachments = await Promise.all(
    attached.map(async ({ name, key }) => {
      const object = await store.get(key);
      if (object === null) throw new Error(`${name} is not in the store any more`);
      return { name, contentType: 'application/pdf', bytes: object.bytes };
    }),
  );
  const domain = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  const raw = await composeMessage({
    from: { address: mail.from, ...(mail.fromName ? { name: mail.fromName } : {}) },
    // Recipients need not learn of each other.
    to: settings.to.length === 1 ? settings.to : [],
    ...(settings.replyTo ? { replyTo: settings.replyTo } : {}),
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    images: rendered.images,
    attachments,
    date: now,
    messageId: messageIdOf(settings.name, said.period, domain),
    listId: `${settings.name}.antrea-health-report.${domain}`,
    language: settings.language,
  });
  return { raw, subject: rendered.subject, rendered };
}

/** The same for the same digest of the same period, so that a mail system can tell a duplicate. */
function messageIdOf(name: string, { start, end }: Digest['period'], domain: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([name, start, end]))
    .digest('hex')
    .slice(0, 16);
  return `<${name}.${end}.${hash}@${domain}>`;
}

/** The PDFs that fit, in their order, and the others. */
function fitting(pdfs: Collected['pdfs'], limit: number): { attached: StoredPdf[]; leftOut: StoredPdf[] } {
  let left = limit;
  const attached: StoredPdf[] = [];
  const leftOut: StoredPdf[] = [];
  for (const pdf of pdfs) {
    if (pdf.bytes <= left) {
      left -= pdf.bytes;
      attached.push(pdf);
    } else leftOut.push(pdf);
  }
  return { attached, leftOut };
}
