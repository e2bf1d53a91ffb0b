import { COVERAGE_CHECK_IDS, type Indicator } from '../report/model/indicator.ts';
import type { Recurrence } from '../report/model/recurrence.ts';
import type { Silence } from '../report/model/silence.ts';
import { type OnProblem, withFallback } from './errors.ts';
import { checkTimeZone, parseTime } from './period.ts';
import { parseRecurringTime } from './recurrence.ts';
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
  const span = (
    { from, until }: { from?: string | undefined; until?: string | undefined },
    name: string,
    zone: string,
  ) => {
    const seconds = (text: string | undefined, key: string) =>
      text === undefined
        ? null
        : withFallback(() => parseTime(text, zone, `${name}.${key}`), null, onProblem);
    const [start, end] = [seconds(from, 'from'), seconds(until, 'until')];
    if (start !== null && end !== null && start >= end) onProblem(`${name}.until: is not after from`);
    return { start, end };
  };
  return [
    ...silences.map(({ indicator, subject, reason, owner, ...times }, index): Silence => {
      const name = `silences.${index}`;
      if (!known.includes(indicator))
        onProblem(`${name}.indicator: ${indicator} is not an indicator${didYouMean(indicator, known)}`);
      return {
        kind: 'silence',
        indicator,
        subject: subject ?? null,
        reason: reason.trim(),
        owner: owner?.trim() ?? null,
        ...span(times, name, timeZone),
      };
    }),
    ...maintenance.map(({ name: work, subject, every, timeZone: given, ...times }, index): Silence => {
      const name = `maintenance.${index}`;
      const zone =
        given === undefined
          ? timeZone
          : withFallback(() => checkTimeZone(given, `${name}.timeZone`), timeZone, onProblem);
      return {
        kind: 'maintenance',
        indicator: null,
        subject: subject ?? null,
        reason: work.trim(),
        owner: null,
        ...span(times, name, zone),
        ...(every !== undefined && {
          recurrence: resolveRecurrence(every, `${name}.every`, zone, onProblem),
        }),
      };
    }),
  ];
}

function resolveRecurrence(
  every: string | readonly string[],
  name: string,
  timeZone: string,
  onProblem: OnProblem,
): Recurrence {
  const texts = typeof every === 'string' ? [every] : every;
  const times = texts.flatMap((text, index) => {
    const key = typeof every === 'string' ? name : `${name}.${index}`;
    return withFallback(() => [parseRecurringTime(text, key)], [], onProblem);
  });
  return { every: texts.map((text) => text.trim()), times, timeZone };
}
