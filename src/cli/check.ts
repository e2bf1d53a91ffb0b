import { openSecretStores } from '../aws/secrets.ts';
import { INDICATORS } from '../catalog/indicators/index.ts';
import { ConfigError, UnavailableError } from '../config/errors.ts';
import { resolvePeriod } from '../config/period.ts';
import type { Path } from '../config/places.ts';
import { resolveSettings, type Settings } from '../config/settings.ts';
import { GatherError } from '../gather/errors.ts';
import { openSource } from '../prometheus-source.ts';
import { type ConfigSource, checkConfigFile, keysOf } from './config-file.ts';
import { type ConnectionFlags, reachedBy } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import type { CommandContext } from './report.ts';
import { counted, describeAnswer, type IndicatorTrial, type Trial, tryIndicators } from './try-indicators.ts';

export type CheckFlags = ConnectionFlags & { config?: string; cluster?: string; offline?: true };

/** A cluster whose configuration is in order. */
type Checked = { cluster: string | undefined; settings: Settings; source: ConfigSource | null };

/** `antrea-health check`: what is wrong with a configuration, by itself and by what Prometheus says of it. */
export async function checkCommand(flags: CheckFlags, context: CommandContext): Promise<number> {
  if (flags.config === undefined && (flags.prometheus === undefined || flags.offline))
    throw new ConfigError('--config: say which file to check, or with --prometheus whom to ask');
  const { clusters, problems } = await readAll(flags);
  for (const problem of problems) complain(problem);
  if (problems.length > 0) return EXIT.usage;
  if (flags.config !== undefined) {
    const ids = new Set(clusters.flatMap(({ settings }) => ownOf(settings).map(({ id }) => id)));
    say(
      `${flags.config}: ok: ${counted(clusters.length, 'cluster')}, ${counted(ids.size, 'indicator')} of its own`,
    );
  }
  if (flags.offline) return EXIT.done;
  let code: number = EXIT.done;
  // What has to be mended in the file is wrong whenever it is run; a server may be back.
  for (const one of clusters) code = Math.max(code, await checkCluster(one, flags, context));
  return code;
}

function ownOf({ indicators }: Settings) {
  return indicators.filter(({ isOwn }) => isOwn);
}

/** The settings of every cluster that was meant, and everything that is wrong with the file, each thing once. */
async function readAll(flags: CheckFlags): Promise<{ clusters: Checked[]; problems: string[] }> {
  if (flags.config === undefined) {
    const settings = resolveSettings({}, INDICATORS);
    return { clusters: [{ cluster: flags.cluster, settings, source: null }], problems: [] };
  }
  const { source, clusters, problems } = await checkConfigFile(flags.config, flags.cluster);
  return { clusters: clusters.map((one) => ({ ...one, source })), problems };
}

/** Asks a cluster's Prometheus. */
async function checkCluster(one: Checked, flags: CheckFlags, context: CommandContext): Promise<number> {
  const { settings } = one;
  const whose = one.cluster === undefined ? '' : `${one.cluster}: `;
  if (settings.prometheus.capture !== undefined && flags.prometheus === undefined) {
    say(`${whose}is a capture; there is nobody to ask`);
    return EXIT.done;
  }
  context.progress.show(`${whose}asking Prometheus`);
  let trial: Trial;
  try {
    trial = await ask(one.cluster, settings, flags, context);
  } catch (error) {
    if (!isTheirs(error) || context.signal.aborted) throw error;
    context.progress.clear();
    complain(`${whose}${error.message}`);
    return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
  }
  context.progress.clear();
  const { nodes, controllers, answers } = trial;
  say(`${whose}Prometheus answers: ${counted(nodes.size, 'agent')}, ${counted(controllers, 'controller')}`);
  if (nodes.size + controllers === 0) {
    complain(`${whose}no Antrea target was seen; check prometheus.jobs and prometheus.matchers`);
  }
  return Math.max(EXIT.done, ...answers.map((answer) => judge(answer, nodes, one)));
}

async function ask(
  cluster: string | undefined,
  settings: Settings,
  flags: CheckFlags,
  { environment, signal }: CommandContext,
): Promise<Trial> {
  const { rangeSeconds, timeZone } = settings;
  const period = resolvePeriod({ rangeSeconds, timeZone, now: new Date() });
  const access = reachedBy(settings.prometheus, flags);
  const client = await openSource(access, { environment, secretStores: openSecretStores(), signal });
  try {
    return await tryIndicators(client, cluster, settings, period);
  } finally {
    await client.close();
  }
}

function isTheirs(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof UnavailableError || error instanceof GatherError;
}

/** Says what became of one indicator. */
function judge(answer: IndicatorTrial, nodes: ReadonlySet<string>, { cluster, source }: Checked): number {
  const { indicator } = answer;
  const paths = source
    ? keysOf(source.file, cluster).map((outer) => [...outer, 'indicators', indicator.id, 'query'])
    : [];
  const path = paths.find((one) => source?.places.has(one));
  const of = cluster === undefined ? '' : ` (of ${cluster})`;
  const place = (offset?: number) => {
    const line = path && source?.places.lineIn(path, offset);
    return `${source?.name}${line === undefined ? '' : `:${line}`}: indicators.${indicator.id}.query${of}`;
  };
  if (answer.ok) {
    const { line, doubts } = describeAnswer(indicator, answer.series, nodes);
    say(`${cluster === undefined ? '' : `${cluster}: `}${indicator.id}: ${line}`);
    for (const doubt of doubts) complain(`${place()}: ${doubt}`);
    for (const warning of answer.warnings) complain(`${place()}: Prometheus warns: ${warning}`);
    return EXIT.done;
  }
  const { kind, message } = answer.error;
  // A parse error has a place, "2:7: parse error: …", in the query as it was sent: its lines are those of the file.
  const [, line = ''] = /\b(\d+):\d+: parse error/.exec(message) ?? [];
  const written = path && source ? valueAt(source.file, path) : undefined;
  const offset = line === '' || typeof written !== 'string' ? undefined : lineStart(written, Number(line));
  complain(`${place(offset)}: ${message}`);
  return kind === 'rejected' ? EXIT.usage : EXIT.failed;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
}

function lineStart(text: string, line: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`antrea-health: ${text}\n`);
}
