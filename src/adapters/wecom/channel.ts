import type { ChatChannel } from '../../service/digest/chat/channel.ts';
import { type AnswerCodes, checkCode } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import type { SecretSources } from '../secrets/secrets.ts';
import type { WecomConfig } from './schema.ts';

/**
 * https://developer.work.weixin.qq.com/document/path/90313: -1 "system busy", 45009 too many calls (20 messages per
 * minute), 93000 an address that is no longer valid.
 */
const CODES: AnswerCodes = {
  fields: [['errcode', 'errmsg']],
  passing: [-1, 45009],
  advice: { 93000: 'copy its address again; the robot may have been removed from the group' },
};

/** @param name the key of the configuration */
export async function openWecom(
  { url }: WecomConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  return {
    async send(message, { signal }) {
      checkCode(await post(target, { body: JSON.stringify(message), signal }), target, CODES);
    },
  };
}
