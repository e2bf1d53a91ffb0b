import { setTimeout as sleep } from 'node:timers/promises';
import type { MailConfig } from '../../config/schema/mail.ts';
import { type ClaimedDigest, claimDigest, type DigestState, noteDigest } from '../archive/digests.ts';
import type { Store } from '../archive/store.ts';
import { toInstant } from '../jobs/job.ts';
import { type Collected, collectDigest, type DigestRequest, periodOf, type StoredPdf } from './collect.ts';
import type { Digest, RenderedDigest } from './digest.ts';
import { composeMessage } from './mail/message.ts';
import { sendMail } from './mail/send.ts';
import type { MailTransport, Refusal } from './mail/transport.ts';

/** From the archive to the mail server, once. */

export type SendingContext = DigestRequest & {
  mail: MailConfig;
  openTransport: () => Promise<MailTransport>;
  /** Names this sender in its claims; nobody else's may be the same. */
  token: string;
  /** How long nobody else may send it: the time that this sender has at most. */
  seconds: number;
  clock: () => Date;
  /** Told of every recipient that does not get it. */
  onRefused: (refusal: Refusal) => void;
};

export type SendingOutcome =
  | { outcome: 'sent'; accepted: number; refused: number; subject: string }
  /** Somebody sent it before. */
  | { outcome: 'sent-before' }
  /** Somebody is sending it. */
  | { outcome: 'busy'; until: string };

/** So many recipients in one envelope: what SES takes (SendEmail, 50 recipients per message). */
const ENVELOPE = 50;

/** How long one envelope may be tried; a throttled SES takes some seconds. */
const PATIENCE_MILLISECONDS = 30_000;

/** A store that did not take the last note may take the next one. */
const NOTES = 3;
const NOTE_PAUSE_MILLISECONDS = 500;

/**
 * Sends a digest to those who do not have it yet.
 * @throws Error, in one line, when it reached nobody or somebody has to be tried again; the claim is then released
 */
export async function sendDigest(context: SendingContext): Promise<SendingOutcome> {
  const { store, token, seconds, clock } = context;
  const claim = await claimDigest(store, subjectOf(context), { token, seconds, now: clock() });
  if (claim.outcome === 'sent') return { outcome: 'sent-before' };
  if (claim.outcome === 'busy') return claim;
  const sending = { claimed: claim.claimed, accepted: [...claim.claimed.state.accepted] };
  const end = clock().getTime() + seconds * 1000;
  try {
    const { raw, subject } = await makeMessage(context, sending.claimed.state.messageToken);
    const refused = await sendToAll(raw, sending, end, context);
    const again = refused.filter(({ retry }) => retry);
    if (again.length > 0 || sending.accepted.length === 0) throw new Error(reasonOf(again, refused));
    const finishedAt = clock().toISOString();
    await noteDigest(store, sending.claimed, { state: 'sent', claim: null, finishedAt });
    return { outcome: 'sent', accepted: sending.accepted.length, refused: refused.length, subject };
  } catch (error) {
    await release(store, sending, error, clock);
    throw error;
  }
}

type Sending = { claimed: ClaimedDigest; accepted: string[] };

/** Fifty by fifty; after each it is noted who has it. @returns who was refused */
async function sendToAll(
  raw: Uint8Array,
  sending: Sending,
  end: number,
  { digest, mail, store, clock, openTransport, onRefused }: SendingContext,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  const transport = await openTransport();
  try {
    const waiting = digest.to.filter((recipient) => !sending.accepted.includes(recipient));
    for (let start = 0; start < waiting.length; start += ENVELOPE) {
      // Another sender may take over when the claim ends, and must not find this one at work.
      if (clock().getTime() > end - PATIENCE_MILLISECONDS)
        throw new Error(`no time was left to send it to ${waiting.length - start} of its recipients`);
      const recipients = waiting.slice(start, start + ENVELOPE);
      const outcome = await sendMail(transport, { from: mail.from, raw }, recipients, {
        patienceMilliseconds: PATIENCE_MILLISECONDS,
      });
      outcome.refused.forEach(onRefused);
      refused.push(...outcome.refused);
      sending.accepted.push(...outcome.accepted);
      // At once: whoever comes after a sender that died must know who has it.
      sending.claimed = await noteDigest(store, sending.claimed, {
        accepted: [...sending.accepted],
        refused: refused.map(({ recipient, reason }) => ({ recipient, reason })),
      });
    }
    return refused;
  } finally {
    await transport.close();
  }
}

function reasonOf(again: readonly Refusal[], refused: readonly Refusal[]): string {
  const [first] = again.length > 0 ? again : refused;
  const count =
    again.length > 0 ? `${again.length} recipients have to be tried again` : 'nobody was accepted';
  return `${count}: ${first?.reason}`;
}

/** The next one need not wait until the claim runs out, and knows who has it. */
async function release(
  store: Store,
  { claimed, accepted }: Sending,
  error: unknown,
  clock: () => Date,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const change = {
    state: 'failed',
    claim: null,
    accepted,
    finishedAt: clock().toISOString(),
    reason,
  } as const;
  for (let attempt = 1; attempt <= NOTES; attempt += 1) {
    try {
      await noteDigest(store, claimed, change);
      return;
    } catch {
      // Where that cannot be written either, the claim runs out by itself.
      if (attempt < NOTES) await sleep(NOTE_PAUSE_MILLISECONDS);
    }
  }
}

function subjectOf({
  digest,
  at,
}: Pick<DigestRequest, 'digest' | 'at'>): Pick<DigestState, 'digest' | 'period'> {
  const { start, end } = periodOf(digest, at);
  return { digest: digest.name, period: { start: toInstant(start), end: toInstant(end) } };
}

/**
 * The digest as a message, for all its recipients the same.
 * @param messageToken makes its Message-ID: the same for another try, so that mail systems can tell a duplicate
 */
export async function makeMessage(
  context: DigestRequest & { mail: MailConfig },
  messageToken: string,
): Promise<{ raw: Uint8Array; subject: string; rendered: RenderedDigest }> {
  const { digest: settings, store, mail, now } = context;
  const { digest: said, pdfs } = await collectDigest(context);
  const { attached, leftOut } = fitting(pdfs, settings.attachBytes);
  const digest: Digest = { ...said, attached, leftOut: settings.attachBytes > 0 ? leftOut : [] };
  // Loaded with the first digest: the inliner and the painter of charts are heavy.
  const { renderDigest } = await import('./render.ts');
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
    messageId: `<${settings.name}.${said.period.end}.${messageToken}@${domain}>`,
    listId: `${settings.name}.antrea-health-report.${domain}`,
    language: settings.language,
  });
  return { raw, subject: rendered.subject, rendered };
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
