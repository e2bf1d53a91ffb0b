import { createHmac } from 'node:crypto';
import { ConfigError } from '../../config/errors.ts';
import type { ChatChannel, RenderChat } from '../../service/digest/chat/channel.ts';
import { checkStatus } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import { readHeaders, readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { WebhookConfig } from './schema.ts';

/** Programs get the document as it is; it has no limits but those of the digest. */
export const renderWebhook: RenderChat = ({ document }) => document;

/**
 * Sends the document as Standard Webhooks says (https://www.standardwebhooks.com): with an id that is the same for each
 * attempt, by which receivers find copies, and signed if there is a secret.
 * @param name the key of the configuration
 */
export async function openWebhook(
  { url, headers = {}, signingSecret }: WebhookConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  const sent = await readHeaders(headers, secrets, `${name}.headers`);
  const keyName = `${name}.signingSecret`;
  const secret = signingSecret && (await readSecret(signingSecret, secrets, keyName));
  const key = secret === undefined ? undefined : readKey(secret, keyName);
  const hidden = {
    ...target,
    secrets: [...target.secrets, ...Object.values(sent), ...(secret === undefined ? [] : [secret])],
  };
  return {
    async send(message, { id, signal }) {
      const body = JSON.stringify(message);
      const seconds = Math.floor(Date.now() / 1000);
      const own = {
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        ...(key && { 'webhook-signature': signatureOf(key, `${id}.${seconds}.${body}`) }),
      };
      checkStatus(await post(target, { body, headers: { ...sent, ...own }, signal }), hidden);
    },
  };
}

/** Bytes of a key, from the specification. */
const SHORTEST_KEY = 24;
const LONGEST_KEY = 64;

/** @returns the key of a secret, which has the form whsec_ and base64 */
function readKey(secret: string, name: string): Buffer {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(text ?? '', 'base64');
  if (key.length < SHORTEST_KEY || key.length > LONGEST_KEY)
    throw new ConfigError(
      `${name}: must be "whsec_" and base64 of ${SHORTEST_KEY} to ${LONGEST_KEY} bytes, such as from: echo whsec_$(openssl rand -base64 32)`,
    );
  return key;
}

export function signatureOf(key: Buffer, content: string): string {
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
