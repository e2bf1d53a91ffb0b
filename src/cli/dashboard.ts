import { makeDashboard } from '../report/monitoring/dashboard/dashboard.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { findMonitored } from './monitored-targets.ts';
import type { TargetFlags } from './options.ts';
import { print } from './terminal.ts';

/** `antrea-health dashboard`: prints a dashboard for Grafana. */
export async function dashboardCommand(flags: TargetFlags, context: CommandContext): Promise<number> {
  const { settings, targets } = await findMonitored(flags, context);
  const language = flags.lang ?? settings.rendition.language;
  const { indicators } = settings.report;
  print(JSON.stringify(makeDashboard({ targets, indicators, language }), null, 2));
  return EXIT.done;
}
