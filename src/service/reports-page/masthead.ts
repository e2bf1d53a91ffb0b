import type { Language } from '../../report/model/indicator.ts';
import { scoreBar } from '../../report/render/kit/charts/bars.ts';
import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, phrase, visible } from '../../report/render/kit/phrase.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { NOTHING_SEEN_WORDS } from '../../report/render/sections/nothing-seen/words.ts';
import { changeOf, changeText, type Standings } from './cluster-status.ts';
import {
  type ArchiveContext,
  findingsOf,
  type Link,
  linksOf,
  remarkOf,
  statusOf,
  zoneNameOf,
} from './context.ts';
import { ARCHIVE_WORDS, STANDINGS } from './words.ts';

type Verdict = { status: StatusView; detail: string };
type Fact = { label: string; value: string; detail: string; bar: Markup | null; links: Link[] };

export type ArchiveMasthead = {
  kicker: string;
  heading: Phrase;
  all: Link | null;
  otherLanguage: Link & { code: Language };
  verdict: Verdict | null;
  facts: Fact[];
};

/** @param standings worst first */
export function archiveMasthead(context: ArchiveContext, standings: readonly Standings[]): ArchiveMasthead {
  const { page, words } = context;
  const { otherLanguage } = page;
  const [only] = page.cluster === null ? [] : standings;
  return {
    kicker: words.kicker,
    heading:
      page.cluster !== null
        ? name(visible(page.cluster))
        : phrase`${page.first === null ? words.clusters(page.clusters.length) : words.allClusters}`,
    all: page.all === undefined ? null : { text: words.allClusters, href: page.all },
    otherLanguage: {
      text: ARCHIVE_WORDS[otherLanguage.language].language,
      href: otherLanguage.link,
      code: otherLanguage.language,
    },
    verdict: only ? verdictOf(context, only) : tallyOf(context, standings),
    facts: only ? factsOf(context, only) : [],
  };
}

function tallyOf(context: ArchiveContext, standings: readonly Standings[]): Verdict | null {
  const [worst] = standings;
  if (!worst) return null;
  const counts = STANDINGS.map(
    (standing) => [standing, standings.filter((one) => one.standing === standing).length] as const,
  ).filter(([, count]) => count > 0);
  return { status: statusOf(context, worst.standing), detail: context.words.tally(counts) };
}

function verdictOf(context: ArchiveContext, { latest, standing }: Standings): Verdict | null {
  const { words, reportWords } = context;
  const status = statusOf(context, standing);
  if (latest === null) return { status, detail: words.noReport };
  const detail =
    latest.critical + latest.warning > 0
      ? words.findingsOfLatest(findingsOf(context, latest))
      : latest.nothingSeen
        ? NOTHING_SEEN_WORDS[context.language].incomplete
        : reportWords.verdictDetail(latest.verdict, 0, 0);
  return {
    status,
    detail: remarkOf(context, latest)
      ? `${detail}${reportWords.sentenceSpace}${reportWords.incomplete}`
      : detail,
  };
}

function factsOf(context: ArchiveContext, { latest, points, links }: Standings): Fact[] {
  if (latest === null) return [];
  const { words, reportWords, periods } = context;
  const { start, end } = latest.period;
  const format = periods.format(latest.timeZone);
  const before = points.at(-2);
  const change = before ? changeOf(before, latest) : null;
  const fact = { detail: '', bar: null, links: [] };
  return [
    {
      ...fact,
      label: reportWords.score,
      value: latest.nothingSeen ? '–' : `${latest.score}${reportWords.outOfHundred}`,
      bar: latest.nothingSeen
        ? null
        : markup(scoreBar(latest.score, reportWords.scoreDescription(latest.score))),
    },
    {
      ...fact,
      label: words.latest,
      value: periods.text(latest),
      detail: [format.duration(end - start), zoneNameOf(context, latest)].join(reportWords.comma),
    },
    {
      ...fact,
      label: words.change,
      value: change === null ? '–' : changeText(change),
      detail: before && change !== null ? words.changeFrom(before.score, periods.text(before)) : '',
    },
    { ...fact, label: words.files, value: '', links: linksOf(links) },
  ];
}
