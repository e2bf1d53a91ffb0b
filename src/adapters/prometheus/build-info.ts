import { type Dispatcher, fetch } from 'undici';
import type { BuildInfo } from '../../report/gather/source.ts';
import type { PrometheusOptions } from './options.ts';

/** These pages are answered from memory; a server that needs longer does not have them. */
const PATIENCE_MILLISECONDS = 5000;

const UNKNOWN: BuildInfo = { product: null, version: null, retention: null };

/**
 * Asks a server who it is, by the pages that Prometheus has for that
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#status). Other servers have one of them or none, and
 * proxies may not let them through: no answer is no error.
 */
export async function askBuildInfo(options: PrometheusOptions, dispatcher: Dispatcher): Promise<BuildInfo> {
  const [build, runtime] = await Promise.all([
    readStatus('buildinfo', options, dispatcher),
    readStatus('runtimeinfo', options, dispatcher),
  ]);
  return build === null ? UNKNOWN : describeBuild(build, runtime?.data ?? {});
}

type Status = { data: Record<string, unknown>; isVictoriaMetrics: boolean };

/** What the two pages say. VictoriaMetrics and Thanos do not give their names there. */
export function describeBuild({ data, isVictoriaMetrics }: Status, runtime: Status['data']): BuildInfo {
  const { application, version } = data;
  // Distributions append the number of their own build: 2.42.0+ds.
  const text = typeof version === 'string' && version !== '' ? (version.split('+')[0] ?? null) : null;
  const retention = runtime['storageRetention'];
  if (typeof application === 'string') return { product: application, version: text, retention: null };
  // For Grafana it claims to be a Prometheus (app/vmselect/main.go): its version is not known.
  if (isVictoriaMetrics) return { product: 'VictoriaMetrics', version: null, retention: null };
  if (text === null) return UNKNOWN;
  // Thanos has not reached 1.0; Prometheus did before it had this page.
  if (text.startsWith('0.')) return { product: 'Thanos', version: text, retention: null };
  return {
    product: 'Prometheus',
    version: text,
    retention: typeof retention === 'string' && retention !== '' ? retention : null,
  };
}

async function readStatus(
  page: string,
  options: PrometheusOptions,
  dispatcher: Dispatcher,
): Promise<Status | null> {
  const address = new URL(options.url);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/api/v1/status/${page}`;
  const request = {
    method: 'GET',
    url: address.href,
    headers: { ...options.headers, accept: 'application/json' },
    body: '',
  } as const;
  const timeout = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    const proof = (await options.authorize?.(request)) ?? {};
    const response = await fetch(address, {
      headers: { ...request.headers, ...proof },
      redirect: 'manual',
      dispatcher,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    const { data } = (await response.json()) as { data?: unknown };
    if (!response.ok || typeof data !== 'object' || data === null) return null;
    // The header of every answer of VictoriaMetrics (lib/httpserver).
    return {
      data: data as Status['data'],
      isVictoriaMetrics: response.headers.has('x-server-hostname'),
    };
  } catch {
    return null;
  }
}
