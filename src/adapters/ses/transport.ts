import type { SESv2Client, SESv2ClientConfig } from '@aws-sdk/client-sesv2';
import {
  MailError,
  type MailTransport,
  type OutgoingMail,
  splitIntoEnvelopes,
} from '../../service/digest/mail/transport.ts';
import { endWith, type Refusal, type SendOutcome } from '../../service/digest/outcome.ts';
import { isAnsweredBySes, readFailure } from './errors.ts';

export type SesOptions = {
  /** By default, region and credentials are those that the AWS SDK finds. */
  region?: string | undefined;
  credentials?: NonNullable<SESv2ClientConfig['credentials']> | undefined;
  /** The configuration set that publishes bounces, opens and other events. */
  configurationSetName?: string | undefined;
  /** ARN of the sender's identity if another account owns it. */
  fromIdentityArn?: string | undefined;
  /** URL of another server than AWS's, such as http://127.0.0.1:8005. */
  endpoint?: string | undefined;
  /** A client that the caller closes; replaces region, credentials and endpoint. */
  client?: SESv2Client | undefined;
};

/** Both from https://docs.aws.amazon.com/ses/latest/dg/quotas.html, with a megabyte of 10^6 bytes to be safe. */
const LARGEST_ENVELOPE = 50;
const LARGEST_MESSAGE_BYTES = 40_000_000;

/** The same as for S3; the SDK has no time limits by default. */
const CONNECTION_LIMIT_MILLISECONDS = 5_000;
const SILENCE_LIMIT_MILLISECONDS = 30_000;

/**
 * Sends through Amazon SES, API version 2. Needs ses:SendEmail and ses:SendRawEmail on the sender's identity and on the
 * configuration set, and in the SES sandbox on the recipients' identities. The SDK is loaded with the first message.
 */
export function openSesTransport(options: SesOptions = {}): MailTransport {
  let opening: Promise<SESv2Client> | undefined;
  /** The envelopes that the last call did not reach. Splitting them anew could halve a throttled list for ever. */
  let unreached: string[][] = [];

  async function send(
    { from, recipients, raw }: OutgoingMail,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<SendOutcome> {
    checkSize(raw);
    opening ??= options.client ? Promise.resolve(options.client) : createClient(options);
    const client = await opening;
    const accepted: string[] = [];
    const refused: Refusal[] = [];
    const isContinued = unreached.flat().join() === recipients.join();
    const waiting = isContinued ? [...unreached] : splitIntoEnvelopes(recipients, LARGEST_ENVELOPE);
    unreached = [];
    for (let envelope = waiting.shift(); envelope; envelope = waiting.shift()) {
      try {
        await submit(client, { raw, recipients: envelope }, options, signal);
        accepted.push(...envelope);
      } catch (error) {
        const server = { ...options, region: await client.config.region().catch(() => 'no region') };
        const failure = readFailure(error, server, { from, recipients: envelope });
        if (failure.of === 'everything') {
          unreached = [envelope, ...waiting];
          return endWith(failure.error, { accepted, refused }, unreached.flat());
        }
        const { bad, others } = separate(envelope, failure.named);
        refused.push(...bad.map((recipient) => ({ recipient, reason: failure.reason, retry: false })));
        waiting.unshift(...others);
      }
    }
    return { accepted, refused };
  }

  const close = async () => {
    if (!options.client) (await opening?.catch(() => undefined))?.destroy();
  };

  return { send, close };
}

function checkSize(raw: Uint8Array): void {
  if (raw.byteLength <= LARGEST_MESSAGE_BYTES) return;
  const megabytes = Math.ceil(raw.byteLength / 1e6);
  throw new MailError(
    `Amazon SES accepts messages of up to 40 MB, but this one has ${megabytes} MB; attach fewer PDFs`,
    { retry: false },
  );
}

/** Sends one envelope, which SES accepts for all of its recipients or for none. */
async function submit(
  client: SESv2Client,
  { raw, recipients }: { raw: Uint8Array; recipients: readonly string[] },
  { configurationSetName, fromIdentityArn }: SesOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { SendEmailCommand } = await import('@aws-sdk/client-sesv2');
  const command = new SendEmailCommand({
    // No FromEmailAddress: it would replace the message's From and drop the sender's name
    // (https://github.com/laravel/framework/pull/37881, https://github.com/aws/aws-sdk-rails/issues/97).
    Content: { Raw: { Data: raw } },
    // The message names the recipients that readers may see; Bcc shows none of the envelope.
    Destination: { BccAddresses: [...recipients] },
    ConfigurationSetName: configurationSetName || undefined,
    FromEmailAddressIdentityArn: fromIdentityArn || undefined,
  });
  try {
    await client.send(command, signal ? { abortSignal: signal } : {});
  } catch (error) {
    // The rest of the answer is only the id that SES gave the message.
    if (!isAnsweredBySes(error)) throw error;
  }
}

/**
 * Separates the recipients that made SES refuse an envelope from the others, which are tried in new envelopes. If SES
 * names none, halving finds one among fifty with about ten messages.
 */
function separate(
  envelope: readonly string[],
  named: readonly string[],
): { bad: readonly string[]; others: string[][] } {
  const bad = envelope.length === 1 ? envelope : named;
  const others = envelope.filter((recipient) => !bad.includes(recipient));
  const size = bad.length > 0 ? LARGEST_ENVELOPE : Math.ceil(others.length / 2);
  return { bad, others: splitIntoEnvelopes(others, size) };
}

async function createClient({ endpoint, region, credentials }: SesOptions): Promise<SESv2Client> {
  const { SESv2Client } = await import('@aws-sdk/client-sesv2');
  const config: SESv2ClientConfig = {
    // SES cannot detect duplicates, so send.ts decides whether to risk a second copy, not the SDK.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_LIMIT_MILLISECONDS,
      socketTimeout: SILENCE_LIMIT_MILLISECONDS,
    },
  };
  // The SDK's types do not allow undefined.
  if (endpoint) config.endpoint = endpoint;
  if (region) config.region = region;
  if (credentials) config.credentials = credentials;
  return new SESv2Client(config);
}
