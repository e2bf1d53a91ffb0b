import type { Context } from '../../report/render/kit/context.ts';
import type { Phrase } from '../../report/render/kit/phrase.ts';
import { runningOut } from '../../report/render/sections/capacity/view.ts';
import { CAPACITY_WORDS } from '../../report/render/sections/capacity/words.ts';
import { newSteps } from '../../report/render/sections/changes/view.ts';
import { CHANGE_WORDS } from '../../report/render/sections/changes/words.ts';
import type { DigestContext } from './context.ts';
import { shortNames } from './mail-safe.ts';

/** A change or a capacity running out that no incident covers. `label` names which of them; `when` may be empty. */
export type Highlight = { urgency: number; label: string; text: Phrase; when: string };

/** The highlights that the digest shows of one cluster; `more` counts the others in words, or is empty. */
export type ClusterHighlights = { lines: Highlight[]; more: string };

/** `soon` needs action now, `once` is in no other digest, and `later` is in the next digest too. */
const URGENCY = { soon: 2, once: 1, later: 0 } as const;

/** A capacity that lasts longer than this is in the report only, so that it does not repeat every morning. */
const HORIZON_DAYS = 30;

/** The horizon is at least this many periods: with monthly digests, the next one may come too late. */
const HORIZON_PERIODS = 2;

/** Returns the changes and the capacities running out that the report's incidents do not cover, most urgent first. */
export function findHighlights(context: Context): Highlight[] {
  const { language } = context;
  const { start, end } = context.report.period;
  const periodDays = (Date.parse(end) - Date.parse(start)) / 86_400_000;
  const horizon = Math.max(HORIZON_DAYS, HORIZON_PERIODS * periodDays);
  const changes = newSteps(context).map(({ text, when }) => ({
    urgency: URGENCY.once,
    label: CHANGE_WORDS[language].heading,
    text: shortNames(text),
    when,
  }));
  const capacities = runningOut(context)
    .filter(({ days }) => days < horizon)
    .map(({ text, isSoon }) => ({
      urgency: isSoon ? URGENCY.soon : URGENCY.later,
      label: CAPACITY_WORDS[language].heading,
      text: shortNames(text),
      when: '',
    }));
  return [...changes, ...capacities].sort((a, b) => b.urgency - a.urgency);
}

/** With more than this the cluster needs its report anyway, which shows them better. */
const MOST_PER_CLUSTER = 3;

/** Keeps the message readable and below the size at which Gmail cuts it. */
const MOST_PER_MESSAGE = 24;

/**
 * Picks the highlights that the message has room for. Among equally urgent ones, the first of every cluster comes
 * before the second of any.
 * @param highlights of each cluster
 * @returns for each cluster in the same order, or null for one without room
 */
export function pickHighlights(
  { language }: DigestContext,
  highlights: readonly Highlight[][],
): (ClusterHighlights | null)[] {
  const { more } = CHANGE_WORDS[language];
  const picked = highlights
    .flatMap((lines, cluster) =>
      lines.slice(0, MOST_PER_CLUSTER).map((line, order) => ({ cluster, line, order })),
    )
    .sort((a, b) => b.line.urgency - a.line.urgency || a.order - b.order)
    .slice(0, MOST_PER_MESSAGE);
  const byCluster = Map.groupBy(picked, ({ cluster }) => cluster);
  return highlights.map((all, cluster) => {
    const lines = byCluster.get(cluster)?.map(({ line }) => line) ?? [];
    const left = all.length - lines.length;
    return lines.length === 0 ? null : { lines, more: left > 0 ? more(left) : '' };
  });
}
