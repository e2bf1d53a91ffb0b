import type { Facts } from '../model/gathered.ts';
import type { Unanswered } from '../model/report-analysis.ts';
import type { JudgedIndicator } from './judge-indicator.ts';
import type { ScrapedPeriods } from './period.ts';

type Judged = {
  facts: Pick<Facts, 'unanswered'>;
  scraped: Pick<ScrapedPeriods, 'present' | 'earlier'>;
  judged: readonly Pick<JudgedIndicator, 'indicator' | 'unanswered'>[];
};

/**
 * Returns the questions without an answer: those of the survey and of the scrapes, and of indicators those about earlier
 * periods, by subject and reason. What has no answer about this period is the status of its indicator.
 */
export function unansweredOf({ facts, scraped, judged }: Judged): Unanswered[] {
  const { agentsReason, lacksStarts } = scraped.present.coverage;
  const ofIndicators = judged.flatMap(({ indicator, unanswered }) =>
    unanswered.map((question) => ({ ...question, indicator: indicator.id })),
  );
  const groups = Map.groupBy(ofIndicators, ({ about, reason }) => JSON.stringify([about, reason]));
  return [
    ...facts.unanswered.map((reason) => withoutIndicators('targets', reason)),
    ...(agentsReason === null ? [] : [withoutIndicators('agents', agentsReason)]),
    ...(['before', 'week-before'] as const).flatMap((about) => {
      const reason = scraped.earlier[about]?.coverage.agentsReason ?? null;
      // Whether a target that went away was removed on purpose follows from the number of agents.
      return reason === null ? [] : [{ about, indicators: ['scrape-coverage'], reason }];
    }),
    ...(lacksStarts ? [withoutIndicators('restarts', null)] : []),
    ...[...groups.values()].flatMap((group) =>
      group.slice(0, 1).map(({ about, reason }) => ({
        about,
        indicators: group.map(({ indicator }) => indicator),
        reason,
      })),
    ),
  ];
}

function withoutIndicators(about: Unanswered['about'], reason: string | null): Unanswered {
  return { about, indicators: [], reason };
}

/** Whether findings depend on the answer, so that there may be more of them. Comparisons with earlier readings make none. */
export function isNeeded({ about }: Unanswered): boolean {
  return about !== 'before' && about !== 'week-before';
}
