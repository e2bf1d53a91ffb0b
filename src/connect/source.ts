import type { PrometheusOptions } from '../adapters/prometheus/options.ts';
import type { PrometheusSettings } from '../adapters/prometheus/schema.ts';
import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { ConfigError } from '../config/errors.ts';
import { QueryError } from '../report/gather/errors.ts';
import type { LiveSource } from '../report/gather/source.ts';

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
    import('../adapters/prometheus/client.ts'),
    import('../adapters/prometheus/access.ts'),
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
    import('../adapters/aws/signature.ts'),
    import('../adapters/aws/errors.ts'),
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
