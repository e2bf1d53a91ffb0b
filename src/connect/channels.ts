import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { type ChannelConfig, type ChannelKind, channelKinds } from '../config/schema/channels.ts';
import type { ChatChannel, RenderChat } from '../service/digest/chat/channel.ts';
import type { ChatTarget } from '../service/digest/chat/deliver.ts';

type KindOf<Kind extends ChannelKind> = {
  /** Returns what makes messages in the form of the channel. */
  loadRender: () => Promise<RenderChat>;
  /** @param name the key of the configuration */
  open: (
    config: NonNullable<ChannelConfig[Kind]>,
    secrets: SecretSources,
    name: string,
  ) => Promise<ChatChannel>;
};

/** The kinds of channel, by the key of the configuration that chooses them. */
const CHANNELS: { readonly [Kind in ChannelKind]: KindOf<Kind> } = {
  slack: {
    loadRender: async () => (await import('../adapters/slack/message.ts')).renderSlack,
    open: async (...all) => (await import('../adapters/slack/channel.ts')).openSlack(...all),
  },
  teams: {
    loadRender: async () => (await import('../adapters/teams/message.ts')).renderTeams,
    open: async (...all) => (await import('../adapters/teams/channel.ts')).openTeams(...all),
  },
  dingtalk: {
    loadRender: async () => (await import('../adapters/dingtalk/message.ts')).renderDingtalk,
    open: async (...all) => (await import('../adapters/dingtalk/channel.ts')).openDingtalk(...all),
  },
  wecom: {
    loadRender: async () => (await import('../adapters/wecom/message.ts')).renderWecom,
    open: async (...all) => (await import('../adapters/wecom/channel.ts')).openWecom(...all),
  },
  feishu: {
    loadRender: async () => (await import('../adapters/feishu/message.ts')).renderFeishu,
    open: async (...all) => (await import('../adapters/feishu/channel.ts')).openFeishu(...all),
  },
  webhook: {
    loadRender: async () => (await import('../adapters/webhook/channel.ts')).renderWebhook,
    open: async (...all) => (await import('../adapters/webhook/channel.ts')).openWebhook(...all),
  },
};

/** Returns where a digest is sent for a channel of the configuration. */
export function chatTarget(channel: ChannelConfig, secrets: SecretSources): ChatTarget {
  const [kind = 'webhook'] = channelKinds(channel);
  return targetOf(kind, channel, secrets);
}

function targetOf<Kind extends ChannelKind>(
  kind: Kind,
  channel: ChannelConfig,
  secrets: SecretSources,
): ChatTarget {
  const { loadRender, open } = CHANNELS[kind];
  const { name, [kind]: config } = channel;
  return {
    recipient: `${kind}:${name}`,
    loadRender,
    open: () => open(config as NonNullable<ChannelConfig[Kind]>, secrets, `channels.${name}.${kind}`),
  };
}
