import type { CollectedDigest, DigestRequest } from './collect.ts';
import type { SendOutcome } from './outcome.ts';

/** What a message is composed of: the request, and what the archive has for it. */
export type DigestMaterial = CollectedDigest & {
  request: DigestRequest;
  /** The same for every attempt, so that receivers can find duplicates. */
  messageToken: string;
};

/**
 * One way in which a digest reaches recipients: e-mail, or a chat channel. `mail/deliver.ts` and `chat/deliver.ts` make
 * them; `send.ts` sends each digest once, whatever the way.
 */
export type Delivery = {
  /** Their names in the state of the digest: addresses, or a channel such as slack:ops. */
  recipients: readonly string[];
  /** Recipients to send to before it is noted who has got the digest. */
  batch: number;
  /** Composes the message and gets ready to send it. Called only if a recipient is waiting. */
  open(material: DigestMaterial): Promise<OpenDelivery>;
};

export type OpenDelivery = {
  /** @throws SendError if nobody got the message for a reason that concerns all of them */
  send(recipients: readonly string[], patienceMilliseconds: number): Promise<SendOutcome>;
  close(): void | Promise<void>;
};
