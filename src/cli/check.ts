import { checkConfigFile } from '../config/check-file.ts';
import { ConfigError } from '../config/errors.ts';
import { resolveSettings } from '../config/settings.ts';
import { type ExaminedCluster, examineCluster } from './check/examine.ts';
import { type PrintOptions, printDocument } from './check/print.ts';
import type { CheckDocument, ClusterResults } from './check/result.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ConnectionFlags } from './options.ts';
import { hasColours, printMessage } from './terminal.ts';

export type CheckFlags = ConnectionFlags & {
  config?: string | undefined;
  cluster?: string | undefined;
  offline?: true | undefined;
  json?: true | undefined;
};

/** `antrea-health check`: finds the problems of a configuration and examines the server of each cluster. */
export async function checkCommand(flags: CheckFlags, context: CommandContext): Promise<number> {
  if (flags.config === undefined && (flags.prometheus === undefined || flags.offline))
    throw new ConfigError('--config: give the file to check, or the address of a server with --prometheus');
  const { clusters, problems } = await findClusters(flags);
  if (problems.length > 0 && !flags.json) {
    for (const problem of problems) printMessage(problem);
    return EXIT.usage;
  }
  const results: ClusterResults[] = [];
  if (problems.length === 0 && !flags.offline)
    for (const cluster of clusters) results.push(await examineCluster(cluster, flags, context));
  const codes = results.flatMap((cluster) => cluster.results.map(({ exitCode }) => exitCode));
  const customIds = clusters.flatMap(({ settings }) =>
    settings.report.indicators.filter(({ isOwn }) => isOwn).map(({ id }) => id),
  );
  const document: CheckDocument = {
    version: '1',
    checkedAt: new Date().toISOString(),
    // 2 takes precedence: the file must be corrected in any case, but a server may become available again.
    exitCode: problems.length > 0 || codes.includes(2) ? 2 : codes.includes(1) ? 1 : 0,
    configuration:
      flags.config === undefined
        ? null
        : {
            file: flags.config,
            clusters: clusters.length,
            ownIndicators: new Set(customIds).size,
            problems,
          },
    clusters: results,
  };
  // The text has colours, which are control characters; its parts have none.
  process.stdout.write(
    flags.json ? `${JSON.stringify(document, null, 2)}\n` : printDocument(document, printOptions(context)),
  );
  return document.exitCode;
}

function printOptions({ environment }: CommandContext): PrintOptions {
  const { isTTY: isTerminal = false, columns = 80 } = process.stdout;
  return { isTerminal, hasColours: hasColours(process.stdout, environment), columns };
}

/** Returns the clusters to examine, and the problems of the configuration file. */
async function findClusters(flags: CheckFlags): Promise<{ clusters: ExaminedCluster[]; problems: string[] }> {
  if (flags.config === undefined) {
    const settings = resolveSettings({});
    return { clusters: [{ cluster: flags.cluster, settings, config: null }], problems: [] };
  }
  const { config, clusters, problems } = await checkConfigFile(flags.config, flags.cluster);
  return { clusters: clusters.map((cluster) => ({ ...cluster, config })), problems };
}
