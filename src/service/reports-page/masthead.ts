import { scoreBar } from '../../report/render/kit/charts/bars.ts';
import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, phrase, visible } from '../../report/render/kit/phrase.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { NOTHING_SEEN_WORDS } from '../../report/render/sections/nothing-seen/words.ts';
import { SILENCED_WORDS } from '../../report/render/sections/silenced/words.ts';
import { buildFrame, type Frame, type Link } from '../page-frame/frame.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { CLUSTER_STATUSES, type ClusterSummary, changeText, scoreChange } from './cluster-status.ts';
import {
  clusterStatusView,
  fileLinks,
  incidentsText,
  incompleteRemark,
  type PageContext,
  zoneName,
} from './context.ts';
import type { PageReport } from './page.ts';

type VerdictView = { status: StatusView; detail: string };
type Fact = { label: string; value: string; detail: string; bar: Markup | null; links: Link[] };

export type Masthead = {
  frame: Frame;
  heading: Phrase;
  verdict: VerdictView | null;
  facts: Fact[];
};

/** @param clusters worst first */
export function buildMasthead(context: PageContext, clusters: readonly ClusterSummary[]): Masthead {
  const { page } = context;
  const [only] = page.cluster === null ? [] : clusters;
  return {
    frame: frameOf(context),
    heading: headingOf(context),
    verdict: only ? clusterVerdict(context, only) : overallVerdict(context, clusters),
    facts: only?.latest ? clusterFacts(context, only, only.latest) : [],
  };
}

/** Leads also to the form, which is at the end of the page. */
function frameOf({ page, language }: PageContext): Frame {
  const frame = buildFrame(page.links, language);
  if (page.form === null) return frame;
  return {
    ...frame,
    links: [...frame.links, { text: FRAME_WORDS[language].form.heading, href: '#request' }],
  };
}

function headingOf({ page, words, language }: PageContext): Phrase {
  if (page.cluster !== null) return name(visible(page.cluster));
  return phrase`${page.reports === null ? words.clusters(page.clusters.length) : FRAME_WORDS[language].allReports}`;
}

function overallVerdict(context: PageContext, clusters: readonly ClusterSummary[]): VerdictView | null {
  const [worst] = clusters;
  if (!worst) return null;
  const counts = CLUSTER_STATUSES.map(
    (status) => [status, clusters.filter((cluster) => cluster.status === status).length] as const,
  ).filter(([, count]) => count > 0);
  return { status: clusterStatusView(context, worst.status), detail: context.words.tally(counts) };
}

function clusterVerdict(context: PageContext, { latest, status }: ClusterSummary): VerdictView {
  const { words, reportWords } = context;
  if (latest === null) return { status: clusterStatusView(context, status), detail: words.noReport };
  const sentences = [
    status === 'outdated' ? words.outdated : verdictDetail(context, latest),
    latest.silenced === undefined ? '' : SILENCED_WORDS[context.language].sentence(latest.silenced),
    incompleteRemark(context, latest) && reportWords.incomplete,
  ];
  return {
    status: clusterStatusView(context, status),
    detail: sentences.filter((sentence) => sentence !== '').join(reportWords.sentenceSpace),
  };
}

function verdictDetail(context: PageContext, latest: PageReport): string {
  if (latest.critical + latest.warning > 0)
    return context.words.latestIncidents(incidentsText(context, latest));
  if (latest.nothingSeen) return NOTHING_SEEN_WORDS[context.language].incomplete;
  return context.reportWords.verdictDetail(latest.verdict, 0, 0);
}

function clusterFacts(context: PageContext, { points, links }: ClusterSummary, latest: PageReport): Fact[] {
  const { words, reportWords, periods } = context;
  const { start, end } = latest.period;
  const before = points.at(-2);
  const change = before ? scoreChange(before, latest) : null;
  const empty = { detail: '', bar: null, links: [] };
  return [
    {
      ...empty,
      label: reportWords.score,
      value: latest.nothingSeen ? '–' : `${latest.score}${reportWords.outOfHundred}`,
      bar: latest.nothingSeen
        ? null
        : markup(scoreBar(latest.score, reportWords.scoreDescription(latest.score))),
    },
    {
      ...empty,
      label: words.latest,
      value: periods.text(latest),
      detail: [periods.inZone(latest.timeZone).duration(end - start), zoneName(context, latest)].join(
        reportWords.comma,
      ),
    },
    {
      ...empty,
      label: words.change,
      value: change === null ? '–' : changeText(change),
      detail: before && change !== null ? words.changeFrom(before.score, periods.text(before)) : '',
    },
    { ...empty, label: words.files, value: '', links: fileLinks(links) },
  ];
}
