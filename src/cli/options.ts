import { type Command, InvalidArgumentError, Option } from 'commander';
import { OUTPUT_FORMATS, type OutputFormat } from '../report/formats.ts';
import { LANGUAGES, type Language } from '../report/model/indicator.ts';
import { PAGE_SIZES, type PageSize } from '../report/model/rendition.ts';

/** Options that several commands have, and the types of their values. */

export type ConnectionFlags = {
  prometheus?: string | undefined;
  bearerTokenFile?: string | undefined;
  caFile?: string | undefined;
};

export function addConnectionOptions(command: Command): void {
  command
    .option('--prometheus <url>', 'address of the Prometheus API, with its path prefix if it has one')
    .option('--bearer-token-file <file>', 'file that contains the token for Prometheus')
    .option('--ca-file <file>', "PEM file with certificates to trust in addition to the system's");
}

/** Which targets rules and dashboards select. */
export type TargetFlags = ConnectionFlags & {
  config?: string | undefined;
  cluster?: string | undefined;
  offline?: true | undefined;
  lang?: Language | undefined;
  agentJob?: string | undefined;
  controllerJob?: string | undefined;
  nodeLabel?: string | undefined;
  matcher: Readonly<Record<string, string>>;
};

export function addTargetOptions(command: Command, language: string): void {
  addConnectionOptions(command);
  command
    .option('--config <file>', 'configuration file (YAML)')
    .option('--cluster <name>', 'cluster of the file, or of a server with several clusters')
    .addOption(
      new Option('--offline', 'do not query the server that the file names').conflicts(['prometheus']),
    )
    .addOption(new Option('--lang <language>', language).choices([...LANGUAGES]))
    .option('--agent-job <name>', 'job of the agents, like prometheus.jobs.agent')
    .option('--controller-job <name>', 'job of the controller, like prometheus.jobs.controller')
    .option('--node-label <name>', "label with the node's name, like prometheus.nodeLabel")
    .addOption(
      new Option(
        '--matcher <label=value>',
        'label that all series have, like prometheus.matchers; repeat for more',
      )
        .argParser(collectPair)
        .default({}, 'none'),
    );
}

/** Adds "name=value" to the pairs of an option that can be repeated. */
export function collectPair(text: string, pairs: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Give name=value.');
  return { ...pairs, [name]: value };
}

/** Where the files of a report go, and the Chromium that prints them; the bundled or an installed one when absent. */
export type OutputFlags = { out: string; chromium?: string | undefined };

/** What a command that writes a report prints, for its help. */
export const OUTPUT_NOTES = `
Output:
  Standard output has one line: the address of report.html, or the path of the
  folder if this command wrote no page. On a terminal, standard error shows the
  verdict and the worst incidents. NO_COLOR=1 switches colors off.
`;

export type RenditionFlags = OutputFlags & {
  lang?: Language | undefined;
  format?: OutputFormat[] | undefined;
  pageSize?: PageSize | undefined;
};

export function addRenditionOptions(command: Command): void {
  command
    .addOption(new Option('--lang <language>', 'language of the report').choices([...LANGUAGES]))
    .addOption(
      // The parser replaces that of the choices, which accepts only one of them.
      new Option('--format <list>', 'files to write, a comma-separated list')
        .choices(OUTPUT_FORMATS)
        .argParser(parseFormats),
    )
    .addOption(new Option('--page-size <size>', 'paper size of the PDF').choices([...PAGE_SIZES]))
    .addOption(new Option('--out <folder>', 'folder for the new report folder').default('reports'));
  addChromiumOption(command);
}

export function addChromiumOption(command: Command): void {
  command.option(
    '--chromium <path>',
    'Chromium, Chrome or Edge that prints the PDF (default: the bundled one on Linux x64, or an installed one)',
  );
}

function parseFormats(text: string): OutputFormat[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !OUTPUT_FORMATS.includes(name as OutputFormat));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is not one of ${OUTPUT_FORMATS.join(', ')}.`);
  return [...new Set(names as OutputFormat[])];
}

/** The configuration and the store of the reports. */
export type StoreFlags = {
  config: string;
  archive?: string | undefined;
  bucket?: string | undefined;
};

export function addStoreOptions(command: Command): void {
  command
    .requiredOption('--config <file>', 'configuration file (YAML)')
    .addOption(
      new Option(
        '--archive <folder>',
        'folder that stores the reports (default: the key archive of the configuration)',
      ).conflicts('bucket'),
    )
    .option('--bucket <name>', 'S3 bucket that stores the reports');
}

/** The same, and when the schedule or digest was due. */
export type ArchiveFlags = StoreFlags & { at?: string | undefined };

export function addArchiveOptions(command: Command): void {
  addStoreOptions(command);
  command.option(
    '--at <time>',
    'time when it was due; an earlier time selects an earlier period (default: now)',
  );
}
