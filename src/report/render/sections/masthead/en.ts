import { because, count, list, listSome, PERIODS_BEFORE, plural } from '../../kit/languages/english.ts';
import type { CoverageCounts, PeriodBefore, SomeNames } from '../../kit/words/facts.ts';

export const en = {
  kicker: 'Antrea health report',
  period: 'Period',
  scoreBefore: (score: number, before: PeriodBefore) => `${score} the ${PERIODS_BEFORE[before]}`,
  generated: 'Generated',
  coverage: 'Coverage',
  coverageSeen: (share: string) => `${share} of scrapes succeeded`,
  coverageUnknown: 'Unknown',
  recorded: (when: string) => `captured ${when}`,
  afterPeriod: (duration: string) => `${duration} after the period`,
  missing: {
    failed: (titles: readonly string[]) =>
      `The ${titles.length === 1 ? 'query' : 'queries'} for ${list(titles)} failed.`,
    notCaptured: (titles: readonly string[]) => `The capture was recorded without ${list(titles)}.`,
    noData: (titles: readonly string[]) => `There is no data for ${list(titles)}.`,
    targets: (reason: string | null) =>
      `A query that finds targets failed, so some targets may be missing${because(reason ?? '')}`,
    agentsWanted: (reason: string | null) => `How many agents should run is unknown${because(reason ?? '')}`,
    restarts: 'Some targets have no process_start_time_seconds, so their restarts are unknown.',
    /** The indicators whose thresholds compare with the period before; `null`: it has no data of them. */
    usualLevel: (titles: readonly string[], before: PeriodBefore, reason: string | null) =>
      reason === null
        ? `The ${PERIODS_BEFORE[before]} has no data of ${list(titles)}, so deviations from the usual level may be missing.`
        : `The query about the ${PERIODS_BEFORE[before]} failed for ${list(titles)}, so deviations from the usual level may be missing${because(reason)}`,
    interval: 'The scrape interval could not be measured, so rate windows may be too short.',
    /** Indicators without readings, which are only counted where there are many, and the subjects that they lack. */
    readings: (titles: SomeNames, subjects: SomeNames) =>
      titles.more > 0
        ? `${count(titles.names.length + titles.more)} indicators have no reading for ${listSome(subjects)}.`
        : `${list(titles.names)}: no reading for ${listSome(subjects)}.`,
    moreReadings: (indicators: number) =>
      `${plural(indicators, 'more indicator lacks', 'more indicators lack')} some readings.`,
    /** `unread`: how many of the missing agents are on the nodes without readings, where these are many. */
    agents: ({ agentsAtEnd, agentsDesired }: CoverageCounts, unread: number | null) => {
      const desired = agentsDesired ?? 0;
      const missing = desired - agentsAtEnd;
      const sentence = `${count(missing)} of ${plural(desired, 'agent', 'agents')} ${missing === 1 ? 'was' : 'were'} missing at the end of the period`;
      if (unread === null) return `${sentence}.`;
      if (unread === missing)
        return `${sentence}, ${missing === 1 ? 'on one' : 'all of them on some'} of these nodes.`;
      if (unread > 0) return `${sentence}, ${count(unread)} of them on these nodes.`;
      return `${sentence}, ${missing === 1 ? 'on another node' : 'all of them on other nodes'}.`;
    },
    warnings: (count: number) =>
      `Prometheus returned ${plural(count, 'warning', 'warnings')}, so its answers may be partial.`,
    other: 'Parts of the period have no data.',
  },
};
