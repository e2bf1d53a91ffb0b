import { type Command, Option } from 'commander';
import type { Run } from '../context.ts';
import { addTargetOptions, collectPair } from '../options.ts';
import type { RulesFlags } from '../rules.ts';

const DESCRIPTION = `Prints alerting rules for Prometheus or VictoriaMetrics: one alert for each
indicator and severity, from the same queries, thresholds and texts as the
report. With the address of a server, the rules fit the labels that it has.
The rules also respect the thresholds, runbooks and custom indicators of a
file.
docs/alerts.md explains what differs from the report.

Examples:
  # Rules for the labels that the server has
  $ antrea-health rules --prometheus http://localhost:9090 > antrea.rules.yaml

  # An object for the Prometheus operator, in Chinese
  $ antrea-health rules --config antrea-health.yaml --lang zh-CN \\
      --operator --object-label release=prom-stack | kubectl apply -f -

  # Without a server, for Antrea's sample configuration or other labels
  $ antrea-health rules
  $ antrea-health rules --agent-job antrea-agent \\
      --controller-job antrea --node-label node`;

const NOTES = `
Exit codes:
  0  The rules were printed.
  1  The server does not answer, or it has no targets of Antrea.
  2  The file or the command line must be corrected.
`;

export function addRulesCommand(program: Command, run: Run): Command {
  const command = program
    .command('rules')
    .summary('print alerting rules for Prometheus')
    .description(DESCRIPTION);
  addTargetOptions(command, 'language of the annotations');
  return command
    .option('--operator', 'print a PrometheusRule object for the Prometheus operator')
    .addOption(new Option('--name <name>', 'name of the object').default('antrea-health'))
    .addOption(new Option('--namespace <name>', 'namespace of the object').default('monitoring'))
    .addOption(
      new Option('--object-label <name=value>', 'label of the object; repeat for more')
        .argParser(collectPair)
        .default({}, 'none'),
    )
    .addHelpText('after', NOTES)
    .action((flags: RulesFlags) =>
      run(async (context) => (await import('../rules.ts')).rulesCommand(flags, context)),
    );
}
