import type { Context } from '../../report/render/kit/context.ts';
import type { Phrase } from '../../report/render/kit/phrase.ts';
import { runningOut } from '../../report/render/sections/capacity/view.ts';
import { CAPACITY_WORDS } from '../../report/render/sections/capacity/words.ts';
import { newSteps } from '../../report/render/sections/changes/view.ts';
import { CHANGE_WORDS } from '../../report/render/sections/changes/words.ts';
import type { DigestContext } from './context.ts';
import { shortNames } from './mail-safe.ts';

/** `label`: what kind of news it is; `when` may be empty. */
export type NewsLine = { urgency: number; label: string; text: Phrase; when: string };

/** What of a cluster's report is told beside its incidents. */
export type News = { lines: NewsLine[]; more: string };

/** What cannot wait; what no other digest will tell; what the next one tells again. */
const URGENCY = { soon: 2, once: 1, later: 0 } as const;

/** What is further off is in the report, and no news every morning … */
const FORESEEN_DAYS = 30;

/** … but where digests are monthly, the next one would come when it is too late. */
const FORESEEN_PERIODS = 2;

/** What has changed and what runs out, as the report says it and its incidents do not; the most urgent first. */
export function newsOf(context: Context): NewsLine[] {
  const { language } = context;
  const { start, end } = context.report.period;
  const periodDays = (Date.parse(end) - Date.parse(start)) / 86_400_000;
  const horizon = Math.max(FORESEEN_DAYS, FORESEEN_PERIODS * periodDays);
  const steps = newSteps(context).map(({ text, when }) => ({
    urgency: URGENCY.once,
    label: CHANGE_WORDS[language].heading,
    text: shortNames(text),
    when,
  }));
  const runningOuts = runningOut(context)
    .filter(({ days }) => days < horizon)
    .map(({ text, isSoon }) => ({
      urgency: isSoon ? URGENCY.soon : URGENCY.later,
      label: CAPACITY_WORDS[language].heading,
      text: shortNames(text),
      when: '',
    }));
  return [...steps, ...runningOuts].sort((a, b) => b.urgency - a.urgency);
}

/** More of one cluster are an event of their own, which its report shows better. */
const OF_CLUSTER = 3;

/** More in one message nobody reads, and Gmail cuts what is too long. */
const OF_MESSAGE = 24;

/**
 * What there is room for, in the order of the clusters; null where nothing is told. Before a cluster's second line
 * comes every other one's first that is as urgent.
 */
export function shareOut({ language }: DigestContext, news: readonly NewsLine[][]): (News | null)[] {
  const { more } = CHANGE_WORDS[language];
  const told = news
    .flatMap((lines, cluster) => lines.slice(0, OF_CLUSTER).map((line, order) => ({ cluster, line, order })))
    .sort((a, b) => b.line.urgency - a.line.urgency || a.order - b.order)
    .slice(0, OF_MESSAGE);
  const byCluster = Map.groupBy(told, ({ cluster }) => cluster);
  return news.map((all, cluster) => {
    const lines = byCluster.get(cluster)?.map(({ line }) => line) ?? [];
    const left = all.length - lines.length;
    return lines.length === 0 ? null : { lines, more: left > 0 ? more(left) : '' };
  });
}
