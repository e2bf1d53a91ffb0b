import { visible } from '../report/model/visible-text.ts';
import { durationOf } from '../report/monitoring/queries.ts';
import { printRules } from '../report/monitoring/rules/print.ts';
import { makeRules } from '../report/monitoring/rules/rules.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { findMonitored } from './monitored-targets.ts';
import type { TargetFlags } from './options.ts';

export type RulesFlags = TargetFlags & {
  operator?: true | undefined;
  name: string;
  namespace: string;
  objectLabel: Readonly<Record<string, string>>;
};

/** `antrea-health rules`: prints alerting rules for Prometheus, or an object for its operator. */
export async function rulesCommand(flags: RulesFlags, context: CommandContext): Promise<number> {
  const { settings, targets } = await findMonitored(flags, context);
  const language = flags.lang ?? settings.rendition.language;
  const rules = makeRules({ targets, settings: settings.report, language });
  const { name, namespace, objectLabel: labels } = flags;
  const text = printRules(rules, {
    language,
    scrapeInterval: durationOf(targets.scrapeIntervalSeconds),
    object: flags.operator && { name, namespace, labels },
  });
  process.stdout.write(visible(text));
  return EXIT.done;
}
