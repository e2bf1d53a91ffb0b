import { checkConfigFile } from '../config/check-file.ts';
import { ConfigError } from '../config/errors.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { type ExaminedCluster, examineCluster } from './check/examine.ts';
import { type PrintOptions, printDocument } from './check/print.ts';
import type { CheckDocument, ClusterResults } from './check/result.ts';
import type { ConnectionFlags } from './connection.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

export type CheckFlags = ConnectionFlags & {
  config?: string;
  cluster?: string;
  offline?: true;
  json?: true;
};

/** `antrea-health check`: what is wrong with a configuration, and what each cluster's server has of Antrea. */
export async function checkCommand(flags: CheckFlags, context: CommandContext): Promise<number> {
  if (flags.config === undefined && (flags.prometheus === undefined || flags.offline))
    throw new ConfigError('--config: say which file to check, or with --prometheus whom to ask');
  const { clusters, problems } = await readAll(flags);
  if (problems.length > 0 && !flags.json) {
    for (const problem of problems) complain(problem);
    return EXIT.usage;
  }
  const results: ClusterResults[] = [];
  if (problems.length === 0 && !flags.offline)
    for (const one of clusters) results.push(await examineCluster(one, flags, context));
  // What has to be corrected in the file is wrong whenever it is run; a server may be back.
  const codes = results.flatMap((one) => one.results.map(({ exitCode }) => exitCode));
  const ids = new Set(clusters.flatMap(({ settings }) => ownOf(settings).map(({ id }) => id)));
  const document: CheckDocument = {
    version: '1',
    checkedAt: new Date().toISOString(),
    exitCode: problems.length > 0 || codes.includes(2) ? 2 : codes.includes(1) ? 1 : 0,
    configuration:
      flags.config === undefined
        ? null
        : { file: flags.config, clusters: clusters.length, ownIndicators: ids.size, problems },
    clusters: results,
  };
  process.stdout.write(
    flags.json ? `${JSON.stringify(document, null, 2)}\n` : printDocument(document, styleOf(context)),
  );
  return document.exitCode;
}

/** Marks and colours are for terminals; https://no-color.org switches colours off. */
function styleOf({ environment }: CommandContext): PrintOptions {
  const { isTTY: isTerminal = false, columns = 80 } = process.stdout;
  const isPlain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  return { isTerminal, hasColours: isTerminal && !isPlain, columns };
}

function ownOf({ report }: Settings) {
  return report.indicators.filter(({ isOwn }) => isOwn);
}

/** The settings of every cluster that was meant, and everything that is wrong with the file, each thing once. */
async function readAll(flags: CheckFlags): Promise<{ clusters: ExaminedCluster[]; problems: string[] }> {
  if (flags.config === undefined) {
    const settings = resolveSettings({});
    return { clusters: [{ cluster: flags.cluster, settings, config: null }], problems: [] };
  }
  const { config, clusters, problems } = await checkConfigFile(flags.config, flags.cluster);
  return { clusters: clusters.map((one) => ({ ...one, config })), problems };
}

function complain(text: string): void {
  process.stderr.write(`antrea-health: ${text}\n`);
}
