import { CredentialsError } from './adapters/aws/errors.ts';
import { openPrometheus, type PrometheusClient } from './adapters/prometheus/client.ts';
import type { PrometheusOptions } from './adapters/prometheus/options.ts';
import {
  type Environment,
  readAccess,
  readSmtpAccess,
  type SecretSources,
  type SecretStores,
} from './adapters/secrets/secrets.ts';
import { ConfigError } from './config/errors.ts';
import type { MailConfig } from './config/mail-schema.ts';
import type { PrometheusSettings } from './config/settings.ts';
import { QueryError } from './report/gather/errors.ts';
import type { MailTransport } from './service/digest/mail/transport.ts';

export type SourceContext = {
  environment: Environment;
  secretStores: SecretStores;
  /** Calls the report off. */
  signal?: AbortSignal;
};

/**
 * Opens a live Prometheus as the configuration says: secrets looked up, requests signed when it is one of AWS. The
 * caller closes it. Credentials of AWS are looked for with the first question, which fails when there are none.
 * @throws ConfigError or UnavailableError in one line that names the key
 */
export async function openSource(
  settings: PrometheusSettings,
  { environment, secretStores, signal }: SourceContext,
): Promise<PrometheusClient> {
  const { url, headers, certificateAuthority } = await readAccess(settings, environment, secretStores);
  const { timeoutMilliseconds, concurrency, sigv4 } = settings;
  return openPrometheus({
    url,
    headers,
    signal,
    certificateAuthority,
    timeoutMilliseconds,
    concurrency,
    ...(sigv4 ? await signing(sigv4, url) : {}),
  });
}

async function signing(
  { region: wanted, roleArn }: NonNullable<PrometheusSettings['sigv4']>,
  url: string,
): Promise<Pick<PrometheusOptions, 'authorize' | 'adviceWhenRefused'>> {
  // Loaded when wanted: nobody else needs AWS's libraries.
  const { openSigner, regionOfWorkspace } = await import('./adapters/aws/signature.ts');
  const region = wanted ?? regionOfWorkspace(url);
  if (region === undefined)
    throw new ConfigError(
      'prometheus.sigv4.region: say in which region of AWS Prometheus is; its address does not tell',
    );
  const sign = openSigner({ region, ...(roleArn === undefined ? {} : { roleArn }) });
  return {
    authorize: (request) =>
      sign(request).catch((error: unknown) => {
        if (!(error instanceof CredentialsError)) throw error;
        throw new QueryError('unauthorized', `prometheus.sigv4: ${error.message}`, { cause: error });
      }),
    adviceWhenRefused: `check that ${roleArn ?? 'whoever asks'} has the permission aps:QueryMetrics on the workspace, that it is in ${region} (prometheus.sigv4.region), and that the clock is right`,
  };
}

/**
 * Opens the way for mail that the configuration names. The caller closes it.
 * @param sesEndpoint a server other than AWS's
 * @throws ConfigError or UnavailableError in one line that names the key
 */
export async function openTransport(
  { smtp, ses }: MailConfig,
  places: SecretSources,
  sesEndpoint?: string,
): Promise<MailTransport> {
  if (smtp === undefined) {
    const { openSesTransport } = await import('./adapters/ses/transport.ts');
    return openSesTransport({
      ...(ses?.region === undefined ? {} : { region: ses.region }),
      ...(ses?.configurationSet === undefined ? {} : { configurationSetName: ses.configurationSet }),
      ...(sesEndpoint === undefined ? {} : { endpoint: sesEndpoint }),
    });
  }
  const { openSmtpTransport } = await import('./adapters/smtp/transport.ts');
  const { host, port, tls, user, password, certificateAuthority } = await readSmtpAccess(smtp, places);
  return openSmtpTransport({
    host,
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  });
}
