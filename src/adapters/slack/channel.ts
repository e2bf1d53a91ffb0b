import type { ChatChannel } from '../../service/digest/chat/channel.ts';
import { checkStatus } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import type { SecretSources } from '../secrets/secrets.ts';
import type { SlackConfig } from './schema.ts';

/**
 * What the errors of Slack mean: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors.
 */
const ADVICE =
  'check that the webhook and its channel still exist, and that the workspace allows the app to post there';

/** @param name the key of the configuration */
export async function openSlack(
  { url }: SlackConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  return {
    async send(message, { signal }) {
      checkStatus(await post(target, { body: JSON.stringify(message), signal }), target, ADVICE);
    },
  };
}
