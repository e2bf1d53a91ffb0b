import * as z from 'zod';
import { secret } from '../secrets/schema.ts';

export const feishu = z
  .strictObject({
    url: secret.describe('a reference to the webhook address of the bot, which is secret'),
    signingSecret: secret
      .optional()
      .describe('a reference to the secret of the bot, if it verifies signatures (签名校验)'),
  })
  .describe('a group of Feishu (飞书) or Lark, by a custom bot');
export type FeishuConfig = z.infer<typeof feishu>;
