import { createHash } from 'node:crypto';
import type { Language } from '../../report/model/indicator.ts';
import { type Phrase, phrase } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { timeZoneNote } from '../reports-page/period.ts';
import {
  DIGEST_CLUSTER_STATUSES,
  hasSilenced,
  type RankedCluster,
  rankClusters,
  type StatusMark,
  statusMark,
} from './cluster-status.ts';
import { createDigestContext, createLink, type DigestContext, type DigestLink } from './context.ts';
import type { Digest, DigestAttachment } from './digest.ts';
import { type ClusterHighlights, pickHighlights } from './highlights.ts';
import { mailSafe } from './mail-safe.ts';
import {
  type ClusterLine,
  type ClusterRow,
  clusterLine,
  detailedCluster,
  healthyHighlights,
} from './rows.ts';
import { SCORE_HISTORY_SIZE } from './score-history.ts';
import { pickTopIncidents, type TopIncident } from './top-incidents.ts';
import type { DigestWords } from './words.ts';

export type ChartView = { cid: string; width: number; height: number; description: string };

type WithHighlights = { highlights: ClusterHighlights | null };
type AttentionRow = Omit<ClusterRow, 'scoreHistory'> & WithHighlights & { chart: ChartView | null };

/** All content of a digest, in the words of its language, for its HTML and its plain text alike. */
export type DigestView = {
  language: Language;
  subject: string;
  preheader: Phrase[];
  kicker: string;
  period: string;
  verdict: string;
  tally: StatusMark[];
  /** Lines. */
  note: string[];
  attention: {
    heading: string;
    rows: AttentionRow[];
    scoreHistoryNote: string;
    more: string;
    lines: ClusterLine[];
  } | null;
  topIncidents: { heading: string; firstStep: string; entries: TopIncident[]; more: string } | null;
  healthy: { heading: string; lines: (ClusterLine & WithHighlights)[] } | null;
  /** Replaces the highlights of clusters for which the message has no room; else empty. */
  moreHighlights: string;
  attachments: Phrase[];
  allReports: DigestLink | null;
  times: string;
  words: DigestWords;
  comma: string;
  sentenceSpace: string;
};

/** The SVG of each image of the message, by its Content-ID. */
export type Drawings = ReadonlyMap<string, string>;

/** Clusters with a row of details and a chart; those after them have one line. */
const MOST_ROWS = 25;

export function digestView(digest: Digest): { view: DigestView; drawings: Drawings } {
  const context = createDigestContext(digest);
  const { words, pageWords, reportWords } = context;
  const clusters = rankClusters(digest.clusters);
  const attention = clusters.filter(({ status }) => status !== 'healthy');
  const healthy = clusters.filter(({ status }) => status === 'healthy');
  const detailed = attention
    .slice(0, MOST_ROWS)
    .map((ranked) => ({ ranked, ...detailedCluster(context, ranked) }));
  const others = attention.slice(MOST_ROWS);

  const found = [
    ...detailed.map(({ highlights }) => highlights),
    ...healthy.map((ranked) => healthyHighlights(context, ranked)),
  ];
  const picked = pickHighlights(context, found);
  const drawings = new Map<string, string>();
  const rows = detailed.map(({ row: { scoreHistory, ...row } }, index) => ({
    ...row,
    chart: buildChart(scoreHistory, drawings),
    highlights: picked[index] ?? null,
  }));
  const lines = healthy.map((ranked, index) => ({
    ...clusterLine(context, ranked),
    highlights: picked[rows.length + index] ?? null,
  }));

  const highlighted = healthy.filter((_, index) => lines[index]?.highlights);
  const zones = shownZones(context, [...attention, ...highlighted]);
  const note = digest.note?.trim() ?? '';
  const verdict = verdictText(context, clusters);
  const view: DigestView = {
    language: context.language,
    subject: words.subject(verdict, context.period),
    preheader: preheader(context, clusters, rows),
    kicker: words.kicker[digest.unit],
    period: context.period,
    verdict,
    tally: tally(context, clusters),
    note: note === '' ? [] : mailSafe(note).split('\n'),
    attention: attentionView(context, rows, others),
    topIncidents: topIncidentsView(context, detailed, others.length > 0),
    healthy: lines.length === 0 ? null : { heading: words.healthy, lines },
    moreHighlights: found.some(({ length }, index) => length > 0 && !picked[index])
      ? words.moreHighlights
      : '',
    attachments: [
      attachmentsText(digest.attached, words.attached),
      attachmentsText(digest.leftOut, words.leftOut),
    ].filter((text) => text.length > 0),
    allReports: digest.listLink === null ? null : createLink(words.allReports, digest.listLink),
    times: timeZoneNote(pageWords, zones),
    words,
    comma: reportWords.comma,
    sentenceSpace: reportWords.sentenceSpace,
  };
  return { view, drawings };
}

