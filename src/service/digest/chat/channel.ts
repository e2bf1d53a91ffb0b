import type { DigestView } from '../view.ts';
import type { DigestDocument } from './document.ts';

/** The port for chat channels. `src/adapters/{slack,teams,dingtalk,wecom,feishu,webhook}` implement it. */

/** A digest as channels get it: the words for people, and the document for programs. */
export type ChatDigest = { view: DigestView; document: DigestDocument };

/** Returns the message in the form of a channel, a JSON value without secrets, within the limits of the channel. */
export type RenderChat = (digest: ChatDigest) => unknown;

export type ChatChannel = {
  /**
   * Sends a message once.
   * @param message as `RenderChat` returns it
   * @param limits.id the same for each attempt to send this digest
   * @throws SendError whose message is one line that completes "The channel …" and contains no part of its address
   */
  send(message: unknown, limits: { id: string; signal: AbortSignal }): Promise<void>;
};
