import { createHmac } from 'node:crypto';
import type { ChatChannel } from '../../service/digest/chat/channel.ts';
import { type AnswerCodes, checkCode } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import { readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { DingtalkConfig } from './schema.ts';

/**
 * https://open.dingtalk.com/document/orgapp/custom-bot-to-send-group-chat-messages, error codes, and the global codes:
 * -1 "system busy", 130101 "send too fast, exceed 20 times per minute", 410100 the same, 310000 keywords, signature or
 * address, 300005 and 400101 the token, 400102 a stopped robot.
 */
const CODES: AnswerCodes = {
  fields: [['errcode', 'errmsg']],
  passing: [-1, 130101, 410100],
  advice: {
    310000:
      'set signingSecret to the secret of the robot and check the clock, add "Antrea" to its keywords, or add this machine to its IP addresses',
    400102: 'enable the robot in the settings of the group',
  },
};

/** @param name the key of the configuration */
export async function openDingtalk(
  { url, signingSecret }: DingtalkConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  const secret = signingSecret && (await readSecret(signingSecret, secrets, `${name}.signingSecret`));
  return {
    async send(message, { signal }) {
      const signed = secret === undefined ? target.url : signUrl(target.url, secret, Date.now());
      const hidden = { url: signed, secrets: [...target.secrets, ...(secret === undefined ? [] : [secret])] };
      checkCode(await post(hidden, { body: JSON.stringify(message), signal }), hidden, CODES);
    },
  };
}

/**
 * Returns the address with the time and the signature:
 * https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export function signUrl(url: string, secret: string, milliseconds: number): string {
  const signed = new URL(url);
  const signature = createHmac('sha256', secret).update(`${milliseconds}\n${secret}`).digest('base64');
  signed.searchParams.set('timestamp', String(milliseconds));
  signed.searchParams.set('sign', signature);
  return signed.href;
}
