import * as z from 'zod';
import { LANGUAGES } from '../../../report/model/indicator.ts';
import { PERIOD_UNITS } from '../../../report/model/period.ts';
import { instant } from '../../../report/model/report-values.ts';
import { countSilenced } from '../../../report/model/silence.ts';
import { toInstant } from '../../../report/model/time.ts';
import { type Phrase, plain } from '../../../report/render/kit/phrase.ts';
import { DIGEST_CLUSTER_STATUSES, type RankedCluster, rankClusters } from '../cluster-status.ts';
import { reportUrl } from '../context.ts';
import type { Digest } from '../digest.ts';
import { cut, mailSafe } from '../mail-safe.ts';
import type { DigestView } from '../view.ts';

/** The digest as a document for programs: docs/digest.schema.json. */

const url = z.string().nullable();
const count = z.number().int().nonnegative();

export const digestDocument = z
  .strictObject({
    schemaVersion: z.literal('1'),
    kind: z.literal('antrea-health-digest'),
    digest: z.string().describe('name of the digest'),
    language: z.enum(LANGUAGES).describe('language of the texts'),
    period: z.strictObject({
      unit: z.enum(PERIOD_UNITS),
      start: instant,
      end: instant,
      timeZone: z.string().describe('IANA name'),
      text: z.string(),
    }),
    verdict: z.string().describe('how many of all clusters need attention'),
    counts: z
      .strictObject(
        Object.fromEntries(DIGEST_CLUSTER_STATUSES.map((status) => [status, count])) as Record<
          (typeof DIGEST_CLUSTER_STATUSES)[number],
          typeof count
        >,
      )
      .describe('number of clusters of each status'),
    note: z.string().nullable().describe('text of the configuration'),
    clusters: z
      .array(
        z.strictObject({
          name: z.string(),
          status: z
            .enum(DIGEST_CLUSTER_STATUSES)
            .describe('failed, missing and under-way: there is no report; unknown: it is incomplete'),
          score: z.number().nullable().describe('0 to 100; null without a report'),
          change: z.number().nullable().describe('of the score since the period before'),
          headline: z.string().nullable().describe('the worst incident, for the worst 25 clusters'),
          silenced: z
            .strictObject({ critical: count, warning: count })
            .nullable()
            .describe('findings that do not count, by severity; null without a report'),
          reason: z.string().nullable().describe('why there is no report'),
          url,
        }),
      )
      .describe('all clusters, the worst first'),
    incidents: z
      .array(
        z.strictObject({
          cluster: z.string(),
          severity: z.enum(['critical', 'warning']),
          headline: z.string(),
          isNew: z.boolean().describe('earlier periods did not have it'),
          when: z.string(),
          firstStep: z.string().nullable(),
          commands: z.array(z.string()).describe('shell commands of the first step'),
          url,
        }),
      )
      .describe('the worst incidents, the worst first; the reports have all'),
    reportsUrl: url.describe('the page with all reports'),
  })
  .describe('Digest of antrea-health-report, as a webhook receives it');
export type DigestDocument = z.infer<typeof digestDocument>;

export function makeDocument(
  name: string,
  digest: Omit<Digest, 'attached' | 'leftOut'>,
  view: DigestView,
): DigestDocument {
  // The rows of the view are the first of this list: only healthy clusters have no row, and they come last.
  const ranked = rankClusters(digest.clusters);
  const { start, end } = digest.period;
  return {
    schemaVersion: '1',
    kind: 'antrea-health-digest',
    digest: name,
    language: view.language,
    period: {
      ...{ unit: digest.unit, start: toInstant(start), end: toInstant(end) },
      ...{ timeZone: digest.timeZone, text: view.period },
    },
    verdict: view.verdict,
    counts: countStatuses(ranked),
    note: view.note.length === 0 ? null : view.note.join('\n'),
    clusters: ranked.map((one, index) => clusterEntry(one, view.attention?.rows[index]?.headline ?? null)),
    incidents: (view.topIncidents?.entries ?? []).map((incident) => ({
      cluster: incident.cluster.full || plain(incident.cluster.text),
      severity: incident.status.kind === 'critical' ? 'critical' : 'warning',
      headline: plain(incident.headline),
      isNew: incident.newLabel !== '',
      when: incident.when,
      firstStep: incident.step === null ? null : plain(incident.step.text),
      commands: (incident.step?.commands ?? [])
        .map(({ words }) => words.map(({ text, space }) => text + space).join(''))
        .filter((command) => command !== ''),
      url: incident.link?.href ?? null,
    })),
    reportsUrl: view.allReports?.href ?? null,
  };
}

function countStatuses(ranked: readonly RankedCluster[]): DigestDocument['counts'] {
  const counts = Object.fromEntries(
    DIGEST_CLUSTER_STATUSES.map((wanted) => [
      wanted,
      ranked.filter(({ status }) => status === wanted).length,
    ]),
  );
  return counts as DigestDocument['counts'];
}

/** Characters; a reason can be as long as a log. */
const LONGEST_REASON = 240;

function clusterEntry(
  { cluster, status }: RankedCluster,
  headline: Phrase | null,
): DigestDocument['clusters'][number] {
  const isReported = cluster.state === 'reported';
  const reason = isReported ? null : cluster.reason;
  return {
    name: mailSafe(cluster.name),
    status,
    score: isReported ? cluster.report.score : null,
    change: isReported ? cluster.change : null,
    headline: headline && plain(headline),
    silenced: isReported ? countSilenced(cluster.report) : null,
    reason: reason && cut(mailSafe(reason), LONGEST_REASON),
    url: isReported ? reportUrl(cluster) : cluster.link,
  };
}
