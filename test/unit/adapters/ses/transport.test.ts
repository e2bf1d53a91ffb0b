import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { openSesTransport } from '../../../../src/adapters/ses/transport.ts';

const MAIL = {
  from: 'health@example.com',
  recipients: ['noc@example.com'],
  raw: Buffer.from('Subject: x\r\n\r\n'),
};

/** A transport with a server whose answer the SDK cannot read. */
function openUnreadable($metadata: { httpStatusCode: number; requestId?: string }) {
  const error = Object.assign(new SyntaxError('Unexpected end of JSON input'), { $metadata });
  const client = { send: () => Promise.reject(error), config: { region: async () => 'eu-central-1' } };
  return openSesTransport({ client: client as unknown as SESv2Client });
}

describe('an answer of SES that is cut off or damaged after its status', () => {
  it('means that SES accepted the message, which is not sent again', async () => {
    const transport = openUnreadable({ httpStatusCode: 200, requestId: 'R1' });
    expect(await transport.send(MAIL)).toEqual({ accepted: MAIL.recipients, refused: [] });
  });

  it('leaves open whether the message arrived if it may be from another server', async () => {
    const failure = openUnreadable({ httpStatusCode: 200 }).send(MAIL);
    await expect(failure).rejects.toMatchObject({
      message:
        'Amazon SES gave an answer that cannot be read (200 SyntaxError); the message may have arrived',
      retry: true,
      mayHaveArrived: true,
    });
  });
});

describe('a refusal that is not JSON', () => {
  it.each([400, 403])(
    '%i is not taken for one of SES, and its text is not repeated',
    async (httpStatusCode) => {
      await expect(openUnreadable({ httpStatusCode }).send(MAIL)).rejects.toMatchObject({
        message: `Amazon SES did not give this answer (${httpStatusCode}), which is not JSON; check the proxy, and the endpoint if you have set one`,
        retry: false,
        mayHaveArrived: false,
      });
    },
  );
});
