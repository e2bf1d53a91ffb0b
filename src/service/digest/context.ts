import type { Language } from '../../report/model/indicator.ts';
import { name, type Phrase } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { WORDS, type Words } from '../../report/render/kit/words/words.ts';
import { changeText } from '../reports-page/cluster-status.ts';
import { createPeriods, type Periods } from '../reports-page/period.ts';
import { ARCHIVE_WORDS, type ArchiveWords } from '../reports-page/words.ts';
import type { Digest, DigestCluster } from './digest.ts';
import { mailSafe } from './mail-safe.ts';
import { DIGEST_STANDINGS, DIGEST_WORDS, type DigestStanding, type DigestWords } from './words.ts';

/** What every part of the digest is made from. */
export type DigestContext = {
  digest: Digest;
  language: Language;
  words: DigestWords;
  /** Of the list and of the reports, which the digest shares. */
  listWords: ArchiveWords;
  reportWords: Words;
  periods: Periods;
  /** The digest's own. */
  period: string;
};

export function createDigestContext(digest: Digest): DigestContext {
  const { language } = digest;
  const periods = createPeriods(language);
  return {
    digest,
    language,
    words: DIGEST_WORDS[language],
    listWords: ARCHIVE_WORDS[language],
    reportWords: WORDS[language],
    periods,
    period: periodText(periods, digest),
  };
}

/** Spaces that do not break are no use in a subject. */
function periodText(periods: Periods, { period, timeZone }: Pick<Digest, 'period' | 'timeZone'>): string {
  return periods.text({ period, timeZone }).replaceAll(/\s/g, ' ');
}

/** Where it is another than the digest's; days are each cluster's own, which needs no words. */
export function ownPeriod({ periods, period }: DigestContext, cluster: DigestCluster): string {
  const own = periodText(periods, cluster);
  return own === period ? '' : own;
}

/** `kind`: its colour. */
export type DigestStatus = {
  kind: 'critical' | 'warning' | 'absent' | 'unknown' | 'healthy';
  glyph: string;
  word: string;
};

/** The shapes of the report as characters that the fonts of all systems have: mail programs show no drawings. */
const SHAPES: Readonly<Record<DigestStanding, Omit<DigestStatus, 'word'>>> = {
  critical: { kind: 'critical', glyph: '\u25c6' },
  warning: { kind: 'warning', glyph: '\u25b2' },
  failed: { kind: 'absent', glyph: '\u00d7' },
  missing: { kind: 'absent', glyph: '\u25a1' },
  'under-way': { kind: 'absent', glyph: '\u25a1' },
  unknown: { kind: 'unknown', glyph: '\u25a1' },
  healthy: { kind: 'healthy', glyph: '\u25cf' },
};

export function statusOf(standing: DigestStanding, word: string): DigestStatus {
  return { ...SHAPES[standing], word };
}

export type Reported = Extract<DigestCluster, { state: 'reported' }>;
export type StandingCluster = { cluster: DigestCluster; standing: DigestStanding };

/** Worst first; among the same, what still goes on before what is over, then the lower score, then the name. */
export function standingsOf(clusters: readonly DigestCluster[]): StandingCluster[] {
  return clusters
    .map((cluster) => ({ cluster, standing: standingOf(cluster) }))
    .sort(
      (a, b) =>
        DIGEST_STANDINGS.indexOf(a.standing) - DIGEST_STANDINGS.indexOf(b.standing) ||
        urgency(b.cluster) - urgency(a.cluster) ||
        scoreOf(a.cluster) - scoreOf(b.cluster) ||
        (a.cluster.name < b.cluster.name ? -1 : 1),
    );
}

function standingOf(cluster: DigestCluster): DigestStanding {
  if (cluster.state !== 'reported') return cluster.state;
  const { verdict, complete } = cluster.report;
  return verdict === 'healthy' && !complete ? 'unknown' : verdict;
}

function urgency(cluster: DigestCluster): number {
  if (cluster.state !== 'reported') return 0;
  const ongoing = cluster.report.incidents.filter((incident) => incident.ongoing);
  return ongoing.some(({ severity }) => severity === 'critical') ? 2 : ongoing.length > 0 ? 1 : 0;
}

const scoreOf = (cluster: DigestCluster) => (cluster.state === 'reported' ? cluster.report.score : 0);

/** `href` is null where it cannot be opened from a message: `address` is all that is known. */
export type DigestLink = { text: string; href: string | null; address: string };

export function linkOf(text: string, address: string): DigestLink {
  const shown = mailSafe(address).replace(/\s/g, encodeURIComponent);
  return { text, href: /^https?:\/\//i.test(shown) ? shown : null, address: shown };
}

/** The file that tells most. */
export function reportLink({ links }: Reported): string | null {
  return links.html ?? links.pdf ?? links.json ?? null;
}

/** In Latin letters: two lines of a phone. */
const CALLED_WIDTH = 48;

export type CalledCluster = { text: Phrase; full: string; href: string | null };

export function called(cluster: DigestCluster): CalledCluster {
  const whole = mailSafe(cluster.name);
  const short = shorten(whole, CALLED_WIDTH) || '–';
  const address = cluster.state === 'reported' ? reportLink(cluster) : cluster.link;
  return {
    text: name(short),
    full: short === whole ? '' : whole,
    href: address === null ? null : linkOf('', address).href,
  };
}

export function changeOf({ words, digest }: DigestContext, change: number | null): string {
  if (change === null) return '';
  return change === 0 ? words.unchanged(digest.unit) : words.change(changeText(change), digest.unit);
}
