import { COVERAGE_CHECK_IDS, type Indicator } from '../report/model/indicator.ts';
import type { Silence } from '../report/model/silence.ts';
import { type OnProblem, withFallback } from './errors.ts';
import { parseTime } from './period.ts';
import type { MaintenanceConfig, SilenceConfig } from './schema/silences.ts';
import { didYouMean } from './suggest.ts';

type SilencesConfig = {
  silences?: readonly SilenceConfig[] | undefined;
  maintenance?: readonly MaintenanceConfig[] | undefined;
};

/**
 * Returns silences and maintenance windows with times in Unix seconds.
 * @param indicators those of the cluster, custom ones included
 * @param onProblem receives lines that name the key
 */
export function resolveSilences(
  { silences = [], maintenance = [] }: SilencesConfig,
  indicators: readonly Indicator[],
  timeZone: string,
  onProblem: OnProblem,
): Silence[] {
  const known = [...indicators.map(({ id }) => id), ...COVERAGE_CHECK_IDS];
  const seconds = (text: string, name: string) =>
    withFallback(() => parseTime(text, timeZone, name), 0, onProblem);
  const check = (name: string, start: number | null, end: number) => {
    if (start !== null && start >= end) onProblem(`${name}.until: is not after from`);
  };
  return [
    ...silences.map(({ indicator, subject, reason, owner, from, until }, index): Silence => {
      const name = `silences.${index}`;
      if (!known.includes(indicator))
        onProblem(`${name}.indicator: ${indicator} is not an indicator${didYouMean(indicator, known)}`);
      const start = from === undefined ? null : seconds(from, `${name}.from`);
      const end = seconds(until, `${name}.until`);
      check(name, start, end);
      return {
        kind: 'silence',
        indicator,
        subject: subject ?? null,
        reason: reason.trim(),
        owner: owner?.trim() ?? null,
        start,
        end,
      };
    }),
    ...maintenance.map(({ name: work, subject, from, until }, index): Silence => {
      const name = `maintenance.${index}`;
      const [start, end] = [seconds(from, `${name}.from`), seconds(until, `${name}.until`)];
      check(name, start, end);
      return {
        kind: 'maintenance',
        indicator: null,
        subject: subject ?? null,
        reason: work.trim(),
        owner: null,
        start,
        end,
      };
    }),
  ];
}
