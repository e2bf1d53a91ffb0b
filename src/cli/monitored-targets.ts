import { configOfCluster, settingsOf } from '../config/clusters.ts';
import { readConfigFile } from '../config/file.ts';
import { resolvePeriod } from '../config/period.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { mergeTargets, resolveTargets } from '../config/targets.ts';
import { openSecretSources } from '../connect/secrets.ts';
import { openSource } from '../connect/source.ts';
import { METRICS } from '../report/catalog/metrics/index.ts';
import { prepare } from '../report/gather/prepare.ts';
import { failFast } from '../report/gather/source-decorators.ts';
import type { ReportSettings } from '../report/model/report-settings.ts';
import { UserError } from '../report/model/user-error.ts';
import { assumedTargets, type MonitoredTargets, surveyedTargets } from '../report/monitoring/targets.ts';
import { overrideConnection } from './connection.ts';
import type { CommandContext } from './context.ts';
import type { TargetFlags } from './options.ts';

/** The settings for rules or a dashboard, and the targets that these select. */
export type Monitored = { settings: Settings; targets: MonitoredTargets };

/**
 * Finds the targets on the server, if its address is known, and otherwise takes those that the configuration and the options
 * name.
 * @throws UserError if the server has no targets of Antrea
 */
export async function findMonitored(flags: TargetFlags, context: CommandContext): Promise<Monitored> {
  const { cluster, settings } = await readSettings(flags);
  const access = overrideConnection(settings.prometheus, flags);
  const targets =
    flags.offline || access.url === undefined
      ? assumedTargets(settings.report)
      : await survey(cluster, { ...settings, prometheus: access }, context);
  return { settings, targets };
}

async function readSettings(
  flags: TargetFlags,
): Promise<{ cluster: string | undefined; settings: Settings }> {
  const { config: path, cluster } = flags;
  const config = path === undefined ? null : await readConfigFile(path);
  const chosen = config && configOfCluster(config, cluster);
  const settings = config ? settingsOf(config, chosen?.cluster) : resolveSettings({});
  const { agentJob, controllerJob, nodeLabel, matcher } = flags;
  const override = {
    jobs: {
      ...(agentJob !== undefined && { agent: agentJob }),
      ...(controllerJob !== undefined && { controller: controllerJob }),
    },
    matchers: matcher,
    nodeLabel,
  };
  const targetSettings = resolveTargets(mergeTargets(chosen?.config.prometheus, override));
  return {
    cluster: chosen ? chosen.cluster : cluster,
    settings: { ...settings, report: { ...settings.report, targetSettings } },
  };
}

async function survey(
  cluster: string | undefined,
  { prometheus, report, rangeSeconds }: Settings,
  { environment, progress, signal }: CommandContext,
): Promise<MonitoredTargets> {
  progress.show('querying Prometheus');
  const client = await openSource(prometheus, openSecretSources(environment), signal);
  try {
    return await findTargets(failFast(client), { cluster: cluster ?? '', report, rangeSeconds });
  } finally {
    await client.close();
    progress.clear();
  }
}

async function findTargets(
  source: Parameters<typeof prepare>[0],
  { cluster, report, rangeSeconds }: { cluster: string; report: ReportSettings; rangeSeconds: number },
): Promise<MonitoredTargets> {
  const period = resolvePeriod({ rangeSeconds, timeZone: report.timeZone, now: new Date() });
  const prepared = await prepare(source, { ...report, cluster, period, metrics: METRICS });
  if (prepared.survey.targets.length === 0)
    throw new UserError(
      'the server has no targets of Antrea; antrea-health check says why, and --offline writes for the labels of the configuration',
    );
  return surveyedTargets(prepared, report);
}
