import type { PrometheusOptions } from './adapters/prometheus/options.ts';
import type { PrometheusSettings } from './adapters/prometheus/schema.ts';
import { openSecretStores } from './adapters/secrets/aws.ts';
import type { SecretSources } from './adapters/secrets/secrets.ts';
import type { Environment } from './config/environment.ts';
import { ConfigError } from './config/errors.ts';
import { type MailConfig, type MailTransportKey, mailTransportKeys } from './config/schema/mail.ts';
import { QueryError } from './report/gather/errors.ts';
import type { LiveSource } from './report/gather/source.ts';
import type { Printer } from './report/render/print/pdf.ts';
import type { Store } from './service/archive/store.ts';
import type { MailTransport } from './service/digest/mail/transport.ts';

/**
 * Opens what lies outside the program: Prometheus, stores, mail servers, queues, Chromium. Nothing else imports an
 * adapter. Libraries are loaded when something that needs them is opened. The caller closes what it opened.
 */

export { openQueue, type Queue } from './adapters/sqs/queue.ts';

/** Where secrets are read. Keep it: secrets from AWS are cached for some minutes. */
export function openSecretSources(environment: Environment): SecretSources {
  return { environment, secretStores: openSecretStores() };
}

/**
 * Opens a live Prometheus: reads its secrets and signs requests where the configuration says so. AWS credentials are
 * looked up with the first query.
 * @param signal aborts all queries
 * @throws UserError that names the key of the configuration
 */
export async function openSource(
  settings: PrometheusSettings,
  secrets: SecretSources,
  signal: AbortSignal,
): Promise<LiveSource> {
  const [{ openPrometheus }, { readAccess }] = await Promise.all([
    import('./adapters/prometheus/client.ts'),
    import('./adapters/prometheus/access.ts'),
  ]);
  const access = await readAccess(settings, secrets);
  const { timeoutMilliseconds, concurrency, sigv4 } = settings;
  const signing = sigv4 && (await signRequests(sigv4, access.url));
  return openPrometheus({ ...access, ...signing, timeoutMilliseconds, concurrency, signal });
}

async function signRequests(
  { region: configured, roleArn }: NonNullable<PrometheusSettings['sigv4']>,
  url: string,
): Promise<Pick<PrometheusOptions, 'authorize' | 'adviceWhenRefused'>> {
  const [{ openSigner, regionOfWorkspace }, { CredentialsError }] = await Promise.all([
    import('./adapters/aws/signature.ts'),
    import('./adapters/aws/errors.ts'),
  ]);
  const region = configured ?? regionOfWorkspace(url);
  if (region === undefined)
    throw new ConfigError(
      'prometheus.sigv4.region: give the AWS region of this Prometheus; its address does not contain one',
    );
  const sign = openSigner({ region, roleArn });
  return {
    authorize: (request) =>
      sign(request).catch((error: unknown) => {
        if (!(error instanceof CredentialsError)) throw error;
        throw new QueryError('unauthorized', `prometheus.sigv4: ${error.message}`, { cause: error });
      }),
    adviceWhenRefused: `check that ${roleArn ?? 'the caller'} has the permission aps:QueryMetrics on the workspace, that the workspace is in ${region} (prometheus.sigv4.region), and that the clock is right`,
  };
}

export type StoreOptions = {
  environment: Environment;
  /** How long one call may take with all its tries, in milliseconds; the store's own limit when absent. */
  patienceMilliseconds?: number | undefined;
};

/** The kinds of store, by the scheme of their location: `s3://bucket`. A location without a scheme is a folder. */
const STORES: Readonly<Record<string, (place: string, options: StoreOptions) => Promise<Store>>> = {
  folder: async (path) => (await import('./adapters/folder/store.ts')).openFolderStore(path),
  s3: async (bucket, { environment, patienceMilliseconds }) => {
    const { openS3Store } = await import('./adapters/s3/store.ts');
    // The SDK would read the endpoint, too, but would give it a host name for every bucket.
    return openS3Store({
      bucket,
      endpoint: environment['AWS_ENDPOINT_URL_S3'] || undefined,
      patienceMilliseconds,
    });
  },
};

/**
 * Opens the store of the reports.
 * @param location a folder, or `scheme:​//place` with a scheme of STORES
 * @throws ConfigError when there is no such kind of store
 */
export function openStore(location: string, options: StoreOptions): Promise<Store> {
  const [, scheme = 'folder', place = location] = /^([a-z0-9]+):\/\/(.+)$/.exec(location) ?? [];
  const open = Object.hasOwn(STORES, scheme) ? STORES[scheme] : undefined;
  if (open === undefined)
    throw new ConfigError(
      `--archive: "${scheme}" is not a kind of store; give a folder, or one of ${Object.keys(STORES).join('://, ')}://`,
    );
  return open(place, options);
}

type OpenTransport = (mail: MailConfig, secrets: SecretSources) => Promise<MailTransport>;

/** The ways to send mail, by the key of the configuration that chooses them. */
const MAIL_TRANSPORTS: Readonly<Record<MailTransportKey, OpenTransport>> = {
  ses: async ({ ses }, { environment }) => {
    const { openSesTransport } = await import('./adapters/ses/transport.ts');
    return openSesTransport({
      region: ses?.region,
      configurationSetName: ses?.configurationSet,
      endpoint: environment['AWS_ENDPOINT_URL_SESV2'],
    });
  },
  smtp: async ({ smtp }, secrets) => {
    if (smtp === undefined) throw new ConfigError('mail.smtp: is missing');
    const [{ openSmtpTransport }, { readSmtpAccess }] = await Promise.all([
      import('./adapters/smtp/transport.ts'),
      import('./adapters/smtp/access.ts'),
    ]);
    return openSmtpTransport(await readSmtpAccess(smtp, secrets));
  },
};

/**
 * Opens what sends the digests: the configured transport, else SES.
 * @throws UserError that names the key of the configuration
 */
export function openTransport(mail: MailConfig, secrets: SecretSources): Promise<MailTransport> {
  const [chosen = 'ses'] = mailTransportKeys(mail);
  return MAIL_TRANSPORTS[chosen](mail, secrets);
}

/** @param executablePath a Chromium or Chrome of this machine; the bundled one when absent */
export async function openPrinter(executablePath?: string): Promise<Printer> {
  const pdf = await import('./report/render/print/pdf.ts');
  return pdf.openPrinter({ executablePath });
}
