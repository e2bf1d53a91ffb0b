import * as z from 'zod';
import { type DingtalkConfig, dingtalk } from '../../adapters/dingtalk/schema.ts';
import { type FeishuConfig, feishu } from '../../adapters/feishu/schema.ts';
import type { SecretReference } from '../../adapters/secrets/schema.ts';
import { type SlackConfig, slack } from '../../adapters/slack/schema.ts';
import { type TeamsConfig, teams } from '../../adapters/teams/schema.ts';
import { type WebhookConfig, webhook } from '../../adapters/webhook/schema.ts';
import { type WecomConfig, wecom } from '../../adapters/wecom/schema.ts';
import { keyRule } from './key-rule.ts';

/** The kinds of channel, by the key that chooses and configures one. */
const kinds = {
  slack: slack.optional(),
  teams: teams.optional(),
  dingtalk: dingtalk.optional(),
  wecom: wecom.optional(),
  feishu: feishu.optional(),
  webhook: webhook.optional(),
};
export type ChannelKind = keyof typeof kinds;

const KINDS = Object.keys(kinds) as ChannelKind[];

export const channelName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, {
  error: 'must be at most 40 lower-case letters, digits and hyphens',
});

/** A place for digests in addition to e-mail. */
export const channel = z
  .strictObject({ name: channelName.describe('name in digests, in logs and on the command line'), ...kinds })
  .refine(
    (config) => channelKinds(config).length === 1,
    keyRule(`needs exactly one of ${KINDS.slice(0, -1).join(', ')} and ${KINDS.at(-1)}`),
  );
export type ChannelConfig = z.infer<typeof channel>;

/** Returns the kinds that a configuration contains, in the order of `kinds`. */
export function channelKinds(config: object): ChannelKind[] {
  return KINDS.filter((kind) => (config as Record<string, unknown>)[kind] !== undefined);
}

/** Returns the references to secrets of a channel, each with its key in the configuration. */
export function channelSecrets(config: ChannelConfig): { key: string; reference: SecretReference }[] {
  return channelKinds(config).flatMap((kind) => {
    const { headers, ...keys }: ChannelKeys = config[kind] ?? {};
    const values = [
      ...Object.entries(keys),
      ...Object.entries(headers ?? {}).map(([header, value]) => [`headers.${header}`, value] as const),
    ];
    return values.flatMap(([key, reference]) =>
      typeof reference === 'object' ? [{ key: `channels.${config.name}.${kind}.${key}`, reference }] : [],
    );
  });
}

/** The keys of all kinds. */
type ChannelKeys = Partial<
  SlackConfig & TeamsConfig & DingtalkConfig & WecomConfig & FeishuConfig & WebhookConfig
>;
