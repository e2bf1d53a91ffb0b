import { describe, expect, it } from 'vitest';
import { DEFAULT_COVERAGE_THRESHOLDS } from '../../../../src/report/assess/coverage/findings.ts';
import { judgeHistory } from '../../../../src/report/assess/judge-history.ts';
import { startJudging } from '../../../../src/report/assess/judge-indicator.ts';
import { assessScrapes } from '../../../../src/report/assess/period.ts';
import type { Series } from '../../../../src/report/model/series.ts';
import { findTypedArrays } from '../../../fixtures/typed-arrays.ts';
import { gatheredOf, indicatorNamed, START, STEP, series, targetsOf } from './notation.ts';

const PODS = indicatorNamed('local-pod-count', { thresholds: { warning: { above: 215, forSeconds: 600 } } });

const answer = (...lines: Series[]) => ({ ok: true as const, value: lines });

describe('what was judged contains no series, so that the memory of the answers can be used again', () => {
  it('of this period and those that it is compared with', () => {
    const targets = targetsOf([{ node: 'node-1', tried: '5x12', answered: '5x12' }]);
    const present = gatheredOf(12, { targets });
    const before = {
      ...present,
      kind: 'before' as const,
      period: { start: START - 12 * STEP, end: START },
      grid: { ...present.grid, start: START - 12 * STEP },
    };
    const scrapes = assessScrapes({ pods: present.pods, thresholds: DEFAULT_COVERAGE_THRESHOLDS });
    scrapes.add(before);
    scrapes.add(present);
    const asked = { id: PODS.id, query: '' };
    const judging = startJudging(
      PODS,
      { ...asked, kind: 'present', answer: answer(series('300x12')) },
      scrapes.periods(),
      null,
    );
    judging.add({ ...asked, kind: 'before', answer: answer(series('250x12')) });
    const judged = judging.finish();
    expect(judged.findings).toMatchObject([{ compared: 'worse' }]);
    expect(judged.indicator.readings).toMatchObject([{ value: 300, before: 250 }]);
    expect(findTypedArrays(judged)).toEqual([]);
  });

  it('of the weeks before', () => {
    const hours = 28 * 24;
    const end = START + 12 * STEP;
    const { period, history } = gatheredOf(12);
    const grid = { start: end - hours * 3600, stepSeconds: 3600, count: hours };
    const levels = answer(series(`${'100 101 102 '.repeat((hours - 24) / 3)} ${'200 201 202 '.repeat(8)}`));
    const judged = judgeHistory(
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
