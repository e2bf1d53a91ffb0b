import * as z from 'zod';
import { secret } from '../secrets/schema.ts';

export const dingtalk = z
  .strictObject({
    url: secret.describe('a reference to the webhook address of the robot, which is secret'),
    signingSecret: secret
      .optional()
      .describe('a reference to the secret of the robot, if it verifies signatures (加签)'),
  })
  .describe('a group of DingTalk (钉钉), by a custom robot');
export type DingtalkConfig = z.infer<typeof dingtalk>;
