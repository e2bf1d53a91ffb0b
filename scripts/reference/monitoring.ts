import { resolveSettings } from '../../src/config/settings.ts';
import type { Language } from '../../src/report/model/indicator.ts';
import { makeDashboard } from '../../src/report/monitoring/dashboard/dashboard.ts';
import { durationOf } from '../../src/report/monitoring/queries.ts';
import { type PrintRequest, printRules } from '../../src/report/monitoring/rules/print.ts';
import { makeRules } from '../../src/report/monitoring/rules/rules.ts';
import { assumedTargets } from '../../src/report/monitoring/targets.ts';

const settings = resolveSettings({}).report;
const targets = assumedTargets(settings);

/** Returns the rules for the labels of Antrea's sample configuration, as `antrea-health rules` prints them. */
export function sampleRules(language: Language, object?: PrintRequest['object']): string {
  const scrapeInterval = durationOf(targets.scrapeIntervalSeconds);
  return printRules(makeRules({ targets, settings, language }), { language, scrapeInterval, object });
}

/** Returns the dashboard for the same labels, as `antrea-health dashboard` prints it. */
export function sampleDashboard(language: Language): string {
  return `${JSON.stringify(makeDashboard({ targets, indicators: settings.indicators, language }), null, 2)}\n`;
}
