import type { ClusterSettings } from '../../config/check-file.ts';
import type { Config } from '../../config/file.ts';
import { resolvePeriod } from '../../config/period.ts';
import { openSecretSources } from '../../connect/secrets.ts';
import { openSource } from '../../connect/source.ts';
import { failFast } from '../../report/gather/attempt.ts';
import { CONNECTION_FAILURES, GatherError, QueryError } from '../../report/gather/errors.ts';
import type { BuildInfo, LiveSource } from '../../report/gather/source.ts';
import { UserError } from '../../report/model/user-error.ts';
import { type ConnectionFlags, reachedBy } from '../connection.ts';
import type { CommandContext } from '../context.ts';
import { CHECKS, CHECKS_OF_NOTHING } from './checks.ts';
import { adviseOnClusters } from './cluster-label.ts';
import { type Check, type Facts, gatherFacts } from './facts.ts';
import { type CheckResult, type ClusterResults, completeResult, unknown, type Verdict } from './result.ts';

const CONNECTION = { id: 'connection', title: 'Connection' };

/** A cluster to check, and the configuration file that it comes from. */
export type ExaminedCluster = ClusterSettings & { config: Config | null };

/** Asks the server of one cluster everything that there is to check. */
export async function examineCluster(
  { cluster, settings, config: file }: ExaminedCluster,
  flags: ConnectionFlags,
  { environment, progress, signal }: CommandContext,
): Promise<ClusterResults> {
  const named = { cluster: cluster ?? null };
  if (settings.prometheus.capture !== undefined && flags.prometheus === undefined)
    return {
      ...named,
      address: null,
      results: [completeResult(CONNECTION, { state: 'ok', detail: 'a capture: there is no server to ask' })],
    };
  progress.show(`${cluster === undefined ? '' : `${cluster}: `}asking Prometheus`);
  const access = reachedBy(settings.prometheus, flags);
  const address = access.url === undefined ? null : shownAddress(access.url);
  const results: CheckResult[] = [];
  let client: LiveSource | undefined;
  try {
    client = await openSource(access, openSecretSources(environment), signal);
    const { report, rangeSeconds } = settings;
    const period = resolvePeriod({ rangeSeconds, timeZone: report.timeZone, now: new Date() });
    const { verdict, build } = await checkConnection(client, address ?? '', period.end);
    results.push(completeResult(CONNECTION, verdict));
    const facts = await gatherFacts(failFast(client), {
      cluster,
      settings: report,
      file,
      period,
      build,
    });
    const checks = facts.survey.targets.length > 0 ? CHECKS : CHECKS_OF_NOTHING;
    results.push(...(await Promise.all(checks.map((check) => runCheck(check, facts)))).flat());
  } catch (error) {
    if (signal.aborted) throw error;
    results.push(resultOfFailure(error, results.length === 0));
  } finally {
    await client?.close();
    progress.clear();
  }
  return { ...named, address, results };
}

/** The address without user name, password and parameters, any of which may be secret. */
export function shownAddress(text: string): string {
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

async function checkConnection(
  client: LiveSource,
  address: string,
  time: number,
): Promise<{ verdict: Verdict; build: BuildInfo }> {
  const before = performance.now();
  await client.instant('vector(1)', time);
  const milliseconds = Math.max(1, Math.round(performance.now() - before));
  const build = await client.buildInfo();
  const server = [build.product ?? 'server and version unknown', build.version].filter((one) => one !== null);
  return {
    verdict: { state: 'ok', detail: `${address} answers in ${milliseconds} ms; ${server.join(' ')}` },
    build,
  };
}

async function runCheck(check: Check, facts: Facts): Promise<CheckResult[]> {
  const { id, title } = check;
  try {
    const verdicts = await check.run(facts);
    return verdicts.map((verdict) => completeResult({ id, title }, verdict));
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind === 'aborted') throw error;
    const isLost = CONNECTION_FAILURES.includes(error.kind);
    return [
      completeResult(
        { id, title },
        isLost ? { state: 'problem', detail: error.message } : unknown({ reason: error.message }),
      ),
    ];
  }
}

/** Why nothing more could be asked: the file, the way to the server, or what the server has. */
function resultOfFailure(error: unknown, isFirst: boolean): CheckResult {
  if (error instanceof GatherError && error.clusters !== null)
    return completeResult(
      { id: 'cluster', title: 'Cluster' },
      {
        state: 'problem',
        detail: `the server has ${error.clusters.values.length} clusters by the label ${error.clusters.label}, and none of them is chosen: ${error.clusters.values.filter((value) => value !== '').join(', ')}`,
        advice: adviseOnClusters(error.clusters.values),
        exitCode: 2,
      },
    );
  if (!(error instanceof UserError)) throw error;
  return completeResult(isFirst ? CONNECTION : { id: 'targets', title: 'Targets' }, {
    state: 'problem',
    detail: error.message,
    exitCode: error.isUsage ? 2 : 1,
  });
}
