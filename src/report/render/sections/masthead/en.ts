import { count, list, more, plural } from '../../kit/languages/english.ts';
import type { CoverageCounts } from '../../kit/words/facts.ts';
import type { SomeNames } from './facts.ts';

/** Returns names with how many more there are: "a, b and 7 more nodes". The nouns may be left out. */
function listSome({ names, more: further }: SomeNames, one = '', many = ''): string {
  if (further === 0) return list(names);
  const noun = further === 1 ? one : many;
  return `${names.join(', ')} ${more(further)}${noun === '' ? '' : ` ${noun}`}`;
}

export const en = {
  kicker: 'Antrea health report',
  period: 'Period',
  generated: 'Generated',
  coverage: 'Coverage',
  coverageSeen: (share: string) => `${share} of scrapes succeeded`,
  coverageUnknown: 'Unknown',
  recorded: (when: string) => `captured ${when}`,
  /**
   * The range of Antrea releases: from `from` to `until`, the last possible one. `until` may be unknown although
   * `before`, the first impossible one, is known.
   */
  antrea: (from: string | null, until: string | null, before: string | null) => {
    if (from === null) return `before ${before}`;
    if (until !== null) return from === until || from.startsWith(`${until}.`) ? until : `${from} to ${until}`;
    return before === null ? `${from} or later` : `${from} or later, before ${before}`;
  },
  antreaEvidence: 'based on metrics',
  missing: {
    failed: (titles: readonly string[]) =>
      `The ${titles.length === 1 ? 'query' : 'queries'} for ${list(titles)} failed.`,
    notCaptured: (titles: readonly string[]) => `The capture was recorded without ${list(titles)}.`,
    noData: (titles: readonly string[]) => `There is no data for ${list(titles)}.`,
    interval: 'The scrape interval could not be measured, so rate windows may be too short.',
    /** Indicators without readings, and the subjects that they lack. */
    readings: (titles: SomeNames, subjects: SomeNames) =>
      `${listSome(titles, 'indicator', 'indicators')}: no reading for ${listSome(subjects)}.`,
    moreReadings: (indicators: number) =>
      `${plural(indicators, 'more indicator lacks', 'more indicators lack')} some readings.`,
    agents: ({ agentsAtEnd, agentsDesired }: CoverageCounts) =>
      `Only ${count(agentsAtEnd)} of ${plural(agentsDesired ?? 0, 'agent', 'agents')} were scraped at the end of the period.`,
    warnings: (count: number) =>
      `Prometheus returned ${plural(count, 'warning', 'warnings')}, so its answers may be partial.`,
    other: 'Parts of the period have no data.',
  },
};
