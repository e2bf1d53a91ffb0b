import { createHmac } from 'node:crypto';
import type { ChatChannel } from '../../service/digest/chat/channel.ts';
import { type AnswerCodes, checkCode } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import { readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { FeishuConfig } from './schema.ts';

/**
 * https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 11232 too many messages, 19021 the signature, 19022
 * the IP address, 19024 the keywords. 99991400: too many messages, from the page about rate limits.
 */
const CODES: AnswerCodes = {
  // Older answers have the other two fields, or both pairs.
  fields: [
    ['code', 'msg'],
    ['StatusCode', 'StatusMessage'],
  ],
  passing: [11232, 99991400],
  advice: {
    19021: 'set signingSecret to the secret of the bot, and check the clock',
    19022: 'add the IP address of this machine to those of the bot',
    19024: 'add "Antrea" to the keywords of the bot',
  },
};

/** @param name the key of the configuration */
export async function openFeishu(
  { url, signingSecret }: FeishuConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  const secret = signingSecret && (await readSecret(signingSecret, secrets, `${name}.signingSecret`));
  return {
    async send(message, { signal }) {
      const seconds = Math.floor(Date.now() / 1000);
      const signature = secret === undefined ? {} : signatureOf(secret, seconds);
      const hidden = { ...target, secrets: [...target.secrets, ...(secret === undefined ? [] : [secret])] };
      const body = JSON.stringify({ ...signature, ...(message as object) });
      checkCode(await post(target, { body, signal }), hidden, CODES);
    },
  };
}

/** Returns the fields that sign a message: the time and the secret are the key, and nothing is the text. */
export function signatureOf(secret: string, seconds: number): { timestamp: string; sign: string } {
  const sign = createHmac('sha256', `${seconds}\n${secret}`).digest('base64');
  return { timestamp: String(seconds), sign };
}
