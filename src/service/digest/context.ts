import type { Language } from '../../report/model/indicator.ts';
import { name, type Phrase } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { WORDS, type Words } from '../../report/render/kit/words/words.ts';
import { changeText } from '../reports-page/cluster-status.ts';
import { createPeriodFormatter, type PeriodFormatter } from '../reports-page/period.ts';
import { REPORTS_PAGE_WORDS, type ReportsPageWords } from '../reports-page/words.ts';
import type { Digest, DigestCluster, ReportedCluster } from './digest.ts';
import { mailSafe } from './mail-safe.ts';
import { DIGEST_WORDS, type DigestWords } from './words.ts';

/** The input of every part of the digest. */
export type DigestContext = {
  digest: Digest;
  language: Language;
  words: DigestWords;
  /** The words of the reports page and of the report, some of which the digest shares. */
  pageWords: ReportsPageWords;
  reportWords: Words;
  periods: PeriodFormatter;
  /** The digest's own period. */
  period: string;
};

export function createDigestContext(digest: Digest): DigestContext {
  const { language } = digest;
  const periods = createPeriodFormatter(language);
  return {
    digest,
    language,
    words: DIGEST_WORDS[language],
    pageWords: REPORTS_PAGE_WORDS[language],
    reportWords: WORDS[language],
    periods,
    period: periodText(periods, digest),
  };
}

/** Replaces no-break spaces, which some mail programs show badly in a subject. */
function periodText(
  periods: PeriodFormatter,
  { period, timeZone }: Pick<Digest, 'period' | 'timeZone'>,
): string {
  return periods.text({ period, timeZone }).replaceAll(/\s/g, ' ');
}

/** Returns the cluster's period if it reads differently from the digest's; the same day in two time zones does not. */
export function differingPeriod({ periods, period }: DigestContext, cluster: DigestCluster): string {
  const text = periodText(periods, cluster);
  return text === period ? '' : text;
}

/** `href` is null for an address that a mail program cannot open, which is then shown as text. */
export type DigestLink = { text: string; href: string | null; address: string };

export function createLink(text: string, url: string): DigestLink {
  const address = mailSafe(url).replace(/\s/g, encodeURIComponent);
  return { text, href: /^https?:\/\//i.test(address) ? address : null, address };
}

/** Returns the URL of the most readable file of the report. */
export function reportUrl({ links }: ReportedCluster): string | null {
  return links.html ?? links.pdf ?? Object.values(links)[0] ?? null;
}

/** Two lines of a phone's screen, in Latin letters. */
const LABEL_WIDTH = 48;

/** `full`: the whole name when `text` is shortened. */
export type ClusterLabel = { text: Phrase; full: string; href: string | null };

export function clusterLabel(cluster: DigestCluster): ClusterLabel {
  const full = mailSafe(cluster.name);
  const short = shorten(full, LABEL_WIDTH) || '–';
  const url = cluster.state === 'reported' ? reportUrl(cluster) : cluster.link;
  return {
    text: name(short),
    full: short === full ? '' : full,
    href: url === null ? null : createLink('', url).href,
  };
}

/** Returns the change of the score in words; empty without an earlier report. */
export function scoreChangeText({ words, digest }: DigestContext, change: number | null): string {
  if (change === null) return '';
  return change === 0 ? words.unchanged(digest.unit) : words.change(changeText(change), digest.unit);
}
