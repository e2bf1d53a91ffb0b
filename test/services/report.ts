import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import type { PrometheusOptions } from '../../src/adapters/prometheus/options.ts';
import type { ReportConfig } from '../../src/config/schema/config.ts';
import { resolveSettings, type Settings } from '../../src/config/settings.ts';
import { makeReport } from '../../src/report/make-report.ts';
import type { Report } from '../../src/report/model/report.ts';

/** Settings as a configuration file would give them. */
export function settingsOf(config: ReportConfig = {}): Settings {
  return resolveSettings(config);
}

/**
 * Returns a report made with the project's client, without long pauses before retries.
 * @param cluster the cluster to report on if the server has several; otherwise only the name in the report
 */
export async function reportOn(
  url: string,
  period: { start: number; end: number },
  config: ReportConfig = {},
  cluster = 'simulated',
  options: Pick<PrometheusOptions, 'timeoutMilliseconds'> = {},
): Promise<Report> {
  const client = openPrometheus({ url, longestPauseMilliseconds: 10, ...options });
  try {
    return await makeReport(client, {
      cluster,
      period,
      settings: settingsOf(config).report,
      generatedAt: new Date('2026-11-21T06:00:00Z'),
    });
  } finally {
    await client.close();
  }
}
