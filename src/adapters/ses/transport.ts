import type { SESv2Client, SESv2ClientConfig } from '@aws-sdk/client-sesv2';
import {
  endWith,
  envelopesOf,
  MailError,
  type MailTransport,
  type OutgoingMail,
  type Refusal,
} from '../../service/digest/mail/transport.ts';
import { readFailure, type SesPlace } from './errors.ts';

export type SesOptions = {
  /** Region and credentials come from where the AWS SDK looks for them, unless told. */
  region?: string | undefined;
  credentials?: NonNullable<SESv2ClientConfig['credentials']> | undefined;
  /** Where bounces, opens and the like are published. */
  configurationSetName?: string | undefined;
  /** Of the sender's identity, when another account owns it. */
  fromIdentityArn?: string | undefined;
  /** A server other than AWS's, for instance http://127.0.0.1:8005. */
  endpoint?: string | undefined;
  /** A client that somebody else made and closes; region, credentials and endpoint are then not looked at. */
  client?: SESv2Client | undefined;
};

/** Both from https://docs.aws.amazon.com/ses/latest/dg/quotas.html; a megabyte taken at its smaller meaning. */
const LARGEST_ENVELOPE = 50;
const LARGEST_MESSAGE_BYTES = 40_000_000;

/** As for S3: the SDK waits for ever unless told. */
const CONNECTION_LIMIT_MILLISECONDS = 5_000;
const SILENCE_LIMIT_MILLISECONDS = 30_000;

/**
 * Sends through Amazon SES, API version 2. The SDK is loaded with the first message. Needs ses:SendEmail and
 * ses:SendRawEmail on the identity, and on the configuration set.
 */
export function openSesTransport(options: SesOptions = {}): MailTransport {
  const { configurationSetName, fromIdentityArn, endpoint } = options;
  let opening: Promise<SESv2Client> | undefined;
  /** How the last call left those that it did not reach. Were they cut anew, a throttled halving would never end. */
  let left: string[][] = [];
  const openClient = () => {
    opening ??= options.client ? Promise.resolve(options.client) : createClient(options);
    return opening;
  };

  async function placeOf(client: SESv2Client): Promise<SesPlace> {
    const region = await client.config.region().catch(() => 'no region');
    return { region, endpoint, configurationSetName };
  }

  /** One envelope. SES takes it for all of its recipients or for none. */
  async function submit(
    client: SESv2Client,
    raw: Uint8Array,
    recipients: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { SendEmailCommand } = await import('@aws-sdk/client-sesv2');
    const command = new SendEmailCommand({
      // No FromEmailAddress: it would replace the message's From, and its sender's name would be lost
      // (https://github.com/laravel/framework/pull/37881, https://github.com/aws/aws-sdk-rails/issues/97).
      Content: { Raw: { Data: raw } },
      // Whom the message names is written in it; the envelope is nobody's business.
      Destination: { BccAddresses: [...recipients] },
      ...(configurationSetName && { ConfigurationSetName: configurationSetName }),
      ...(fromIdentityArn && { FromEmailAddressIdentityArn: fromIdentityArn }),
    });
    await client.send(command, signal ? { abortSignal: signal } : {});
  }

  async function send(
    { from, recipients, raw }: OutgoingMail,
    { signal }: { signal?: AbortSignal } = {},
  ): ReturnType<MailTransport['send']> {
    if (raw.byteLength > LARGEST_MESSAGE_BYTES)
      throw new MailError(
        `Amazon SES takes no message of ${Math.ceil(raw.byteLength / 1e6)} MB, 40 at most; attach fewer PDFs`,
        { retry: false },
      );
    const client = await openClient();
    const accepted: string[] = [];
    const refused: Refusal[] = [];
    const isContinued = left.flat().join() === recipients.join();
    const waiting = isContinued ? [...left] : envelopesOf(recipients, LARGEST_ENVELOPE);
    left = [];
    for (let envelope = waiting.shift(); envelope; envelope = waiting.shift()) {
      try {
        await submit(client, raw, envelope, signal);
        accepted.push(...envelope);
      } catch (error) {
        const failure = readFailure(error, await placeOf(client), { from, recipients: envelope });
        if (failure.of === 'everything') {
          left = [envelope, ...waiting];
          return endWith(failure.error, { accepted, refused }, left.flat());
        }
        const { reason } = failure;
        const bad = envelope.length === 1 ? envelope : failure.named;
        refused.push(...bad.map((recipient) => ({ recipient, reason, retry: false })));
        const others = envelope.filter((recipient) => !bad.includes(recipient));
        // Nobody is named: whoever it is is found by halving, some ten messages for one among fifty.
        const size = bad.length > 0 ? LARGEST_ENVELOPE : Math.ceil(others.length / 2);
        waiting.unshift(...envelopesOf(others, size));
      }
    }
    return { accepted, refused };
  }

  const close = async () => {
    if (!options.client) (await opening?.catch(() => undefined))?.destroy();
  };

  return { send, close };
}

async function createClient({ endpoint, region, credentials }: SesOptions): Promise<SESv2Client> {
  const { SESv2Client } = await import('@aws-sdk/client-sesv2');
  return new SESv2Client({
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(credentials && { credentials }),
    // SES does not know a message again: whether to risk a second copy is for send.ts to say, not for the SDK.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_LIMIT_MILLISECONDS,
      socketTimeout: SILENCE_LIMIT_MILLISECONDS,
    },
  });
}
