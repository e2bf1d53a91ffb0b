import type { MailConfig } from '../../../config/schema/mail.ts';
import type { StoredPdf } from '../collect.ts';
import type { Delivery, DigestMaterial } from '../delivery.ts';
import type { RenderedDigest } from '../digest.ts';
import { composeMessage } from './message.ts';
import { sendMail } from './send.ts';
import type { MailTransport } from './transport.ts';

/** Recipients per envelope: the limit of SES (SendEmail, 50 recipients per message). */
const ENVELOPE = 50;

/** Returns the delivery of a digest by e-mail. */
export function mailDelivery(
  mail: MailConfig,
  recipients: readonly string[],
  openTransport: () => Promise<MailTransport>,
): Delivery {
  return {
    recipients,
    batch: ENVELOPE,
    async open(material) {
      const { raw } = await makeMessage(material, mail);
      const transport = await openTransport();
      return {
        send: (waiting, patienceMilliseconds) =>
          sendMail(transport, { from: mail.from, raw }, waiting, { patienceMilliseconds }),
        close: () => transport.close(),
      };
    },
  };
}

/**
 * Returns the digest as one message for all its recipients. The token of the material becomes part of the Message-ID, by
 * which mail systems find duplicates.
 */
export async function makeMessage(
  { request, digest, pdfs, messageToken }: DigestMaterial,
  mail: MailConfig,
): Promise<{ raw: Uint8Array; rendered: RenderedDigest }> {
  const { digest: settings, store, now } = request;
  const { attached, leftOut } = pickAttachments(pdfs, settings.attachBytes);
  // Loaded late: the libraries that inline the styles and draw the charts are large.
  const { renderDigest } = await import('../render.ts');
  const rendered = await renderDigest({
    ...digest,
    attached,
    leftOut: settings.attachBytes > 0 ? leftOut : [],
  });
  const attachments = await Promise.all(
    attached.map(async ({ name, key }) => {
      const object = await store.get(key);
      if (object === null) throw new Error(`${name} is no longer in the store`);
      return { name, contentType: 'application/pdf', bytes: object.bytes };
    }),
  );
  const domain = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  const raw = await composeMessage({
    from: { address: mail.from, name: mail.fromName },
    // With several recipients none is shown, so that they do not learn of each other.
    to: settings.to.length === 1 ? settings.to : [],
    replyTo: settings.replyTo,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    images: rendered.images,
    attachments,
    date: now,
    messageId: `<${settings.name}.${digest.period.end}.${messageToken}@${domain}>`,
    listId: `${settings.name}.antrea-health-report.${domain}`,
    language: settings.language,
  });
  return { raw, rendered };
}

/** Takes the PDFs in order, leaving out each that no longer fits into `limit` bytes. */
function pickAttachments(
  pdfs: readonly StoredPdf[],
  limit: number,
): { attached: StoredPdf[]; leftOut: StoredPdf[] } {
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
