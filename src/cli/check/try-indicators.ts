import { QueryError } from '../../report/gather/errors.ts';
import { durationsOf } from '../../report/gather/period.ts';
import type { Plan } from '../../report/gather/prepare.ts';
import { openQuerier } from '../../report/gather/querier.ts';
import type { Source } from '../../report/gather/source.ts';
import type { Survey } from '../../report/gather/survey/survey.ts';
import type { Indicator } from '../../report/model/indicator.ts';
import { compareNames } from '../../report/model/names.ts';
import type { ReportSettings } from '../../report/model/report-settings.ts';
import { hasValues, isKnown, labelOf, type Series } from '../../report/model/series.ts';
import { counted } from './words.ts';

/** What a report of a cluster would be made from. */
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

/** Queries the custom indicators in the same way as a report of the period. */
export async function tryIndicators(source: Source, facts: TrialFacts): Promise<IndicatorTrial[]> {
  const { survey, plan, settings, period } = facts;
  const durations = durationsOf({ period, ...plan });
  const answers = settings.indicators
    .filter(({ isOwn }) => isOwn)
    .map(async (indicator): Promise<IndicatorTrial> => {
      const warnings: string[] = [];
      const collecting: Source = {
        ...source,
        range: async (query, points) => {
          const answer = await source.range(query, points);
          warnings.push(...answer.warnings);
          return answer;
        },
      };
      try {
        const series = await openQuerier(collecting, survey).range(indicator.query, plan.grid, durations);
        return { indicator, ok: true, series, warnings };
      } catch (error) {
        if (!(error instanceof QueryError) || error.kind === 'aborted') throw error;
        return { indicator, ok: false, error };
      }
    });
  return Promise.all(answers);
}

/** Describes an answer in one line, and lists what looks unintended. */
export function describeAnswer(
  indicator: Indicator,
  series: readonly Series[],
  nodes: ReadonlySet<string>,
): { line: string; doubts: string[] } {
  const nonEmpty = series.filter(({ values }) => hasValues(values));
  if (nonEmpty.length === 0) return describeEmptyAnswer(indicator);
  const current = nonEmpty.flatMap((one) => {
    const value = currentValueOf(one);
    return value === null ? [] : [{ ...one, value }];
  });
  const subjects = new Set(nonEmpty.map((one) => subjectOf(indicator, one))).size;
  const subjectText = indicator.scope === 'cluster' ? '' : `, ${counted(subjects, 'node')}`;
  return {
    line: `${nonEmpty.length} series${subjectText}; ${describeHighest(indicator, current)}`,
    doubts: [
      ...(current.length > 0
        ? []
        : ['has no current value, only earlier ones; check whether its metrics still exist']),
      ...findSubjectDoubts(indicator, nonEmpty, current, nodes),
    ],
  };
}

function describeEmptyAnswer({ whenEmpty }: Indicator): { line: string; doubts: string[] } {
  if (whenEmpty === 'idle') return { line: 'empty: no series, which counts as idle', doubts: [] };
  return {
    line: 'empty: no series',
    doubts: [
      'the answer is empty, which a report shows as no data; check the names of metrics and labels, or set whenEmpty: idle if an empty answer is normal',
    ],
  };
}

function describeHighest(indicator: Indicator, current: readonly (Series & { value: number })[]): string {
  const [first, ...rest] = current;
  if (first === undefined) return 'no current value';
  const highest = rest.reduce((most, one) => (most.value >= one.value ? most : one), first);
  const label = current.length > 1 ? 'highest now' : 'now';
  return `${label} ${Number(highest.value.toPrecision(4))} ${indicator.unit}${describeIdentity(indicator, highest)}`;
}

/** Checks whether the series can be assigned to subjects; only then can further doubts be found. */
function findSubjectDoubts(
  indicator: Indicator,
  series: readonly Series[],
  current: readonly Series[],
  nodes: ReadonlySet<string>,
): string[] {
  if (indicator.scope === 'cluster') return findMergeDoubts(indicator, current);
  const names = [...new Set(series.map((one) => subjectOf(indicator, one)))];
  if (names.includes(''))
    return [
      'the answer has series without the label node; keep the label, for example with "by (node)", or remove subject: node',
    ];
  const unknown = names.find((name) => !nodes.has(name));
  if (unknown !== undefined && nodes.size > 0)
    return [
      `"${unknown}" is not the name of a node with an agent, such as "${[...nodes].sort(compareNames)[0]}"; set the label node to the name of the node, for example with label_replace`,
    ];
  return findMergeDoubts(indicator, current);
}

/** Series of one subject that exist at the same time are merged, and the greatest value is judged. */
function findMergeDoubts(indicator: Indicator, current: readonly Series[]): string[] {
  const groups = Map.groupBy(current, (one) =>
    JSON.stringify([subjectOf(indicator, one), labelsOf(indicator, one)]),
  );
  const merged = [...groups.values()].find((group) => group.length > 1);
  const [first] = merged ?? [];
  if (!merged || !first) return [];
  const labels = [...new Set(merged.flatMap((one) => Object.keys(one.labels)))].sort();
  const countValues = (label: string) => new Set(merged.map((one) => labelOf(one.labels, label))).size;
  const differing = labels.filter((label) => countValues(label) > 1);
  // The label node is preferred, because Pods are replaced and the values of other labels, such as instance, change.
  const distinguishing = ['node', ...differing].find((label) => countValues(label) === merged.length);
  const splitBy = distinguishing === undefined ? differing.slice(0, 3) : [distinguishing];
  const subject = describeIdentity(indicator, first) || ' of the cluster';
  return [
    `${merged.length} series${subject} are merged, and the greatest value is used; separate them with splitBy: [${splitBy.join(', ')}], or aggregate them in the query`,
  ];
}

/** Returns the value at the end of the period, or the one before if the last scrape is not yet stored. */
function currentValueOf({ values }: Series): number | null {
  return [values.at(-1), values.at(-2)].find(isKnown) ?? null;
}

function subjectOf({ scope }: Indicator, { labels }: Pick<Series, 'labels'>): string {
  return scope === 'cluster' ? '' : (labels['node'] ?? '');
}

function labelsOf({ splitBy = [] }: Indicator, { labels }: Pick<Series, 'labels'>): string[] {
  return splitBy.flatMap((name) => (Object.hasOwn(labels, name) ? [`${name}="${labels[name]}"`] : []));
}

function describeIdentity(indicator: Indicator, series: Pick<Series, 'labels'>): string {
  const parts = [subjectOf(indicator, series), ...labelsOf(indicator, series)].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
