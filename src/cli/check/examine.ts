import type { ClusterSettings } from '../../config/check-file.ts';
import type { Config } from '../../config/file.ts';
import { resolvePeriod } from '../../config/period.ts';
import { openSecretSources } from '../../connect/secrets.ts';
import { openSource } from '../../connect/source.ts';
import { GatherError, isServerLost, QueryError } from '../../report/gather/errors.ts';
import type { BuildInfo, LiveSource } from '../../report/gather/source.ts';
import { failFast } from '../../report/gather/source-decorators.ts';
import { UserError } from '../../report/model/user-error.ts';
import { overrideConnection } from '../connection.ts';
import type { CommandContext } from '../context.ts';
import type { ConnectionFlags } from '../options.ts';
import { CHECKS, CHECKS_WITHOUT_TARGETS } from './checks.ts';
import { adviseOnClusters } from './cluster-label.ts';
import { type Check, type Facts, gatherFacts } from './facts.ts';
import { type CheckResult, type ClusterResults, toResult, unknownVerdict, type Verdict } from './result.ts';

const CONNECTION = { id: 'connection', title: 'Connection' };

/** A cluster to examine, and the configuration file that lists it. */
export type ExaminedCluster = ClusterSettings & { config: Config | null };

/** Runs all checks on the server of one cluster. */
export async function examineCluster(
  { cluster, settings, config }: ExaminedCluster,
  flags: ConnectionFlags,
  { environment, progress, signal }: CommandContext,
): Promise<ClusterResults> {
  const name = cluster ?? null;
  if (settings.prometheus.capture !== undefined && flags.prometheus === undefined) {
    const verdict: Verdict = { state: 'ok', detail: 'a capture is used; there is no server to check' };
    return { cluster: name, address: null, results: [toResult(CONNECTION, verdict)] };
  }
  progress.show(`${cluster === undefined ? '' : `${cluster}: `}querying Prometheus`);
  const access = overrideConnection(settings.prometheus, flags);
  const address = access.url === undefined ? null : withoutSecrets(access.url);
  const results: CheckResult[] = [];
  let client: LiveSource | undefined;
  try {
    client = await openSource(access, openSecretSources(environment), signal);
    const { report, rangeSeconds } = settings;
    const period = resolvePeriod({ rangeSeconds, timeZone: report.timeZone, now: new Date() });
    const { verdict, build } = await checkConnection(client, address ?? '', period.end);
    results.push(toResult(CONNECTION, verdict));
    const facts = await gatherFacts(failFast(client), { cluster, settings: report, config, period, build });
    const checks = facts.survey.targets.length > 0 ? CHECKS : CHECKS_WITHOUT_TARGETS;
    results.push(...(await Promise.all(checks.map((check) => runCheck(check, facts)))).flat());
  } catch (error) {
    if (signal.aborted) throw error;
    results.push(describeFailure(error, results.length === 0));
  } finally {
    await client?.close();
    progress.clear();
  }
  return { cluster: name, address, results };
}

/** Removes user name, password and parameters from an address, because each of them may be secret. */
export function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

async function checkConnection(
  client: LiveSource,
  address: string,
  time: number,
): Promise<{ verdict: Verdict; build: BuildInfo }> {
  const start = performance.now();
  await client.instant('vector(1)', time);
  const milliseconds = Math.max(1, Math.round(performance.now() - start));
  const build = await client.buildInfo();
  const server = [build.product ?? 'server and version unknown', build.version].filter(
    (part) => part !== null,
  );
  return {
    verdict: { state: 'ok', detail: `${address} answers in ${milliseconds} ms; ${server.join(' ')}` },
    build,
  };
}

async function runCheck(check: Check, facts: Facts): Promise<CheckResult[]> {
  try {
    return (await check.run(facts)).map((verdict) => toResult(check, verdict));
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind === 'aborted') throw error;
    return [
      toResult(
        check,
        isServerLost(error) ? { state: 'problem', detail: error.message } : unknownVerdict(error.message),
      ),
    ];
  }
}

/** Describes why the checks could not be run, as a result of the check that the failure belongs to. */
function describeFailure(error: unknown, isFirst: boolean): CheckResult {
  if (error instanceof GatherError && error.clusters !== null) {
    const { label, values } = error.clusters;
    return toResult(
      { id: 'cluster', title: 'Cluster' },
      {
        state: 'problem',
        detail: `the server has ${values.length} clusters (label ${label}), and none is chosen: ${values.filter((value) => value !== '').join(', ')}`,
        advice: adviseOnClusters(values),
        exitCode: 2,
      },
    );
  }
  if (!(error instanceof UserError)) throw error;
  return toResult(isFirst ? CONNECTION : { id: 'targets', title: 'Targets' }, {
    state: 'problem',
    detail: error.message,
    exitCode: error.isUsage ? 2 : 1,
  });
}
