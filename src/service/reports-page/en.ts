import { plural } from '../../report/render/kit/languages/english.ts';
import { type Phrase, phrase } from '../../report/render/kit/phrase.ts';
import type { ClusterStatus, ScoreHistoryFacts } from './cluster-status.ts';
import type { UnfinishedReport } from './page.ts';

/** Keeps a number and its noun on one line. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

const TALLY: Readonly<Record<ClusterStatus, string>> = {
  critical: 'critical',
  warning: 'with warnings',
  missing: 'without a report',
  outdated: 'out of date',
  unknown: 'unknown',
  healthy: 'healthy',
};

export const en = {
  title: 'Antrea health reports',
  clusters: (count: number) => plural(count, 'cluster', 'clusters'),
  statuses: {
    critical: 'Critical',
    warning: 'Warning',
    missing: 'No report yet',
    outdated: 'Out of date',
    unknown: 'Unknown',
    healthy: 'Healthy',
  } satisfies Record<ClusterStatus, string>,
  /** @param counts the number of clusters per status, worst first, without zeros */
  tally: (counts: readonly (readonly [ClusterStatus, number])[]) =>
    `${counts.map(([status, count]) => unbroken(`${count.toLocaleString('en-GB')} ${TALLY[status]}`)).join(', ')}.`,
  incidents: (critical: number, warning: number) =>
    [
      critical > 0 ? `${critical.toLocaleString('en-GB')} critical` : '',
      warning > 0 ? plural(warning, 'warning', 'warnings') : '',
    ]
      .filter((part) => part !== '')
      .map(unbroken)
      .join(', '),
  noIncidents: 'none',
  /** For an incomplete report. */
  noIncidentsFound: 'none found',
  outdated: 'No problems in the latest report, but another one is overdue.',
  latestIncidents: (incidents: string) => `Incidents in the latest report: ${incidents}.`,
  noReport: 'No report has been made yet, so the state of the cluster is unknown.',
  incomplete: 'incomplete',
  change: 'Change',
  changeFrom: (score: number, period: string) => `from ${score} (${period})`,
  age: (duration: string) => `ended ${duration} ago`,

  activity: 'Under way, failed or missing',
  states: {
    queued: (since: string) => `Queued since ${since}`,
    running: (since: string) => `Being made since ${since}`,
    failed: (since: string) => `Failed on ${since}`,
  } satisfies Record<UnfinishedReport['state'], (since: string) => string>,
  lastAttempt: (reason: Phrase): Phrase => phrase`the last attempt failed: ${reason}`,
  missed: (period: string, due: string) =>
    `No report for ${period}. It was due on ${due}, and nothing has requested it.`,

  latestOfEach: 'Latest report of each cluster',
  compare: 'Compare with the report before',
  compareColumn: 'Compare',
  comparePrevious: 'with previous',
  compareHeading: 'Compare two reports',
  compareFirst: 'First report',
  compareSecond: 'Second report',
  compareSend: 'Compare',
  latest: 'Latest report',
  reports: 'All reports',
  newestReports: 'Newest reports',
  olderReports: 'Older reports',
  status: 'Status',
  cluster: 'Cluster',
  period: 'Period',
  score: 'Score',
  scoreHistory: 'Score history',
  scoreHistoryHeading: (reports: number) =>
    `Score history of the last ${plural(reports, 'report', 'reports')}`,
  scoreHistoryDescription: ({ reports, first, latest, lowest, incomplete }: ScoreHistoryFacts) =>
    reports === 1
      ? `Score of the only report: ${latest}${incomplete > 0 ? ' (incomplete)' : ''}`
      : `Scores of the last ${reports} reports: first ${first}, lowest ${lowest}, latest ${latest}${
          incomplete > 0 ? `; ${incomplete} incomplete` : ''
        }`,
  scoreHistoryNote:
    'Score history, from 0 to 100: each point is one report, with the latest on the right. A hollow point is an incomplete report.',
  incidentsColumn: 'Incidents',
  languageColumn: 'Language',
  files: 'Files',

  nothingYet: 'There are no reports yet.',
  noClusters:
    'You are signed in, but you have no access to the reports of any cluster. The administrator of this service decides which groups see which clusters.',
  nothingOlder: 'There are no older reports.',
  next: 'Older reports',
  first: 'Back to the newest reports',

  times: (timeZone: string) => `Dates and times are in ${timeZone}.`,
  timesOfEach: 'Dates and times are in the time zone of each cluster.',
};
