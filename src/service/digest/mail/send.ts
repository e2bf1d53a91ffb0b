import type { Refusal, SendOutcome } from '../outcome.ts';
import { type SendOptions, sendWithRetries } from '../retries.ts';
import { quoted, toEnvelopeAddress } from './text.ts';
import { MailError, type MailTransport } from './transport.ts';

/** The outcome by the addresses as given. */
export type MailOutcome = SendOutcome & { acceptedBy: 'all' | 'some' | 'nobody' };

/**
 * Sends a message to each recipient, and again to those that may accept it later, until the time limit. A message that is
 * sent again has the same Message-ID, so that mail systems find the copy.
 *
 * @returns the outcome by the addresses as given; those refused with `retry` may be tried later
 * @throws MailError if nobody got the message for a reason that concerns all of them
 */
export async function sendMail(
  transport: MailTransport,
  message: { from: string; raw: Uint8Array },
  recipients: readonly string[],
  options: SendOptions,
): Promise<MailOutcome> {
  const from = toEnvelopeAddress(message.from);
  if (from === null)
    throw new MailError(`the sender ${quoted(message.from)} is not an e-mail address`, { retry: false });
  const { spellings, invalid } = groupByAddress(recipients);
  const outcome = await sendWithRetries(
    (waiting, signal) => transport.send({ from, recipients: waiting, raw: message.raw }, { signal }),
    [...spellings.keys()],
    options,
  );
  const accepted = outcome.accepted.flatMap((address) => spellings.get(address) ?? address);
  const refused = outcome.refused.flatMap((refusal) =>
    (spellings.get(refusal.recipient) ?? [refusal.recipient]).map((recipient) => ({ ...refusal, recipient })),
  );
  return {
    accepted,
    refused: [...invalid, ...refused],
    acceptedBy: accepted.length === 0 ? 'nobody' : accepted.length === recipients.length ? 'all' : 'some',
  };
}

/** Returns the spellings of each address by its form for the envelope, and a refusal for each invalid address. */
function groupByAddress(recipients: readonly string[]): {
  spellings: Map<string, string[]>;
  invalid: Refusal[];
} {
  const spellings = new Map<string, string[]>();
  const invalid: Refusal[] = [];
  for (const recipient of recipients) {
    const address = toEnvelopeAddress(recipient);
    if (address === null) invalid.push({ recipient, reason: 'is not an e-mail address', retry: false });
    else spellings.set(address, [...(spellings.get(address) ?? []), recipient]);
  }
  return { spellings, invalid };
}
