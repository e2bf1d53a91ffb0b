import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import type { Digest } from '../../../../src/service/digest/digest.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { digestView } from '../../../../src/service/digest/view.ts';
import { clock, dip, incident, PODS, step, TREND } from '../../../fixtures/depth-report.ts';
import { attribute, type Element, elementsOf, textOf } from '../../report/render/elements.ts';
import { digestOf, reported, telling } from './sample.ts';

const hasClass = (element: Element, name: string) =>
  (attribute(element, 'class') ?? '').split(' ').includes(name);
const withoutSpace = (text: string) => text.replace(/\s/g, '');
const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');
const viewOf = (digest: Digest) => digestView(digest).view;

describe('what changed and what runs out', () => {
  const RISEN = step('worker-05', { at: clock('Sat 16:00') });
  const fine = (told: Partial<Report>) =>
    telling(reported('fine', 'healthy'), { changes: [], capacity: [], ...told });
  const toldOf = (told: Partial<Report>) =>
    viewOf(digestOf([fine(told)])).healthy?.lines[0]?.news?.lines.map((line) => text(line.text)) ?? [];

  const SAID: Record<Language, string[]> = {
    en: [
      'Running out: Local Pods on worker-02 will reach the limit in about 7 days (6–9); now 231 of 253 Pod addresses of a /24',
      'What changed: OVS flow count on worker-05 rose from 3,100 to 5,400 (+74%) and stayed there, Sat 16:00',
    ],
    'zh-CN': [
      '容量余量：worker-02 的本地 Pod 数预计约 7 天后（6–9 天）达到上限，目前为 231 / 253 个 Pod 地址（/24 网段）',
      '变化：worker-05 的 OVS 流表项数由 3,100 升至 5,400（+74%），此后保持该水平，周六 16:00',
    ],
  };

  it.each(LANGUAGES)('is told of clusters that are fine and go on being so, in %s', async (language) => {
    const told = { changes: [RISEN], capacity: [PODS] };
    const calm = await renderDigest(digestOf([reported('fine', 'healthy')], { language }));
    const { html, text: part, subject } = await renderDigest(digestOf([fine(told)], { language }));
    expect(subject).toBe(calm.subject);
    const [news, ...others] = elementsOf(html).filter((element) => hasClass(element, 'news'));
    expect([news?.tagName, news && hasClass(news, 'quiet'), others]).toEqual(['td', true, []]);
    for (const one of SAID[language]) {
      expect(withoutSpace(part)).toContain(withoutSpace(one));
      const [label = '', ...said] = one.split(language === 'en' ? ': ' : '：');
      const cell = withoutSpace(news ? textOf(news) : '');
      expect(cell).toContain(withoutSpace(label + said.join('')));
    }
    for (const element of elementsOf(html))
      expect(hasClass(element, 'critical') || hasClass(element, 'warning')).toBe(false);
    // Whoever reads a time must know whose.
    expect(part).toContain(language === 'en' ? 'Days and times are in UTC.' : '日期和时间均为 UTC。');
    expect(calm.text).not.toMatch(/UTC|What changed|变化/);
  });

  it.each(LANGUAGES)('is told of clusters that are ill, beside their incidents, in %s', async (language) => {
    const ill = telling(reported('ill', 'critical'), { changes: [RISEN], capacity: [PODS] });
    const { html, text: part } = await renderDigest(digestOf([ill], { language }));
    const row = elementsOf(html).find((element) => hasClass(element, 'about'));
    for (const one of SAID[language]) {
      expect(withoutSpace(part)).toContain(withoutSpace(one));
      const said = one.replace(/^.*?(: |：)/, '');
      expect(withoutSpace(row ? textOf(row) : '')).toContain(withoutSpace(said));
    }
  });

  it('is told of steps once: by the report that is the first to be certain', () => {
    const at = (time: string) => toldOf({ changes: [{ ...RISEN, at: clock(time) }] }).length;
    expect([at('Sat 10:00'), at('Sat 20:00')]).toEqual([1, 1]);
    // In the afternoon before: too late for the report of that day.
    expect([at('20 22:00'), at('20 14:00')]).toEqual([1, 1]);
    expect([at('19 20:00'), at('17 14:00')]).toEqual([0, 0]);
  });

  it('is not told of trends every day, unless they run into a limit', () => {
    const at = clock('Sat 16:00');
    const trend = { ...TREND, at, indicator: 'local-pod-count', subject: 'worker-02', unit: 'pods' } as const;
    expect(toldOf({ changes: [trend] })).toEqual([]);
    expect(toldOf({ changes: [trend], capacity: [PODS] })).toHaveLength(1);
    const calm = { ...PODS, trend: null, fullInDays: null };
    expect(toldOf({ changes: [trend], capacity: [calm] })).toEqual([]);
    expect(toldOf({ capacity: [{ ...calm, value: 253, usedRatio: 1 }] })).toEqual([
      'Local Pods on worker-02 reached the limit; now 253 of 253 Pod addresses of a /24',
    ]);
  });

  it('is not told of limits that the digests of the next weeks will tell as well', () => {
    const inDays = (value: number, start = clock('20 09:00')) => {
      const { period } = reported('fine', 'healthy').report;
      const capacity = [{ ...PODS, fullInDays: { value, low: value - 5, high: null } }];
      return toldOf({ capacity, period: { ...period, start } }).length;
    };
    expect([inDays(29), inDays(31)]).toEqual([1, 0]);
    // The digest of a month comes once a month.
    const monthAgo = new Date(Date.parse(reported('fine', 'healthy').report.period.end) - 30 * 86_400_000);
    expect([inDays(59, monthAgo.toISOString()), inDays(61, monthAgo.toISOString())]).toEqual([1, 0]);
  });

  it('is not told again where an incident tells it', async () => {
    const found = dip('worker-05', 'Sat 15:30', 'Sat 16:30');
    const full = { ...found, indicator: 'local-pod-count', subject: 'worker-02' };
    const findings = [found, full];
    const ill = reported('ill', 'critical');
    const rowOf = (told: Partial<Report>) => {
      const incidents = [incident(findings, [0]), incident(findings, [1])];
      const report = { changes: [RISEN], capacity: [PODS], findings, incidents, ...told };
      return viewOf(digestOf([telling(ill, report)])).attention?.rows[0]?.news;
    };
    expect(rowOf({})).toBeNull();
    expect(rowOf({ changes: [{ ...RISEN, subject: 'worker-06' }] })?.lines).toHaveLength(1);
    expect(rowOf({ capacity: [{ ...PODS, subject: 'worker-03' }] })?.lines).toHaveLength(1);
  });

  it('is three lines a cluster, the most urgent first, and how many more', async () => {
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
    const cluster = fine({ changes, capacity: [later, PODS] });
    const [line] = viewOf(digestOf([cluster])).healthy?.lines ?? [];
    expect(line?.news?.lines.map(({ text: one }) => text(one).split(' on ')[0])).toEqual([
      'Local Pods',
      'OVS flow count',
      'CPU usage',
    ]);
    expect(line?.news?.more).toBe('and 2 more');
    const { html, text: part } = await renderDigest(digestOf([cluster], { language: 'zh-CN' }));
    expect(html).toContain('<div>另有 2 项</div>');
    expect(part).toContain('\n  另有 2 项\n');
  });

  it('is shared among many clusters, and what is left out is said', async () => {
    const told = { changes: [RISEN, { ...RISEN, indicator: 'cpu-usage' }] };
    const clusters = (count: number) =>
      digestOf(Array.from({ length: count }, (_, index) => ({ ...fine(told), name: `c-${index}` })));
    const linesOf = (count: number) =>
      viewOf(clusters(count)).healthy?.lines.map(({ news }) => news?.lines.length ?? 0);
    expect(linesOf(3)).toEqual([2, 2, 2]);
    expect(linesOf(20)).toEqual([...Array(4).fill(2), ...Array(16).fill(1)]);
    expect(linesOf(30)).toEqual([...Array(24).fill(1), ...Array(6).fill(0)]);
    for (const [count, isSaid] of [
      [20, false],
      [30, true],
    ] as const) {
      const { html, text: part } = await renderDigest(clusters(count));
      expect(html.includes('>More changes are in the reports.<')).toBe(isSaid);
      expect(part.includes('\n\nMore changes are in the reports.\n\n')).toBe(isSaid);
    }
  });

  it('has titles of own indicators as text', async () => {
    const title = '<img src=x onerror=alert(1)> & co';
    const cluster = fine({ changes: [{ ...RISEN, indicator: 'own-one', unit: 'count' }] });
    const { indicators } = cluster.report;
    const [first] = indicators;
    if (!first) throw new Error('no indicator');
    const words = { en: title, 'zh-CN': title };
    const own = { title: words, explanation: words, impact: words, nextSteps: [] };
    const digest = digestOf([
      telling(cluster, { indicators: [...indicators, { ...first, id: 'own-one', own }] }),
    ]);
    const { html, text: part } = await renderDigest(digest);
    expect(html).toContain(
      '&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt; &amp; co on <bdi>worker-05</bdi> rose',
    );
    expect(elementsOf(html).map(({ tagName }) => tagName)).not.toContain('img');
    expect(withoutSpace(part)).toContain(withoutSpace(`What changed: ${title} on worker-05 rose from`));
  });
});
