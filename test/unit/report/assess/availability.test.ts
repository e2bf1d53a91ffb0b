import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecurringTime } from '../../../../src/config/recurrence.ts';
import { assess } from '../../../../src/report/assess/assess.ts';
import { availabilityOf } from '../../../../src/report/assess/availability.ts';
import type { Silence } from '../../../../src/report/model/silence.ts';
import { toGathering } from '../../../fixtures/gathered.ts';
import { gatheredOf, indicatorNamed, OPTIONS, points, START, STEP, series, targetsOf } from './notation.ts';

const MAINTENANCE: Silence = {
  kind: 'maintenance',
  indicator: null,
  subject: null,
  reason: 'upgrade',
  owner: null,
  start: START + STEP,
  end: START + 3 * STEP,
};

/** Returns the seconds of each state, in the order of the document. */
function secondsOf(
  controllers: string,
  unconnected: string,
  silences: readonly Silence[] = [],
  agents = true,
) {
  const path = {
    controllers: points(controllers),
    unconnected: points(unconnected),
    agentsScraped: Array.from(points(controllers), () => agents),
  };
  const count = path.controllers.length;
  const facts = {
    period: { start: START, end: START + count * STEP },
    grid: { start: START, stepSeconds: STEP, count },
  };
  return Object.values(availabilityOf(path, facts, silences));
}

const steps = (...counts: readonly number[]) => counts.map((count) => count * STEP);

describe('the availability of the control path', () => {
  it.each([
    ['a controller with all agents is available', '1x4', '0x4', steps(4, 0, 0, 0, 0)],
    ['two controllers are available', '2x4', '0x4', steps(4, 0, 0, 0, 0)],
    ['no controller is not, even if the agents are unknown', '1 0x2 1', '0 _x2 0', steps(2, 2, 0, 0, 0)],
    [
      'a single unconnected agent is not, even without the controller’s count',
      '1x3 _',
      '0x2 1x2',
      steps(2, 0, 2, 0, 0),
    ],
    ['what is unknown is not available', '1x2 _x2', '0 _ 0 _', steps(1, 0, 0, 3, 0)],
  ])('%s', (_, controllers, unconnected, seconds) => {
    expect(secondsOf(controllers, unconnected)).toEqual(seconds);
  });

  it('is unknown while no agent is scraped, since then none can be missing', () => {
    expect(secondsOf('1x4', '0x4', [], false)).toEqual(steps(0, 0, 0, 4, 0));
  });

  it('leaves out maintenance of the whole cluster to the second, and nothing else', () => {
    expect(secondsOf('1 0x3', '0x4', [MAINTENANCE])).toEqual(steps(1, 1, 0, 0, 2));
    const part = { ...MAINTENANCE, start: START + STEP + 60, end: START + STEP + 180 };
    expect(secondsOf('1 0x3', '0x4', [part])).toEqual([STEP, 3 * STEP - 120, 0, 0, 120]);
    // Those that overlap count once.
    expect(secondsOf('1x4', '0x4', [MAINTENANCE, part])).toEqual(steps(2, 0, 0, 0, 2));
    const ofNodes = { ...MAINTENANCE, subject: 'pool-a-*' };
    const silence = { ...MAINTENANCE, kind: 'silence' as const };
    expect(secondsOf('1 0x3', '0x4', [ofNodes, silence])).toEqual(steps(1, 3, 0, 0, 0));
    const times = [parseRecurringTime('Fri 00:00-00:10', 'every')];
    const recurrence = { every: ['Fri 00:00-00:10'], times, timeZone: 'UTC' };
    const again = { ...MAINTENANCE, start: null, end: null, recurrence };
    expect(secondsOf('1x4', '0x4', [again])).toEqual(steps(2, 0, 0, 0, 2));
  });

  it('has parts that add up to the period', () => {
    const value = fc.constantFrom('0', '1', '2', '_');
    const line = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 });
    const window = fc
      .tuple(fc.integer({ min: -500, max: 9500 }), fc.integer({ min: 1, max: 5000 }))
      .map(([from, length]) => ({ ...MAINTENANCE, start: START + from, end: START + from + length }));
    fc.assert(
      fc.property(line, fc.array(window, { maxLength: 4 }), (pairs, silences) => {
        const [controllers, unconnected] = [0, 1].map((side) => pairs.map((pair) => pair[side]).join(' '));
        const seconds = secondsOf(controllers ?? '', unconnected ?? '', silences);
        expect(seconds.reduce((sum, part) => sum + part, 0)).toBe(pairs.length * STEP);
        expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is in a report with days, from the series of its indicators', async () => {
    const indicators = [indicatorNamed('controller-instances'), indicatorNamed('unwatched-agents')];
    const answer = (values: string) => ({ ok: true as const, value: [{ ...series(values), labels: {} }] });
    const gathered = gatheredOf(12, {
      indicators: {
        'controller-instances': { query: 'q', answer: answer('1x6 0x2 1x4') },
        'unwatched-agents': { query: 'q', answer: answer('0x6 _x2 1 0x3') },
      },
      targets: targetsOf([{ node: 'node-1', tried: '5x12', answered: '5x12', started: '-9000x12' }], 1),
    });
    const days = [{ start: START, end: START + 12 * STEP }];
    const report = await assess(toGathering(gathered, indicators), { ...OPTIONS, indicators, days });
    expect(report.availability).toEqual({
      availableSeconds: 9 * STEP,
      noControllerSeconds: 2 * STEP,
      unconnectedSeconds: STEP,
      unknownSeconds: 0,
      maintenanceSeconds: 0,
    });
    const short = await assess(toGathering(gathered, indicators), { ...OPTIONS, indicators });
    expect(short).not.toHaveProperty('availability');
    const failed = gatheredOf(12, { indicators: {}, targets: gathered.targets });
    const unknown = await assess(toGathering(failed, indicators), { ...OPTIONS, indicators, days });
    expect(unknown.availability).toMatchObject({ availableSeconds: 0, unknownSeconds: 12 * STEP });
  });
});
