import type { Indicator, Severity } from '../model/indicator.ts';
import type { Finding } from '../model/report.ts';
import type { PeriodData } from '../model/series.ts';
import { pointAt, stepStart, toIso } from '../model/time.ts';
import { mergeRuns, type Run } from './episodes.ts';
import { type JudgedLine, weightOf } from './evaluate-series.ts';

/**
 * The finding of a subject: its worst severity's, with the stretches of all its lines that are as bad. What is left of
 * the warnings is a second finding: those at other times, and the one that goes on when nothing critical does.
 */
export function findingsOf(
  indicator: Indicator,
  own: readonly JudgedLine[],
  gathered: PeriodData,
): Finding[] {
  const of = (severity: Severity) => own.flatMap((line) => line.runs[severity].map((run) => ({ line, run })));
  const critical = of('critical');
  const isCriticalNow = critical.some(({ run }) => run.ongoing);
  const rest = of('warning').filter(
    ({ run }) =>
      (run.ongoing && !isCriticalNow) ||
      !critical.some((other) => other.run.first <= run.last && other.run.last >= run.first),
  );
  return [
    ...findingOf(indicator, 'critical', critical, gathered),
    ...findingOf(indicator, 'warning', rest, gathered),
  ];
}

function findingOf(
  indicator: Indicator,
  severity: Severity,
  found: readonly { line: JudgedLine; run: Run }[],
  gathered: PeriodData,
): Finding[] {
  const [any, ...others] = found;
  if (!any) return [];
  const weight = ({ line, run }: typeof any) => weightOf(indicator, line, run);
  const worst = others.reduce((most, one) => (weight(one) > weight(most) ? one : most), any);
  const episodes = mergeRuns(found.map(({ run }) => run)).map((run) => ({
    start: stepStart(gathered, run.first),
    end: pointAt(gathered.grid, run.last),
    value: run.worst,
  }));
  const { line, run } = worst;
  return [
    {
      indicator: indicator.id,
      subject: line.subject,
      component: line.component,
      severity,
      value: indicator.reading === 'total' ? (line.value ?? run.worst) : run.worst,
      unit: indicator.unit,
      threshold: run.bound,
      condition: run.condition,
      usual: run.usual,
      labels: line.labels,
      start: toIso(episodes[0]?.start ?? gathered.period.start),
      end: toIso(episodes.at(-1)?.end ?? gathered.period.end),
      durationSeconds: episodes.reduce((sum, { start, end }) => sum + end - start, 0),
      ongoing: found.some((one) => one.run.ongoing),
      episodes: episodes.map(({ start, end, value }) => ({ start: toIso(start), end: toIso(end), value })),
      compared: null,
      weekBefore: null,
    },
  ];
}
