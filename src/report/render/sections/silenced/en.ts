import type { SilencedCounts } from '../../../model/silence.ts';
import { count, plural } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Silenced',
  introduction:
    'Known findings, and those within planned work. They change neither the verdict nor the score.',
  /** For the first line of a report. */
  sentence: ({ critical, warning }: SilencedCounts) => {
    const all = critical + warning;
    if (warning === 0) return `${plural(all, 'critical finding is', 'critical findings are')} silenced.`;
    const findings = `${plural(all, 'finding is', 'findings are')} silenced`;
    return critical === 0 ? `${findings}.` : `${findings}, ${count(critical)} of them critical.`;
  },
  /** For a line of a list. */
  count: ({ critical, warning }: SilencedCounts) => {
    const all = critical + warning;
    if (warning === 0) return `${plural(all, 'critical finding', 'critical findings')} silenced`;
    const findings = `${plural(all, 'finding', 'findings')} silenced`;
    return critical === 0 ? findings : `${findings}, ${count(critical)} critical`;
  },
  maintenance: (name: string) => `Maintenance: ${name}`,
  /** Who works on it, and until when. */
  owner: (owner: string) => `owner: ${owner}`,
  until: (time: string) => `until ${time}`,
  /** Between times of maintenance that comes again; each may have a comma. */
  windowSeparator: '; ',
  expired: 'Expired',
  unused: 'Without findings',
  allSubjects: 'all subjects',
  everything: 'everything',
};
