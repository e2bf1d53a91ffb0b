import { createHash } from 'node:crypto';
import type { Language } from '../../report/model/indicator.ts';
import { type Phrase, plain } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import {
  createDigestContext,
  type DigestContext,
  type DigestLink,
  type DigestStatus,
  linkOf,
  type StandingCluster,
  standingsOf,
  statusOf,
} from './context.ts';
import type { Digest, DigestAttachment } from './digest.ts';
import { type TopFinding, topFindings } from './findings.ts';
import { type News, shareOut } from './highlights.ts';
import { mailSafe } from './mail-safe.ts';
import { type ClusterLine, type ClusterRow, clusterLine, detailedCluster, newsOfHealthy } from './rows.ts';
import { COURSE } from './score-history.ts';
import { DIGEST_STANDINGS, type DigestWords } from './words.ts';

export type ChartView = { cid: string; width: number; height: number; description: string };

/** Everything that a digest says, in the words of its language, for the page and for the text alike. */
export type DigestView = {
  language: Language;
  isChinese: boolean;
  subject: string;
  preheader: Phrase[];
  kicker: string;
  period: string;
  verdict: { status: DigestStatus; text: string };
  tally: DigestStatus[];
  /** Lines. */
  note: string[];
  attention: {
    heading: string;
    rows: (Omit<ClusterRow, 'course'> & { chart: ChartView | null; news: News | null })[];
    chartNote: string;
    more: string;
    lines: ClusterLine[];
  } | null;
  findings: { heading: string; firstStep: string; entries: TopFinding[]; more: string } | null;
  healthy: { heading: string; lines: (ClusterLine & { news: News | null })[] } | null;
  /** Empty where every cluster's news is told. */
  moreChanges: string;
  attachments: Phrase[];
  all: DigestLink | null;
  times: string;
  footer: Phrase;
  noTracking: string;
  words: DigestWords;
  comma: string;
};

/** A drawing for each picture of the message, by the name that the page has for it. */
export type Pictures = ReadonlyMap<string, string>;

/** So many clusters get a row with all there is to say and a picture; those after them a line. */
const ROWS = 25;

export function digestView(digest: Digest): { view: DigestView; pictures: Pictures } {
  const context = createDigestContext(digest);
  const { words, listWords, reportWords, language } = context;
  const standings = standingsOf(digest.clusters);
  const attention = standings.filter(({ standing }) => standing !== 'healthy');
  const healthy = standings.filter(({ standing }) => standing === 'healthy');
  const detailed = attention
    .slice(0, ROWS)
    .map((standing) => ({ standing, ...detailedCluster(context, standing) }));
  const others = attention.slice(ROWS);
  const pictures = new Map<string, string>();
  const news = [
    ...detailed.map((cluster) => cluster.news),
    ...healthy.map((standing) => newsOfHealthy(context, standing)),
  ];
  const told = shareOut(context, news);
  const rows = detailed.map(({ row: { course, ...row } }, index) => ({
    ...row,
    chart: chartOf(course, pictures),
    news: told[index] ?? null,
  }));
  const lines = healthy.map((standing, index) => ({
    ...clusterLine(context, standing),
    news: told[rows.length + index] ?? null,
  }));
  const findings = topFindings(context, detailed);
  const verdict = words.verdict(attention.length, standings.length);

  const view: DigestView = {
    language,
    isChinese: language === 'zh-CN',
    subject: words.subject(verdict, context.period),
    preheader: preheaderOf(context, standings, rows),
    kicker: words.kicker[digest.unit],
    period: context.period,
    verdict: { status: worstOf(standings), text: verdict },
    tally: tallyOf(context, standings),
    note: (digest.note ?? '').trim() === '' ? [] : mailSafe((digest.note ?? '').trim()).split('\n'),
    attention:
      attention.length === 0
        ? null
        : {
            heading: words.attention,
            rows,
            chartNote: rows.some(({ chart }) => chart !== null) ? listWords.courseNote : '',
            more: others.length === 0 ? '' : words.moreClusters(others.length),
            lines: others.map((standing) => clusterLine(context, standing)),
          },
    findings:
      findings.entries.length === 0
        ? null
        : {
            heading: words.findings,
            firstStep: reportWords.firstStep,
            entries: findings.entries,
            // Of the clusters that have only a line, nobody has counted.
            more: findings.more === 0 || others.length > 0 ? '' : words.moreElsewhere(findings.more),
          },
    healthy: lines.length === 0 ? null : { heading: words.healthy, lines },
    moreChanges: news.some(({ length }, index) => length > 0 && !told[index]) ? words.moreChanges : '',
    attachments: [
      attachmentsOf(digest.attached, words.attached),
      attachmentsOf(digest.leftOut, words.leftOut),
    ].filter((phrase) => phrase.length > 0),
    all: digest.listLink === null ? null : linkOf(words.all, digest.listLink),
    times: timesOf(context, [...attention, ...healthy.filter((_, index) => lines[index]?.news)]),
    footer: words.footer,
    noTracking: words.noTracking,
    words,
    comma: reportWords.comma,
  };
  return { view, pictures };
}

/** Equal courses are one picture: most clusters are fine on most days. */
function chartOf(course: ClusterRow['course'], pictures: Map<string, string>): ChartView | null {
  if (course === null) return null;
  const hash = createHash('sha256').update(course.drawing).digest('hex').slice(0, 16);
  const cid = `score-${hash}@antrea-health-report`;
  pictures.set(cid, course.drawing);
  return { cid, ...COURSE, description: course.description };
}

function worstOf([worst]: readonly StandingCluster[]): DigestStatus {
  return statusOf(worst?.standing ?? 'unknown', '');
}

function tallyOf({ words }: DigestContext, standings: readonly StandingCluster[]): DigestStatus[] {
  return DIGEST_STANDINGS.flatMap((standing) => {
    const count = standings.filter((one) => one.standing === standing).length;
    return count === 0 ? [] : [statusOf(standing, words.tally[standing](count).replaceAll(' ', '\u00a0'))];
  });
}

/** What mail programs show beside the subject, which has the verdict already: the worst cluster and what it has. */
function preheaderOf(
  context: DigestContext,
  standings: readonly StandingCluster[],
  [worst]: readonly Pick<ClusterRow, 'cluster' | 'said'>[],
): Phrase[] {
  const tally = tallyOf(context, standings).map(({ word }) => word);
  const counted: Phrase = [{ text: tally.join(context.reportWords.comma), name: false, code: false }];
  if (!worst?.said) return [counted];
  return [
    [...worst.cluster.text, { text: context.words.colon, name: false, code: false }, ...worst.said],
    counted,
  ];
}

/** So many attachments are named. */
const NAMED = 12;
const NAME_WIDTH = 36;

function attachmentsOf(
  attachments: readonly DigestAttachment[],
  say: (clusters: readonly string[], more: number) => Phrase,
): Phrase {
  if (attachments.length === 0) return [];
  const named = attachments.slice(0, NAMED).map(({ cluster }) => shorten(mailSafe(cluster), NAME_WIDTH));
  return say(named, attachments.length - named.length);
}

/** Only where the message tells any time, which it does of findings and of news. */
function timesOf({ listWords, periods }: DigestContext, told: readonly StandingCluster[]): string {
  const zones = new Set(
    told
      .filter(({ cluster }) => cluster.state === 'reported')
      .map(({ cluster }) => periods.format(cluster.timeZone).timeZone),
  );
  const [first, ...others] = zones;
  if (first === undefined) return '';
  return others.length > 0
    ? listWords.timesOfEach
    : listWords.times(plain([{ text: mailSafe(first), name: true, code: false }]));
}
