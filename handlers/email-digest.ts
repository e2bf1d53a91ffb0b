import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Handler } from 'aws-lambda';
import { ConfigError } from '../src/config/errors.ts';
import { digestsOf, linkAddressOf } from '../src/config/schedules.ts';
import { deliveriesOf } from '../src/connect/deliveries.ts';
import { openSecretSources } from '../src/connect/secrets.ts';
import { sendDigest } from '../src/service/digest/send.ts';
import { configuration } from './shared/configuration.ts';
import { scheduledTime } from './shared/due-time.ts';
import { deployedStore } from './shared/store.ts';

/** The message of EventBridge Scheduler; see the schedules in serverless.yml. */
export type DigestEvent = {
  digest: string;
  /** When the digest was due, ISO 8601, so that a late or repeated delivery covers the same period. */
  scheduledAt: string;
};

const logger = new Logger();
const metrics = new Metrics();
const secrets = openSecretSources(process.env);

/** Limit for one call to the store: a digest reads hundreds of reports. */
const PATIENCE_MILLISECONDS = 10_000;

/** Runs on a schedule: sends one digest of the stored reports. */
export const handler: Handler<DigestEvent, { outcome: string }> = async (event, context) => {
  logger.addContext(context);
  logger.resetKeys();
  logger.appendKeys({ digest: event.digest });
  const config = await configuration();
  const digest = digestsOf(config.file).find(({ name }) => name === event.digest);
  if (!digest)
    throw new ConfigError(`digests: "${event.digest}" is not in the configuration; deploy the service again`);
  const now = new Date();
  const outcome = await sendDigest({
    config,
    store: await deployedStore(PATIENCE_MILLISECONDS),
    digest,
    at: scheduledTime(event.scheduledAt, now),
    now,
    address: linkAddressOf(config.file, process.env['API_ADDRESS']),
    deliveries: deliveriesOf(digest, config.file.mail, secrets),
    token: randomUUID(),
    seconds: context.getRemainingTimeInMillis() / 1000,
    clock: () => new Date(),
    // Addresses are personal data, but the list cannot be corrected without those that fail.
    onRefused: ({ recipient, reason }) => logger.warn('recipient refused', { recipient, reason }),
  });
  // Lambda retries in a minute or two; by then the digest was sent, or the claim of a dead sender has expired.
  if (outcome.outcome === 'busy')
    throw new Error(`another sender is sending the digest until ${outcome.until}`);
  if (outcome.outcome === 'sent') {
    const { accepted, refused, subject } = outcome;
    logger.info('digest sent', { accepted, refused, subject });
    metrics.addMetric('DigestsSent', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  } else logger.info('digest was sent before');
  return { outcome: outcome.outcome };
};
