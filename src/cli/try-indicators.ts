import { QueryError } from '../report/gather/errors.ts';
import { durationsOf } from '../report/gather/period.ts';
import type { Plan } from '../report/gather/prepare.ts';
import { openQuerier } from '../report/gather/querier.ts';
import type { Source } from '../report/gather/source.ts';
import { EXPOSED_FORMS } from '../report/gather/stored-forms.ts';
import type { Survey } from '../report/gather/survey/survey.ts';
import type { Indicator } from '../report/model/indicator.ts';
import type { ReportSettings } from '../report/model/report-settings.ts';
import type { Series } from '../report/model/series.ts';
import { counted } from './check/words.ts';

/** What a report of a cluster would be made by. */
export type TrialFacts = {
  survey: Survey;
  plan: Plan;
  settings: Pick<ReportSettings, 'indicators'>;
  period: { start: number; end: number };
};

export type IndicatorTrial = { indicator: Indicator } & (
  | { ok: true; series: readonly Series[]; warnings: readonly string[] }
  | { ok: false; error: QueryError }
);

/** Asks for the indicators of the user's own as a report of the period would. */
export async function tryIndicators(source: Source, facts: TrialFacts): Promise<IndicatorTrial[]> {
  const { survey, plan, settings, period } = facts;
  const durations = durationsOf({ period, ...plan });
  const answers = settings.indicators
    .filter(({ isOwn }) => isOwn)
    .map(async (indicator): Promise<IndicatorTrial> => {
      const warnings: string[] = [];
      const noting: Source = {
        ...source,
        range: async (query, points) => {
          const answer = await source.range(query, points);
          warnings.push(...answer.warnings);
          return answer;
        },
      };
      try {
        const series = await openQuerier(noting, survey, EXPOSED_FORMS).range(
          indicator.query,
          plan.grid,
          durations,
        );
        return { indicator, ok: true, series, warnings };
      } catch (error) {
        if (!(error instanceof QueryError) || error.kind === 'aborted') throw error;
        return { indicator, ok: false, error };
      }
    });
  return Promise.all(answers);
}

/** What is to be said of an answer: a line of how it looks, and what is likely not meant so. */
export function describeAnswer(
  indicator: Indicator,
  series: readonly Series[],
  nodes: ReadonlySet<string>,
): { line: string; doubts: string[] } {
  const own = series.filter(({ values }) => values.some((value) => value !== null));
  if (own.length === 0) return describeNothing(indicator);
  const now = own.flatMap((one) => {
    const value = nowOf(one);
    return value === null ? [] : [{ ...one, value }];
  });
  const highest = now.reduce<(typeof now)[number] | undefined>(
    (most, one) => (most && most.value >= one.value ? most : one),
    undefined,
  );
  const subjects = new Set(own.map((one) => subjectOf(indicator, one))).size;
  const whom = indicator.scope === 'cluster' ? '' : `, ${counted(subjects, 'node')}`;
  const value = highest
    ? `${now.length > 1 ? 'highest now' : 'now'} ${Number(highest.value.toPrecision(4))} ${indicator.unit}${nameOf(indicator, highest)}`
    : 'none of them now';
  return {
    line: `${own.length} series${whom}; ${value}`,
    doubts: [
      ...(highest
        ? []
        : ['has no value now, only earlier in the period; check whether what it reads is still there']),
      ...subjectDoubts(indicator, own, now, nodes),
    ],
  };
}

function describeNothing({ whenEmpty }: Indicator): { line: string; doubts: string[] } {
  if (whenEmpty === 'idle') return { line: 'empty: no series, which counts as idle', doubts: [] };
  return {
    line: 'empty: no series',
    doubts: [
      'the answer is empty, which a report calls no data; check the names and labels, or say whenEmpty: idle if it means that all is quiet',
    ],
  };
}

/** Whom the series speak of. Without that nothing further can be said of them. */
function subjectDoubts(
  indicator: Indicator,
  series: readonly Series[],
  now: readonly Series[],
  nodes: ReadonlySet<string>,
): string[] {
  if (indicator.scope === 'cluster') return mergeDoubts(indicator, now);
  const names = [...new Set(series.map((one) => subjectOf(indicator, one)))];
  if (names.includes(''))
    return [
      'series of the answer have no label node, so nobody knows whose they are; keep it, with "by (node)", or leave out subject: node',
    ];
  const stranger = names.find((name) => !nodes.has(name));
  if (stranger !== undefined && nodes.size > 0)
    return [
      `"${stranger}" is not a node with an agent, such as "${[...nodes].sort()[0]}"; give the series a label node with its name, for instance by label_replace`,
    ];
  return mergeDoubts(indicator, now);
}

/** Series of one subject that are there at the same time are judged as one, by the greatest of them. */
function mergeDoubts(indicator: Indicator, now: readonly Series[]): string[] {
  const groups = Map.groupBy(now, (one) =>
    JSON.stringify([subjectOf(indicator, one), labelsOf(indicator, one)]),
  );
  const merged = [...groups.values()].find((group) => group.length > 1);
  if (!merged) return [];
  const names = [...new Set(merged.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const differing = names.filter((name) => new Set(merged.map(({ labels }) => labels[name])).size > 1);
  // A node outlives its Pods, and with them what instance says.
  const single = ['node', ...differing].find((name) => {
    return new Set(merged.map(({ labels }) => labels[name])).size === merged.length;
  });
  const splitBy = single === undefined ? differing.slice(0, 3) : [single];
  const whose = nameOf(indicator, merged[0] ?? { labels: {} }) || ' of the cluster';
  return [
    `${merged.length} series${whose} are taken for one, the greatest; tell them apart with splitBy: [${splitBy.join(', ')}], or make one of them in the query`,
  ];
}

/** The value at the period's end, where the last scrape may not be in yet. */
function nowOf({ values }: Series): number | null {
  return values.at(-1) ?? values.at(-2) ?? null;
}

function subjectOf({ scope }: Indicator, { labels }: Pick<Series, 'labels'>): string {
  return scope === 'cluster' ? '' : (labels['node'] ?? '');
}

function labelsOf({ splitBy = [] }: Indicator, { labels }: Pick<Series, 'labels'>): string[] {
  return splitBy.flatMap((name) => (labels[name] === undefined ? [] : [`${name}="${labels[name]}"`]));
}

function nameOf(indicator: Indicator, series: Pick<Series, 'labels'>): string {
  const parts = [subjectOf(indicator, series), ...labelsOf(indicator, series)].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
