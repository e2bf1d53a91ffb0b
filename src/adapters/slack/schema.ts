import * as z from 'zod';
import { secret } from '../secrets/schema.ts';

export const slack = z
  .strictObject({
    url: secret.describe('a reference to the address of the incoming webhook, which is secret'),
  })
  .describe('a channel of Slack, by an incoming webhook');
export type SlackConfig = z.infer<typeof slack>;
