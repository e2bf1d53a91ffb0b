import * as z from 'zod';
import { secret } from '../secrets/schema.ts';

export const wecom = z
  .strictObject({ url: secret.describe('a reference to the webhook address of the robot, which is secret') })
  .describe('a group of WeCom (企业微信), by a group robot');
export type WecomConfig = z.infer<typeof wecom>;
