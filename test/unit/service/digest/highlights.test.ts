import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { clock, dip, incident, PODS, step, TREND } from '../../../fixtures/report-parts.ts';
import { elementsOf, textOf } from '../../report/render/elements.ts';
import { digestOf, hasClass, reported, text, viewOf, withoutSpace, withReport } from './sample.ts';

describe('the highlights', () => {
  const RISEN = step('worker-05', { at: clock('Sat 16:00') });
  const healthyWith = (changes: Partial<Report>) =>
    withReport(reported('fine', 'healthy'), { changes: [], capacity: [], ...changes });
  const highlightsOf = (changes: Partial<Report>) =>
    viewOf(digestOf([healthyWith(changes)])).healthy?.lines[0]?.highlights?.lines.map((line) =>
      text(line.text),
    ) ?? [];

  const SENTENCES: Record<Language, string[]> = {
    en: [
      'Running out: Local Pods on worker-02 will reach the limit in about 7 days (6–9); now 231 of 253 Pod addresses of a /24',
      'What changed: OVS flow count on worker-05 rose from 3,100 to 5,400 (+74%) and has stayed there so far, Sat 16:00',
    ],
    'zh-CN': [
      '容量余量：worker-02 的本地 Pod 数预计约 7 天后（6–9 天）达到上限，目前为 231 / 253 个 Pod 地址（/24 网段）',
      '变化：worker-05 的 OVS 流表项数由 3,100 升至 5,400（+74%），至今保持该水平，周六 16:00',
    ],
  };

  it.each(LANGUAGES)('are shown of healthy clusters, which stay healthy, in %s', async (language) => {
    const withBoth = healthyWith({ changes: [RISEN], capacity: [PODS] });
    const without = await renderDigest(digestOf([reported('fine', 'healthy')], { language }));
    const { html, text: part, subject } = await renderDigest(digestOf([withBoth], { language }));
    expect(subject).toBe(without.subject);
    const [cell, ...others] = elementsOf(html).filter((element) => hasClass(element, 'highlights'));
    expect([cell?.tagName, cell && hasClass(cell, 'quiet'), others]).toEqual(['td', true, []]);
    for (const sentence of SENTENCES[language]) {
      expect(withoutSpace(part)).toContain(withoutSpace(sentence));
      const [label = '', ...rest] = sentence.split(language === 'en' ? ': ' : '：');
      expect(withoutSpace(cell ? textOf(cell) : '')).toContain(withoutSpace(label + rest.join('')));
    }
    for (const element of elementsOf(html))
      expect(hasClass(element, 'critical') || hasClass(element, 'warning')).toBe(false);
    // Times need their time zone.
    expect(part).toContain(language === 'en' ? 'Dates and times are in UTC.' : '日期和时间采用 UTC 时区。');
    expect(without.text).not.toMatch(/UTC|What changed|变化/);
  });

  it.each(LANGUAGES)('are shown of unhealthy clusters after their incidents, in %s', async (language) => {
    const critical = withReport(reported('bad', 'critical'), { changes: [RISEN], capacity: [PODS] });
    const { html, text: part } = await renderDigest(digestOf([critical], { language }));
    const row = elementsOf(html).find((element) => hasClass(element, 'about'));
    for (const sentence of SENTENCES[language]) {
      expect(withoutSpace(part)).toContain(withoutSpace(sentence));
      const unlabelled = sentence.replace(/^.*?(: |：)/, '');
      expect(withoutSpace(row ? textOf(row) : '')).toContain(withoutSpace(unlabelled));
    }
  });

  it('show a step once, with the first report that can be certain of it', () => {
    const at = (time: string) => highlightsOf({ changes: [{ ...RISEN, at: clock(time) }] }).length;
    expect([at('Sat 10:00'), at('Sat 20:00')]).toEqual([1, 1]);
    // 20 Nov 14:00 was too late for the report of that day.
    expect([at('20 22:00'), at('20 14:00')]).toEqual([1, 1]);
    expect([at('19 20:00'), at('17 14:00')]).toEqual([0, 0]);
  });

  it('leave out trends, which would repeat every day, unless a limit is near', () => {
    const at = clock('Sat 16:00');
    const trend = { ...TREND, at, indicator: 'local-pod-count', subject: 'worker-02', unit: 'pods' } as const;
    expect(highlightsOf({ changes: [trend] })).toEqual([]);
    expect(highlightsOf({ changes: [trend], capacity: [PODS] })).toHaveLength(1);
    const constant = { ...PODS, trend: null, fullInDays: null };
    expect(highlightsOf({ changes: [trend], capacity: [constant] })).toEqual([]);
    expect(highlightsOf({ capacity: [{ ...constant, value: 253, usedRatio: 1 }] })).toEqual([
      'Local Pods on worker-02 reached the limit; now 253 of 253 Pod addresses of a /24',
    ]);
  });

  it('leave out limits that will be reached after the horizon of 30 days or two periods', () => {
    const inDays = (value: number, start = clock('20 09:00')) => {
      const { period } = reported('fine', 'healthy').report;
      const capacity = [{ ...PODS, fullInDays: { value, low: value - 5, high: null } }];
      return highlightsOf({ capacity, period: { ...period, start } }).length;
    };
    expect([inDays(29), inDays(31)]).toEqual([1, 0]);
    // With monthly digests, two periods are 60 days.
    const monthAgo = new Date(Date.parse(reported('fine', 'healthy').report.period.end) - 30 * 86_400_000);
    expect([inDays(59, monthAgo.toISOString()), inDays(61, monthAgo.toISOString())]).toEqual([1, 0]);
  });

  it('leave out what an incident covers', () => {
    const found = dip('worker-05', 'Sat 15:30', 'Sat 16:30');
    const full = { ...found, indicator: 'local-pod-count', subject: 'worker-02' };
    const findings = [found, full];
    const critical = reported('bad', 'critical');
    const rowOf = (changes: Partial<Report>) => {
      const incidents = [incident(findings, [0]), incident(findings, [1])];
      const report = { changes: [RISEN], capacity: [PODS], findings, incidents, ...changes };
      return viewOf(digestOf([withReport(critical, report)])).attention?.rows[0]?.highlights;
    };
    expect(rowOf({})).toBeNull();
    expect(rowOf({ changes: [{ ...RISEN, subject: 'worker-06' }] })?.lines).toHaveLength(1);
    expect(rowOf({ capacity: [{ ...PODS, subject: 'worker-03' }] })?.lines).toHaveLength(1);
  });

  it('are the three most urgent per cluster and the number of the others', async () => {
    const later = {
      ...PODS,
      indicator: 'resident-memory',
      unit: 'bytes',
      fullInDays: { value: 28, low: 21, high: null },
    } as const;
    const changes = ['ovs-flow-count', 'cpu-usage', 'goroutines'].map((indicator) => ({
      ...RISEN,
      indicator,
    }));
    const cluster = healthyWith({ changes, capacity: [later, PODS] });
    const [line] = viewOf(digestOf([cluster])).healthy?.lines ?? [];
    expect(line?.highlights?.lines.map((highlight) => text(highlight.text).split(' on ')[0])).toEqual([
      'Local Pods',
      'OVS flow count',
      'CPU usage',
    ]);
    expect(line?.highlights?.more).toBe('and 2 more');
    const { html, text: part } = await renderDigest(digestOf([cluster], { language: 'zh-CN' }));
    expect(html).toContain('<div>另有 2 项</div>');
    expect(part).toContain('\n  另有 2 项\n');
  });

  it('are shared among many clusters, and the digest says if some do not fit', async () => {
    const changes = { changes: [RISEN, { ...RISEN, indicator: 'cpu-usage' }] };
    const clusters = (count: number) =>
      digestOf(
        Array.from({ length: count }, (_, index) => ({ ...healthyWith(changes), name: `c-${index}` })),
      );
    const linesOf = (count: number) =>
      viewOf(clusters(count)).healthy?.lines.map(({ highlights }) => highlights?.lines.length ?? 0);
    expect(linesOf(3)).toEqual([2, 2, 2]);
    expect(linesOf(20)).toEqual([...Array(4).fill(2), ...Array(16).fill(1)]);
    expect(linesOf(30)).toEqual([...Array(24).fill(1), ...Array(6).fill(0)]);
    for (const [count, isIncomplete] of [
      [20, false],
      [30, true],
    ] as const) {
      const { html, text: part } = await renderDigest(clusters(count));
      expect(html.includes('>The reports list more changes.<')).toBe(isIncomplete);
      expect(part.includes('\n\nThe reports list more changes.\n\n')).toBe(isIncomplete);
    }
  });

  it('show titles of user-defined indicators as text', async () => {
    const title = '<img src=x onerror=alert(1)> & co';
    const cluster = healthyWith({ changes: [{ ...RISEN, indicator: 'own-one', unit: 'count' }] });
    const { indicators } = cluster.report;
    const [first] = indicators;
    if (!first) throw new Error('no indicator');
    const words = { en: title, 'zh-CN': title };
    const own = { title: words, explanation: words, impact: words, nextSteps: [] };
    const digest = digestOf([
      withReport(cluster, { indicators: [...indicators, { ...first, id: 'own-one', own }] }),
    ]);
    const { html, text: part } = await renderDigest(digest);
    expect(html).toContain(
      '&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt; &amp; co on <bdi>worker-05</bdi> rose',
    );
    expect(elementsOf(html).map(({ tagName }) => tagName)).not.toContain('img');
    expect(withoutSpace(part)).toContain(withoutSpace(`What changed: ${title} on worker-05 rose from`));
  });
});
