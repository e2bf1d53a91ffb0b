import { describe, expect, it } from 'vitest';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../../../../src/report/assess/coverage/findings.ts';
import { judgeHistory } from '../../../../src/report/assess/judge-history.ts';
import { startJudging } from '../../../../src/report/assess/judge-indicator.ts';
import { assessScrapes } from '../../../../src/report/assess/period.ts';
import type { IndicatorSeries } from '../../../../src/report/model/gathered.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import type { Series } from '../../../../src/report/model/series.ts';
import { findTypedArrays } from '../../../fixtures/typed-arrays.ts';
import { gatheredOf, indicatorNamed, START, STEP, series, targetsOf } from './notation.ts';

const PODS = indicatorNamed('local-pod-count', { thresholds: { warning: { above: 215, forSeconds: 600 } } });

const answer = (...lines: Series[]) => ({ ok: true as const, value: lines });

/** An hour of one node that was scraped in all of it and in the hour before. */
function judgingOf(indicator: Indicator, present: Series) {
  const facts = gatheredOf(12, { targets: targetsOf([{ node: 'node-1', tried: '5x12', answered: '5x12' }]) });
  const before = {
    ...facts,
    kind: 'before' as const,
    period: { start: START - 12 * STEP, end: START },
    grid: { ...facts.grid, start: START - 12 * STEP },
  };
  const scrapes = assessScrapes({ pods: facts.pods, thresholds: DEFAULT_COVERAGE_THRESHOLDS });
  scrapes.add(before);
  scrapes.add(facts);
  const asked = { id: indicator.id, query: '', kind: 'present' as const, answer: answer(present) };
  return startJudging(indicator, asked, scrapes.periods(), {
    presentMetrics: null,
    letGo: () => undefined,
  });
}

describe('a threshold that compares with the usual level', () => {
  const indicator = indicatorNamed('ovs-flow-count', {
    thresholds: { warning: { change: 0.5, forSeconds: 600 } },
  });
  const judgedWith = (...before: IndicatorSeries['answer'][]) => {
    const judging = judgingOf(indicator, series('1000x12'));
    for (const one of before) judging.add({ id: indicator.id, query: '', kind: 'before', answer: one });
    return judging.finish();
  };

  it('uses the level of the period before, or of this one if that has no answer', () => {
    expect(judgedWith(answer(series('100x12'))).findings).toMatchObject([{ usual: 100, compared: 'new' }]);
    for (const { findings, indicator: judged } of [judgedWith(), judgedWith({ ok: false, reason: 'no' })]) {
      expect(findings).toEqual([]);
      expect(judged).toMatchObject({ status: 'healthy', value: 1000 });
      expect(judged.series).toHaveLength(1);
    }
  });
});

describe('what was judged contains no series, so that the memory of the answers can be used again', () => {
  it('of this period and those that it is compared with', () => {
    const judging = judgingOf(PODS, series('300x12'));
    judging.add({ id: PODS.id, query: '', kind: 'before', answer: answer(series('250x12')) });
    const judged = judging.finish();
    expect(judged.findings).toMatchObject([{ compared: 'worse' }]);
    expect(judged.indicator.readings).toMatchObject([{ value: 300, before: 250 }]);
    expect(findTypedArrays(judged)).toEqual([]);
  });

  it('of the weeks before', async () => {
    const hours = 28 * 24;
    const end = START + 12 * STEP;
    const { period, history } = gatheredOf(12);
    const grid = { start: end - hours * 3600, stepSeconds: 3600, count: hours };
    const levels = answer(series(`${'100 101 102 '.repeat((hours - 24) / 3)} ${'200 201 202 '.repeat(8)}`));
    const judged = await judgeHistory(
      PODS,
      { id: PODS.id, levels, capacity: levels, limits: {} },
      { period: { ...period, start: end - 86_400, end }, history: { ...history, grid } },
      new Map(),
    );
    expect(judged.changes).toMatchObject([{ kind: 'step' }]);
    expect(judged.capacity).toMatchObject([{ value: 202 }]);
    expect(findTypedArrays(judged)).toEqual([]);
  });
});
