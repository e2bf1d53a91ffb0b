import type { Severity } from '../../../model/indicator.ts';
import type { UpgradeFacts } from '../../kit/antrea-version.ts';
import { at, list, listSome, more, PERIODS_BEFORE, reasonText } from '../../kit/languages/english.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import type { PeriodBefore, SomeNames, SubjectLabel } from '../../kit/words/facts.ts';
import type { ChangeFacts, TrendFacts } from './facts.ts';

const comparedPeriod = (before: PeriodBefore | 'week-before') =>
  before === 'week-before' ? 'a week ago' : `the ${PERIODS_BEFORE[before]}`;

export const en = {
  heading: 'What changed',
  upgradeLabel: 'Version',
  upgrade: ({ component, from, to, isFinished }: UpgradeFacts): Phrase =>
    phrase`${component === 'agent' ? 'Agents' : 'Controller'} from ${from} to ${to}${isFinished ? '' : ', but not all of them at the end'}`,
  resolvedLabel: 'Resolved',
  stepLabel: 'New level',
  trendLabel: 'Trend',
  /** The least and the greatest share of several subjects. */
  shares: (least: string, greatest: string) => `${least} to ${greatest}`,
  comparedWith: (periods: readonly string[]) => `Compared with ${list(periods)}.`,
  notCompared: (before: PeriodBefore | 'week-before', reason: string | null) => {
    const text = reasonText(reason);
    return text === ''
      ? `Prometheus has no data from ${comparedPeriod(before)}.`
      : `Not compared with ${comparedPeriod(before)}: ${text}.`;
  },
  /** Indicators that could not be queried about an earlier period, and why. */
  unansweredBefore: (
    titles: SomeNames,
    before: PeriodBefore | 'week-before',
    reason: string | null,
  ): string =>
    `${listSome(titles, 'indicator', 'indicators')} could not be compared with ${comparedPeriod(before)} (${reasonText(reason)}).`,
  /** Queries of the history that failed, of how many, and why. */
  unanswered: (failed: number, queries: number, reason: string) =>
    `${failed} of ${queries} queries for the previous weeks failed (${reasonText(reason)}), so changes and capacity forecasts may be missing.`,
  resolved: (title: string, places: readonly SubjectLabel[], severity: Severity, value: string): Phrase => {
    const level = severity === 'critical' ? 'critical' : 'a warning';
    return phrase`${title} ${at(places)} (was ${level}${value === '' ? '' : `, ${value}`})`;
  },
  step: ({ title, places, largest, before, after, share, isRise, isRestart }: ChangeFacts): Phrase => {
    const verb = isRise ? 'rose' : 'fell';
    const by = share === '' ? '' : ` (${share})`;
    const restart = isRestart ? `, since ${places.length > 1 ? 'their' : 'its'} restart` : '';
    return places.length === 1
      ? phrase`${title} ${at(places)} ${verb} from ${before} to ${after}${by} and has stayed there so far${restart}`
      : phrase`${title} ${at(places)} ${verb}${by} and has stayed there so far${restart}; largest change ${at([largest])}, from ${before} to ${after}`;
  },
  trend: ({ title, places, largest, before, after, perDay, low, high, isRestart }: TrendFacts): Phrase => {
    const restart = isRestart ? ', since the restart' : '';
    const rate = `${perDay} per day (95% confidence ${low} to ${high}), from ${before} to ${after}${restart}`;
    return places.length === 1
      ? phrase`${title} ${at(places)}: ${rate}`
      : phrase`${title} ${at(places)}; largest change ${at([largest])}: ${rate}`;
  },
  more,
};
