import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../../src/report/model/indicator.ts';
import type { CapacityReading } from '../../../../src/report/model/report-analysis.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import {
  type CapacityView,
  capacityView,
  runningOut,
} from '../../../../src/report/render/sections/capacity/view.ts';
import { PODS } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const report = sampleReport({ condition: 'healthy', nodes: 3 });
const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

const FAR = { value: 40, usedRatio: 40 / 253, trend: null, fullInDays: null };

function viewOf(capacity: readonly CapacityReading[], language: Language = 'en'): CapacityView {
  const view = capacityView(createContext({ ...report, capacity: [...capacity] }, language));
  if (view === null) throw new Error('nothing has a limit');
  return view;
}

function rowOf(changes: Partial<CapacityReading>, language: Language = 'en'): string[] {
  const [row] = viewOf([{ ...PODS, ...changes }], language).rows;
  if (row === undefined) throw new Error('no row');
  return [row.share, row.amounts, row.limitTitle, row.growth, row.full].map((one) =>
    one.replaceAll('\u00a0', ' '),
  );
}

describe('a limit', () => {
  it('has its usage, its growth and the time until it is reached', () => {
    expect(rowOf({})).toEqual([
      '91.3%',
      '231 of 253',
      'Pod addresses of a /24',
      '+3.1 (2.8–3.4)',
      'about 7 days (6–9)',
    ]);
    expect(rowOf({}, 'zh-CN')).toEqual([
      '91.3%',
      '231 / 253',
      '个 Pod 地址（/24 网段）',
      '+3.1（2.8–3.4）',
      '约 7 天后（6–9 天）',
    ]);
    const view = viewOf([PODS]);
    expect([view.rows[0]?.title, text(view.rows[0]?.place ?? []), view.rows[0]?.isSoon]).toEqual([
      'Local Pods',
      'worker-02',
      true,
    ]);
    expect(view.rows[0]?.bar.toString()).toContain(
      '<title>Local Pods, worker-02: 91.3% of the limit</title>',
    );
  });

  it('shows memory in binary units', () => {
    const memory: Partial<CapacityReading> = {
      indicator: 'resident-memory',
      unit: 'bytes',
      value: 700 * 1024 ** 2,
      limit: { id: 'container-limit', value: 1024 ** 3 },
      usedRatio: 0.68,
      trend: { value: 6.1 * 1024 ** 2, low: 5.05 * 1024 ** 2, high: 7.2 * 1024 ** 2 },
    };
    expect(rowOf(memory).slice(1, 4)).toEqual([
      '700 MiB of 1 GiB',
      'that the container may use',
      '+6.1 MiB (5–7.2)',
    ]);
  });

  it.each<[string, Partial<CapacityReading>, string, string]>([
    [
      'perhaps never',
      { fullInDays: { value: 40, low: 33.2, high: null } },
      'about 40 days (33 or more)',
      '约 40 天后（最早 33 天）',
    ],
    ['within a day', { fullInDays: { value: 0.4, low: 0.3, high: 0.6 } }, 'less than a day', '1 天之内'],
    ['one day', { fullInDays: { value: 1.2, low: 1, high: 1.4 } }, 'about 1 day', '约 1 天后'],
    ['full already', { value: 253, usedRatio: 1, fullInDays: null }, 'full now', '已用尽'],
    ['not known', { fullInDays: null }, '', ''],
  ])('has the time until it is reached: %s', (_, changes, english, chinese) => {
    expect(rowOf(changes).at(-1)).toBe(english);
    expect(rowOf(changes, 'zh-CN').at(-1)).toBe(chinese);
  });

  it('states that usage does not grow, or by how much it shrinks', () => {
    expect(rowOf({ trend: null }).at(3)).toBe('no steady growth');
    expect(rowOf({ trend: null }, 'zh-CN').at(3)).toBe('无稳定增长');
    expect(rowOf({ trend: { value: -3.1, low: -3.4, high: -2.8 } }).at(3)).toBe('−3.1 (2.8–3.4)');
  });

  it('has only its number where this version does not know it', () => {
    expect(rowOf({ limit: { id: 'moon', value: 300 } }).slice(1, 3)).toEqual(['231 of 300', '']);
    expect(viewOf([{ ...PODS, indicator: 'tides' }]).rows[0]).toMatchObject({
      title: 'tides',
      limitTitle: '',
    });
  });

  it('is counted where the table has no room', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({
      ...PODS,
      subject: `worker-${index}`,
      usedRatio: 0.9 - index / 100,
      historyDays: index < 4 ? 3 : 14,
    }));
    const view = viewOf([...many, { ...PODS, ...FAR }]);
    expect(view.rows).toHaveLength(8);
    expect(view.note).toBe(
      '13 more limits are at most 82% used. Growth is the steady trend over 3 to 14 days of history, with its 95% confidence interval in brackets.',
    );
    expect(viewOf(many, 'zh-CN').note).toBe(
      '另有 12 项，用量均不超过 82%。增长：根据最近 3–14 天的历史数据判断是否稳定增长，括号内为 95% 置信区间。',
    );
  });

  it('of a share has no second number', () => {
    const pool = {
      ...{ indicator: 'ip-pool-usage', subject: 'cluster', component: null, unit: 'ratio' as const },
      ...{ value: 1, usedRatio: 1, limit: { id: 'pool', value: 1 }, trend: null, fullInDays: null },
    };
    expect(rowOf(pool)).toEqual(['100%', '', 'addresses of the pool', 'no steady growth', 'full now']);
    const [sentence] = runningOut(
      createContext({ ...report, findings: [], capacity: [{ ...PODS, ...pool }] }, 'en'),
    );
    expect(text(sentence?.text ?? [])).toBe(
      'IP pool usage in the cluster reached the limit; now 100% of the addresses of the pool',
    );
  });

  it('is one sentence where no limit is near', () => {
    const far = [
      { ...PODS, ...FAR, subject: 'worker-01', usedRatio: 0.1 },
      { ...PODS, ...FAR },
    ];
    const view = viewOf(far);
    expect(view.rows).toEqual([]);
    expect(text(view.emptyText)).toBe(
      'No limit is near. Highest usage: Local Pods, worker-02, 40 of 253 Pod addresses of a /24 (16%).',
    );
    expect(text(viewOf(far, 'zh-CN').emptyText)).toBe(
      '各项用量均远离上限。用量最高的是 worker-02 的本地 Pod 数：40 / 253 个 Pod 地址（/24 网段），已用 16%。',
    );
  });

  it.each<[string, Partial<CapacityReading>, number, string, string]>([
    [
      'one',
      {},
      1,
      'Local Pods on worker-0 will reach the limit in about 7 days (6–9); now 231 of 253 Pod addresses of a /24',
      'worker-0 的本地 Pod 数预计约 7 天后（6–9 天）达到上限，目前为 231 / 253 个 Pod 地址（/24 网段）',
    ],
    [
      'within a day, of a limit that nobody knows',
      { fullInDays: { value: 0.4, low: 0.3, high: 0.6 }, limit: { id: 'moon', value: 253 } },
      1,
      'Local Pods on worker-0 will reach the limit in less than a day; now 231 of 253',
      'worker-0 的本地 Pod 数预计 1 天之内达到上限，目前为 231 / 253',
    ],
    [
      'several',
      {},
      5,
      'Local Pods on 5 nodes will reach the limit; first on worker-4 in about 7 days (6–9), now 231 of 253 Pod addresses of a /24',
      '5 个节点的本地 Pod 数预计将达到上限；最早的是 worker-4，约 7 天后（6–9 天），目前为 231 / 253 个 Pod 地址（/24 网段）',
    ],
    [
      'full already',
      { value: 253, usedRatio: 1, fullInDays: null },
      1,
      'Local Pods on worker-0 reached the limit; now 253 of 253 Pod addresses of a /24',
      'worker-0 的本地 Pod 数已达上限，目前为 253 / 253 个 Pod 地址（/24 网段）',
    ],
    [
      'several that are full already',
      { value: 253, usedRatio: 1, fullInDays: null },
      2,
      'Local Pods on worker-0 and worker-1 reached the limit; highest on worker-1, now 253 of 253 Pod addresses of a /24',
      'worker-0、worker-1 的本地 Pod 数已达上限；用量最高的是 worker-1，目前为 253 / 253 个 Pod 地址（/24 网段）',
    ],
  ])('is a sentence in the digest: %s', (_, changes, count, english, chinese) => {
    // The last one is the first to be full; the one that is far from its limit is left out.
    const capacity = Array.from({ length: count }, (_one, index): CapacityReading => {
      const one = { ...PODS, ...changes, subject: `worker-${index}` };
      const { usedRatio, fullInDays } = one;
      const later = count - 1 - index;
      return {
        ...one,
        usedRatio: usedRatio >= 1 ? usedRatio + index / 100 : usedRatio,
        fullInDays: fullInDays && { ...fullInDays, value: fullInDays.value + later },
      };
    });
    const far = { ...PODS, ...FAR, subject: 'far' };
    const sentencesIn = (language: Language) =>
      runningOut(createContext({ ...report, capacity: [far, ...capacity] }, language)).map((one) =>
        text(one.text),
      );
    expect(sentencesIn('en')).toEqual([english]);
    expect(sentencesIn('zh-CN')).toEqual([chinese]);
  });

  it('is left out where no limit is known', () => {
    expect(capacityView(createContext({ ...report, capacity: [] }, 'en'))).toBeNull();
  });

  it('has only numbers, whatever the document contains', () => {
    const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
    const signed = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    const estimate = fc.tuple(signed, signed, signed).map((all) => {
      const [low = 0, value = 0, high = 0] = all.sort((a, b) => a - b);
      return { low, value, high };
    });
    const days = fc.tuple(amount, amount, amount).map((all) => {
      const [low = 0, value = 0, high = 0] = all.sort((a, b) => a - b);
      return { low, value, high };
    });
    const reading = fc.record({
      unit: fc.constantFrom('pods', 'bytes', 'ratio', 'cores', 'count', 'connections'),
      value: amount,
      usedRatio: fc.double({ min: 0, max: 3, noNaN: true }),
      historyDays: fc.double({ min: 0, max: 30, noNaN: true }),
      trend: fc.option(estimate),
      fullInDays: fc.option(days),
    });
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('en', 'zh-CN'),
        (all, language) => {
          const view = viewOf(
            all.map((changes) => ({ ...PODS, ...changes }) as CapacityReading),
            language as Language,
          );
          const texts = [
            view.note,
            text(view.emptyText),
            ...view.rows.flatMap(({ share, amounts, growth, full, bar }) => [
              share,
              amounts,
              growth,
              full,
              bar.toString(),
            ]),
          ].join('\n');
          expect(texts).not.toMatch(/NaN|undefined|Infinity|∞/);
          for (const { bar } of view.rows)
            for (const [, width] of bar.toString().matchAll(/width="([\d.]+)%"/g))
              expect(Number(width)).toBeLessThanOrEqual(100);
        },
      ),
    );
  });
});
