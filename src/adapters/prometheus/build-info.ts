import { type Dispatcher, fetch } from 'undici';
import type { BuildInfo } from '../../report/gather/source.ts';
import type { PrometheusOptions } from './options.ts';
import { clean } from './outcome.ts';
import { buildRequest, splitAddress } from './request.ts';

/** Servers answer these endpoints from memory. One that takes longer does not have them. */
const TIMEOUT_MILLISECONDS = 5000;

const UNKNOWN: BuildInfo = { product: null, version: null, retention: null };

/**
 * Asks a server for its product, version and retention, with Prometheus's status endpoints
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#status). Other servers lack some or all of them, and proxies
 * may block them, so a failure is not an error.
 */
export async function askBuildInfo(options: PrometheusOptions, dispatcher: Dispatcher): Promise<BuildInfo> {
  const [build, runtime] = await Promise.all([
    readStatus('buildinfo', options, dispatcher),
    readStatus('runtimeinfo', options, dispatcher),
  ]);
  return build === null ? UNKNOWN : describeBuild(build, runtime?.data ?? {});
}

type Status = { data: Record<string, unknown>; isVictoriaMetrics: boolean };

/** Reads the answers of both endpoints, in which VictoriaMetrics and Thanos do not name their product. */
export function describeBuild({ data, isVictoriaMetrics }: Status, runtime: Status['data']): BuildInfo {
  const { application, version: written } = data;
  // Distributions append the number of their own build: 2.42.0+ds.
  const version = typeof written === 'string' && written !== '' ? (written.split('+')[0] ?? null) : null;
  const retention = runtime['storageRetention'];
  if (typeof application === 'string') return { product: application, version, retention: null };
  // VictoriaMetrics answers as a Prometheus for Grafana's sake (app/vmselect/main.go), so its version is unknown.
  if (isVictoriaMetrics) return { product: 'VictoriaMetrics', version: null, retention: null };
  if (version === null) return UNKNOWN;
  // Thanos has not reached 1.0, and Prometheus reached it before it had this endpoint.
  if (version.startsWith('0.')) return { product: 'Thanos', version, retention: null };
  return {
    product: 'Prometheus',
    version,
    retention: typeof retention === 'string' && retention !== '' ? retention : null,
  };
}

async function readStatus(
  name: 'buildinfo' | 'runtimeinfo',
  options: PrometheusOptions,
  dispatcher: Dispatcher,
): Promise<Status | null> {
  const call = { method: 'GET', path: `/api/v1/status/${name}` } as const;
  const address = splitAddress(options.url);
  const request = buildRequest(address, call, options.headers);
  const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  try {
    const authorization = (await options.authorize?.(request)) ?? {};
    const response = await fetch(request.url, {
      headers: { ...request.headers, ...authorization },
      redirect: 'manual',
      dispatcher,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const { data } = (await response.json()) as { data?: unknown };
    if (!response.ok || typeof data !== 'object' || data === null) return null;
    // VictoriaMetrics sets this header on every response (lib/httpserver).
    const isVictoriaMetrics = response.headers.has('x-server-hostname');
    const secrets = [...Object.values({ ...options.headers, ...authorization }), ...address.secrets];
    const fields = Object.entries(data).map(([key, value]) => [
      key,
      typeof value === 'string' ? clean(value, secrets) : value,
    ]);
    return { data: Object.fromEntries(fields), isVictoriaMetrics };
  } catch {
    return null;
  }
}
