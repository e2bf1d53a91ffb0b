import type { ChatChannel } from '../../service/digest/chat/channel.ts';
import { checkStatus } from '../post/answers.ts';
import { post } from '../post/post.ts';
import { readTarget } from '../post/target.ts';
import type { SecretSources } from '../secrets/secrets.ts';
import type { TeamsConfig } from './schema.ts';

const ADVICE = 'check that the workflow still exists, is turned on, and accepts requests from anyone';

/**
 * Connectors of Microsoft 365 answer 200 when Teams has refused the message, and give its status in the text:
 * https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using#rate-limiting-for-connectors
 */
const REFUSED_BY_TEAMS = /returned HTTP error (\d{3})/;

/** @param name the key of the configuration */
export async function openTeams(
  { url }: TeamsConfig,
  secrets: SecretSources,
  name: string,
): Promise<ChatChannel> {
  const target = await readTarget(url, secrets, `${name}.url`);
  return {
    async send(message, { signal }) {
      const answer = await post(target, { body: JSON.stringify(message), signal });
      const [, status] = REFUSED_BY_TEAMS.exec(answer.text ?? '') ?? [];
      checkStatus(
        { ...answer, status: status === undefined ? answer.status : Number(status) },
        target,
        ADVICE,
      );
    },
  };
}
