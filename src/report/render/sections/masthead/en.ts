import { list, plural } from '../../kit/languages/english.ts';
import type { CoverageCounts } from '../../kit/words/facts.ts';

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
    /** Subjects without a reading: some by name, and how many more. */
    readings: (title: string, subjects: readonly string[], more: number) =>
      `${title}: no reading for ${more > 0 ? `${subjects.join(', ')} and ${more} more` : list(subjects)}.`,
    agents: ({ agentsAtEnd, agentsDesired }: CoverageCounts) =>
      `Only ${agentsAtEnd} of ${plural(agentsDesired ?? 0, 'agent', 'agents')} were scraped at the end of the period.`,
    warnings: (count: number) =>
      `Prometheus returned ${plural(count, 'warning', 'warnings')}, so its answers may be partial.`,
    other: 'Parts of the period have no data.',
  },
};
