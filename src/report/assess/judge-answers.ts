import type { GatheredImages, GatheredMetrics, Gathering, IndicatorSeries } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import { type JudgedAlerts, judgeAlerts } from './alerts/fired.ts';
import { compactIndicator, subjectsOf } from './compact/compact-report.ts';
import type { SubjectList } from './compact/subject-list.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import { type JudgedHistory, judgeHistory } from './judge-history.ts';
import { type JudgedIndicator, type Judging, startJudging } from './judge-indicator.ts';
import { assessScrapes, type ScrapedPeriods } from './period.ts';
import { nextTurn } from './turns.ts';

/** What a report keeps of the answers, without their series. */
export type JudgedAnswers = GatheredMetrics & {
  scraped: ScrapedPeriods;
  /** `null` if there is no kube-state-metrics. */
  images: GatheredImages | null;
  /** `null` if nobody asked. */
  alerts: JudgedAlerts | null;
  judged: readonly JudgedIndicator[];
  histories: readonly JudgedHistory[];
  subjects: SubjectList;
};

type Rules = { indicators: readonly Indicator[]; coverage: CoverageThresholds };

/** Judges the answers in their order, and lets the series of each go before it takes the next. */
export async function judgeAnswers(
  { facts, answers, letGo }: Gathering,
  { indicators, coverage }: Rules,
): Promise<JudgedAnswers> {
  const indicatorOf = findById(indicators);
  let metrics: GatheredMetrics['metrics'] = { ok: false, reason: 'the metrics were not queried' };
  const scrapes = assessScrapes({ pods: facts.pods, thresholds: coverage });
  let images: GatheredImages | null = null;
  let alerts: JudgedAlerts | null = null;
  const judged: JudgedIndicator[] = [];
  const histories: JudgedHistory[] = [];
  let subjects: SubjectList | undefined;
  let restarts: Map<string, number[]> | undefined;
  const open = new Map<string, Judging>();

  function finishIndicator(id: string): void {
    const judging = open.get(id);
    if (judging === undefined) return;
    const { indicator, ...others } = judging.finish();
    subjects ??= subjectsOf(scrapes.periods().present.coverage.coverage);
    judged.push({ indicator: compactIndicator(indicator, subjects), ...others });
    open.delete(id);
  }

  function judgeSeries(series: IndicatorSeries): void {
    if (series.kind !== 'present') {
      open.get(series.id)?.add(series);
      return;
    }
    const indicator = indicatorOf(series.id);
    const ofAntrea = metrics.ok ? new Set(metrics.value.map(({ name }) => name)) : null;
    const presentMetrics = indicator.exporter === undefined ? ofAntrea : facts.exporterMetrics;
    open.set(series.id, startJudging(indicator, series, scrapes.periods(), { presentMetrics, letGo }));
  }

  for await (const answer of answers) {
    await nextTurn();
    if (answer.about === 'metrics') metrics = answer.metrics;
    else if (answer.about === 'scrapes') scrapes.add(answer);
    else if (answer.about === 'indicator') judgeSeries(answer);
    else if (answer.about === 'indicator-end') finishIndicator(answer.id);
    else if (answer.about === 'images') images = answer;
    else if (answer.about === 'alerts') alerts = judgeAlerts(answer, facts, indicators);
    else {
      restarts ??= restartsIn(scrapes.periods());
      histories.push(await judgeHistory(indicatorOf(answer.id), answer, facts, restarts));
      for (const one of [answer.levels, answer.capacity]) if (one?.ok) letGo(one.value);
    }
  }
  const scraped = scrapes.periods();
  return {
    metrics,
    scraped,
    images,
    alerts,
    judged,
    histories,
    subjects: subjects ?? subjectsOf(scraped.present.coverage.coverage),
  };
}

function findById(indicators: readonly Indicator[]): (id: string) => Indicator {
  const byId = new Map(indicators.map((indicator) => [indicator.id, indicator]));
  return (id) => {
    const indicator = byId.get(id);
    if (indicator === undefined) throw new Error(`there is no indicator ${id}`);
    return indicator;
  };
}

/** Returns the process starts of all periods in Unix seconds, by `subjectKey`. */
function restartsIn({ present, earlier }: ScrapedPeriods): Map<string, number[]> {
  const periods = [present, earlier.before, earlier['week-before']].filter((period) => period !== null);
  const bySubject = Map.groupBy(
    periods.flatMap(({ coverage }) => [...coverage.starts]),
    ([key]) => key,
  );
  return new Map([...bySubject].map(([key, entries]) => [key, entries.flatMap(([, starts]) => starts)]));
}
