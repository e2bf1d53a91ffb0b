import type { Delivery, DigestMaterial } from '../delivery.ts';
import { SendError } from '../outcome.ts';
import { sendWithRetries } from '../retries.ts';
import { digestView } from '../view.ts';
import type { ChatChannel, ChatDigest, RenderChat } from './channel.ts';
import { makeDocument } from './document.ts';

/** A channel of the configuration. */
export type ChatTarget = {
  /** Its name in the state of the digest, in logs and in errors, such as slack:ops. */
  recipient: string;
  /** Loads the code of its kind. */
  loadRender: () => Promise<RenderChat>;
  /** Reads its secrets. @throws UserError that names the key */
  open: () => Promise<ChatChannel>;
};

/** Returns the delivery of a digest to a chat channel. */
export function chatDelivery({ recipient, loadRender, open }: ChatTarget): Delivery {
  return {
    recipients: [recipient],
    batch: 1,
    async open(material) {
      const [channel, render] = await Promise.all([open(), loadRender()]);
      const message = render(chatDigest(material));
      const { digest, messageToken } = material;
      const id = `${material.request.digest.name}.${digest.period.end}.${messageToken}`;
      return {
        send: (recipients, patienceMilliseconds) =>
          sendWithRetries(
            async (waiting, signal) => {
              await channel.send(message, { id, signal }).catch((error: unknown) => {
                throw withRecipient(error, recipient);
              });
              return { accepted: [...waiting], refused: [] };
            },
            recipients,
            { patienceMilliseconds },
          ),
        close: () => undefined,
      };
    },
  };
}

function withRecipient(error: unknown, recipient: string): unknown {
  return error instanceof SendError ? new SendError(`${recipient}: ${error.message}`, error) : error;
}

export function chatDigest({ request, digest }: Pick<DigestMaterial, 'request' | 'digest'>): ChatDigest {
  const { view } = digestView({ ...digest, attached: [], leftOut: [] });
  return { view, document: makeDocument(request.digest.name, digest, view) };
}
