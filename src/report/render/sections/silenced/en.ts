import { plural } from '../../kit/languages/english.ts';

export const en = {
  heading: 'Silenced',
  introduction:
    'Known findings, and those within planned work. They change neither the verdict nor the score.',
  /** For the first line of a report. */
  sentence: (findings: number) => `${plural(findings, 'finding is', 'findings are')} silenced.`,
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
