import * as z from 'zod';
import { headers, secret } from '../secrets/schema.ts';

export const webhook = z
  .strictObject({
    url: secret.describe('a reference to the address that receives the document, which may be secret'),
    headers: headers.optional().describe('headers to send with the document, such as Authorization'),
    signingSecret: secret
      .optional()
      .describe('a reference to a secret such as whsec_…, to sign the document as Standard Webhooks says'),
  })
  .describe('any other program, which receives the document of docs/digest.schema.json');
export type WebhookConfig = z.infer<typeof webhook>;