/** Returns the verdict and the period in one line. */
export function digestSubject(digest: Omit<Digest, 'attached' | 'leftOut'>): string {
  const context = createDigestContext({ ...digest, attached: [], leftOut: [] });
  return context.words.subject(verdictText(context, rankClusters(digest.clusters)), context.period);
}

/** Returns how many clusters need attention, and if none does, how many are healthy only without silenced findings. */
function verdictText({ words }: DigestContext, clusters: readonly RankedCluster[]): string {
  const attention = clusters.filter(({ status }) => status !== 'healthy').length;
  const silenced = clusters.filter(({ cluster }) => hasSilenced(cluster)).length;
  return attention === 0 && silenced > 0
    ? words.healthyButSilenced(silenced, clusters.length)
    : words.verdict(attention, clusters.length);
}

function attentionView(
  context: DigestContext,
  rows: AttentionRow[],
  others: readonly RankedCluster[],
): DigestView['attention'] {
  if (rows.length === 0) return null;
  const { words, pageWords } = context;
  return {
    heading: words.attention,
    rows,
    scoreHistoryNote: rows.some(({ chart }) => chart !== null) ? pageWords.scoreHistoryNote : '',
    more: others.length === 0 ? '' : words.moreClusters(others.length),
    lines: others.map((ranked) => clusterLine(context, ranked)),
  };
}

function topIncidentsView(
  context: DigestContext,
  detailed: Parameters<typeof pickTopIncidents>[1],
  hasOthers: boolean,
): DigestView['topIncidents'] {
  const { words, reportWords } = context;
  const { entries, more } = pickTopIncidents(context, detailed);
  if (entries.length === 0) return null;
  return {
    heading: words.topIncidents,
    firstStep: reportWords.firstStep,
    entries,
    // The incidents of clusters without a row are not counted, so with such clusters the number would be wrong.
    more: more === 0 || hasOthers ? '' : words.moreInReports(more),
  };
}

/** Adds the drawing to `drawings`. Equal ones share an image, because most clusters are healthy on most days. */
function buildChart(
  scoreHistory: ClusterRow['scoreHistory'],
  drawings: Map<string, string>,
): ChartView | null {
  if (scoreHistory === null) return null;
  const { drawing, description } = scoreHistory;
  const hash = createHash('sha256').update(drawing).digest('hex').slice(0, 16);
  const cid = `score-${hash}@antrea-health-report`;
  drawings.set(cid, drawing);
  return { cid, ...SCORE_HISTORY_SIZE, description };
}

function tally({ words }: DigestContext, clusters: readonly RankedCluster[]): StatusMark[] {
  return DIGEST_CLUSTER_STATUSES.flatMap((status) => {
    const same = clusters.filter((cluster) => cluster.status === status);
    if (same.length === 0) return [];
    const silenced = status === 'healthy' ? same.filter(({ cluster }) => hasSilenced(cluster)).length : 0;
    const text = words.tally[status](same.length);
    const word = silenced === 0 ? text : words.withSilenced(text, silenced);
    return [statusMark(status, word.replaceAll(' ', '\u00a0'))];
  });
}

/** Returns what mail programs show after the subject in their list of messages: the worst headline and the tally. */
function preheader(
  context: DigestContext,
  clusters: readonly RankedCluster[],
  [worst]: readonly Pick<ClusterRow, 'cluster' | 'headline'>[],
): Phrase[] {
  const { words, reportWords } = context;
  const counts = tally(context, clusters).map(({ word }) => word);
  return [
    ...(worst?.headline ? [phrase`${worst.cluster.text}${words.colon}${worst.headline}`] : []),
    phrase`${counts.join(reportWords.comma)}`,
  ];
}

/** Number of attachments that are named; the others are counted. */
const MOST_NAMED = 12;
/** Latin letters. */
const NAME_WIDTH = 36;

function attachmentsText(
  attachments: readonly DigestAttachment[],
  write: (clusters: readonly string[], more: number) => Phrase,
): Phrase {
  if (attachments.length === 0) return [];
  const named = attachments.slice(0, MOST_NAMED).map(({ cluster }) => shorten(mailSafe(cluster), NAME_WIDTH));
  return write(named, attachments.length - named.length);
}

/** The time zones of the clusters whose incidents or highlights the message shows with their times. */
function shownZones({ periods }: DigestContext, shown: readonly RankedCluster[]): Set<string> {
  return new Set(
    shown
      .filter(({ cluster }) => cluster.state === 'reported')
      .map(({ cluster }) => mailSafe(periods.inZone(cluster.timeZone).timeZone)),
  );
}
