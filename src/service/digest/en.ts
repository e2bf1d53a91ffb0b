import type { PeriodUnit } from '../../report/model/period.ts';
import { plural } from '../../report/render/kit/languages/english.ts';
import { join, name, type Phrase, phrase, withCode } from '../../report/render/kit/phrase.ts';
import type { DigestClusterStatus } from './cluster-status.ts';
import type { DigestCluster } from './digest.ts';

const number = (value: number) => value.toLocaleString('en-GB');

const ONE_PERIOD: Readonly<Record<PeriodUnit, string>> = {
  day: 'one day',
  week: 'one week',
  month: 'one month',
};

function listClusters(clusters: readonly string[], more: number): Phrase {
  const names = clusters.map(name);
  if (more > 0) return phrase`${join(names, ', ')} and ${number(more)} more`;
  const last = names.at(-1) ?? [];
  return names.length < 2 ? last : phrase`${join(names.slice(0, -1), ', ')} and ${last}`;
}

export const en = {
  kicker: {
    day: 'Antrea health, daily digest',
    week: 'Antrea health, weekly digest',
    month: 'Antrea health, monthly digest',
  } satisfies Record<PeriodUnit, string>,
  subject: (verdict: string, period: string) => `${verdict} – ${period}`,
  /** How many of all clusters need attention. */
  verdict: (attention: number, all: number) => {
    if (all === 0) return 'No clusters to report on';
    if (all === 1) return attention === 0 ? 'The cluster is healthy' : 'The cluster needs attention';
    if (attention === 0) return `All ${number(all)} clusters are healthy`;
    if (attention === all) return `All ${number(all)} clusters need attention`;
    return `${number(attention)} of ${number(all)} clusters ${attention === 1 ? 'needs' : 'need'} attention`;
  },
  /** The verdict when no cluster needs attention, but some have silenced findings. */
  healthyButSilenced: (silenced: number, all: number) =>
    all === 1
      ? 'The cluster is healthy apart from silenced findings'
      : silenced === all
        ? `All ${number(all)} clusters are healthy apart from silenced findings`
        : `All ${number(all)} clusters are healthy, ${number(silenced)} of them apart from silenced findings`,
  /** @param tally the number of healthy clusters in words */
  withSilenced: (tally: string, silenced: number) => `${tally} (${number(silenced)} with silenced findings)`,
  statuses: {
    critical: 'Critical',
    warning: 'Warning',
    failed: 'Report failed',
    missing: 'No report',
    'under-way': 'Report in progress',
    unknown: 'Unknown',
    healthy: 'Healthy',
  } satisfies Record<DigestClusterStatus, string>,
  tally: {
    critical: (count: number) => `${number(count)} critical`,
    warning: (count: number) => `${number(count)} with warnings`,
    failed: (count: number) => `${plural(count, 'report', 'reports')} failed`,
    missing: (count: number) => `${number(count)} without a report`,
    'under-way': (count: number) => `${plural(count, 'report', 'reports')} in progress`,
    unknown: (count: number) => `${number(count)} unknown`,
    healthy: (count: number) => `${number(count)} healthy`,
  } satisfies Record<DigestClusterStatus, (count: number) => string>,

  attention: 'Needs attention',
  noReport: {
    failed: 'The report could not be made, so the state of this cluster is unknown.',
    missing: 'There is no report for this period, so the state of this cluster is unknown.',
    'under-way': 'The report is not finished yet, so the state of this cluster is unknown.',
  } satisfies Record<Exclude<DigestCluster['state'], 'reported'>, string>,
  reason: (reason: string) => phrase`Reason: ${name(reason)}`,
  reasonUnknown: 'Reason: unknown',
  incomplete: (reasons: string) => phrase`The report is incomplete. ${name(reasons)}`,
  /** Replaces the highlights of clusters for which the digest has no room. */
  moreHighlights: 'The reports list more changes.',
  moreIncidents: (count: number) => `and ${plural(count, 'more incident', 'more incidents')}`,
  moreClusters: (count: number) => `${plural(count, 'more cluster needs', 'more clusters need')} attention`,
  score: 'Score',
  /** Within a sentence. */
  scoreOf: (score: string) => `score ${score}`,
  /** @param change with its sign */
  change: (change: string, unit: PeriodUnit) => `${change} in ${ONE_PERIOD[unit]}`,
  unchanged: (unit: PeriodUnit) => `no change in ${ONE_PERIOD[unit]}`,
  report: 'Report',
  details: 'Details',

  topIncidents: 'What to do first',
  /** Replaces a first step that an incident further up has too; the commands differ and follow. */
  sameStep: 'Same step as above:',
  moreInReports: (count: number) => `The reports list ${plural(count, 'more incident', 'more incidents')}.`,
  chartAndSteps: 'Chart and next steps',
  /** Replaces incidents for which a chat message has no room. */
  moreIncidentsInReports: 'The reports list more incidents.',
  /** Heading in a chat message. */
  changesAndCapacity: 'Changes and capacity',

  healthy: 'Healthy',

  attached: (clusters: readonly string[], more: number) =>
    phrase`Attached as PDF: ${listClusters(clusters, more)}.`,
  leftOut: (clusters: readonly string[], more: number) =>
    phrase`Not attached because the message would be too large: ${listClusters(clusters, more)}.`,
  allReports: 'All reports',
  /** In plain text, where an address may follow. */
  colon: ': ',
  footer: withCode(
    'Sent by antrea-health-report. To change recipients, time, language or note, edit `digests` in its configuration.',
  ),
  noTracking: 'This message loads no external content and does not track whether it is read.',
};
