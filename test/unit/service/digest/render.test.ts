import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { Phrase } from '../../../../src/report/render/kit/phrase.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { drawScoreHistory } from '../../../../src/service/digest/score-history.ts';
import { columnsOf, wrap } from '../../../../src/service/digest/wrap.ts';
import { cpuSeconds } from '../../../fixtures/cpu-seconds.ts';
import { clock, step } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, elementsOf, textOf } from '../../report/render/elements.ts';
import {
  absent,
  digestOf,
  fourteen,
  hasClass,
  reported,
  scoreHistoryOf,
  text,
  viewOf,
  withoutPoints,
  withoutSpace,
  withReport,
} from './sample.ts';

/** The names of the clusters. */
const names = (lines: readonly { cluster: { text: Phrase } }[] = []) =>
  lines.map(({ cluster }) => text(cluster.text));

describe.each(LANGUAGES)('the message in %s', (language) => {
  const rendered = renderDigest(fourteen(language));
  const view = viewOf(fourteen(language));

  it('has the same content as HTML and as plain text', async () => {
    const { html, text: part } = await rendered;
    const body = elementsOf(html).find(({ tagName }) => tagName === 'body');
    const page = withoutSpace(body ? textOf(body) : '');
    const plainText = withoutSpace(part);
    const sentences = [
      view.verdict,
      ...view.tally.map(({ word }) => word),
      ...(view.attention?.rows.flatMap(({ cluster, headline, details, status, score }) => [
        text(cluster.text),
        status.word,
        text(headline ?? []),
        ...details.map(text),
        ...(score === null ? [] : [score.value, score.change]),
      ]) ?? []),
      ...(view.topIncidents?.entries.flatMap(({ headline, when, step, defect }) => [
        text(headline),
        when,
        text(step?.text ?? []),
        text(defect),
      ]) ?? []),
      ...names(view.healthy?.lines),
      ...[...(view.attention?.rows ?? []), ...(view.healthy?.lines ?? [])].flatMap(({ highlights }) =>
        (highlights?.lines ?? []).flatMap((line) => [line.label, text(line.text), line.when]),
      ),
      ...view.attachments.map(text),
      ...view.note,
      view.times,
      text(view.words.footer),
      view.words.noTracking,
    ].filter((sentence) => sentence !== '');
    expect(sentences.length).toBeGreaterThan(60);
    for (const sentence of sentences) {
      expect(page).toContain(withoutSpace(sentence));
      expect(plainText).toContain(withoutSpace(sentence));
    }
    const hrefs = elementsOf(html).flatMap((element) => attribute(element, 'href') ?? []);
    expect(new Set(hrefs).size).toBeGreaterThan(20);
    for (const href of hrefs) expect(part.split(/[\s：]/)).toContain(href);
  });

  it('loads no external content: images are in the message', async () => {
    const { html, images } = await rendered;
    const elements = elementsOf(html);
    expect(html).not.toMatch(
      /<(script|link|svg|iframe|object|form|base)|@import|url\(|background=|srcset|\son\w+=/i,
    );
    const sources = elements.flatMap((element) => attribute(element, 'src') ?? []);
    expect(sources).toHaveLength(3);
    expect(new Set(sources)).toEqual(new Set(images.map(({ cid }) => `cid:${cid}`)));
    for (const element of elements.filter(({ tagName }) => tagName === 'a'))
      expect(attribute(element, 'href')).toMatch(/^https:\/\/reports\.example\.com\//);
    for (const element of elements.filter(({ tagName }) => tagName === 'img')) {
      expect(attribute(element, 'alt')).toMatch(
        language === 'en' ? /^Scores of the last \d+ reports/ : /^最近 \d+ 份报告的评分/,
      );
      expect([attribute(element, 'width'), attribute(element, 'height')]).toEqual(['140', '36']);
    }
  });

  it('suits mail programs: tables for layout, styles in the elements, media queries in the stylesheet', async () => {
    const { html } = await rendered;
    const elements = elementsOf(html);
    const root = elements.find(({ tagName }) => tagName === 'html');
    expect(html.startsWith('<!doctype html>\n')).toBe(true);
    expect(root && attribute(root, 'lang')).toBe(language);
    for (const table of elements.filter(({ tagName }) => tagName === 'table'))
      expect(attribute(table, 'role')).toBe('presentation');
    const metas = elements.filter(({ tagName }) => tagName === 'meta');
    for (const name of ['color-scheme', 'supported-color-schemes'])
      expect(metas.find((meta) => attribute(meta, 'name') === name)?.attrs[1]?.value).toBe('light dark');
    const styled = elements.filter((element) => hasClass(element, 'quiet') || hasClass(element, 'critical'));
    expect(styled.length).toBeGreaterThan(20);
    for (const element of styled) expect(attribute(element, 'style')).toMatch(/(^|;)color:#/);
    const [sheet] = elements.filter(({ tagName }) => tagName === 'style');
    const rules = sheet ? textOf(sheet).trim() : '';
    expect(rules).toMatch(/^@media \(prefers-color-scheme: dark\) \{/);
    expect(rules).toContain('@media (max-width: 480px) {');
    expect(html).not.toMatch(/display: ?(flex|grid)|var\(--|undefined|NaN|\[object /);
    expect(html.length).toBeLessThan(40_000);
  });

  it('has at most 78 columns as plain text, except for URLs', async () => {
    const { text: part } = await rendered;
    for (const line of part.split('\n'))
      if (!line.includes('https://')) expect(columnsOf(line), line).toBeLessThanOrEqual(78);
    expect(part).not.toMatch(/\u00a0|[ \t]$|\n{3}/m);
    const commands = part.replaceAll(/ \\\n +/g, ' ');
    expect(commands).toContain(
      "    kubectl logs -n kube-system antrea-agent-1x1n -c antrea-agent --since-time=2026-11-21T11:25:00Z | grep '^[EW]'\n",
    );
  });
});

describe('links', () => {
  it.each(['reports/a/report.html', 'javascript:alert(1)//https://x', 'data:text/html,x'])(
    'are plain text for addresses that mail programs cannot open: %s',
    async (html) => {
      const digest = digestOf([reported('bad', 'critical', { links: { html } }), absent('gone', 'failed')], {
        listLink: html,
      });
      const made = await renderDigest(digest);
      const hrefs = elementsOf(made.html).flatMap((element) => attribute(element, 'href') ?? []);
      expect(new Set(hrefs)).toEqual(new Set(['https://reports.example.com/reports?cluster=gone']));
      expect(made.text).toContain(`Report: ${html}`);
      expect(made.html).toContain('Report: ');
    },
  );
});

describe('the images', () => {
  const size = (png: Uint8Array) => {
    const view = new DataView(png.buffer, png.byteOffset);
    return [view.getUint32(16), view.getUint32(20)];
  };

  it('are PNGs of twice their size, and equal score histories share one', async () => {
    const clusters = [
      reported('a', 'critical'),
      reported('b', 'critical'),
      reported('c', 'critical', { scoreHistory: scoreHistoryOf([32, 50, 100]) }),
      reported('new', 'critical', { scoreHistory: scoreHistoryOf([32]) }),
    ];
    const { images, html } = await renderDigest(digestOf(clusters));
    expect(html.match(/src="cid:/g)).toHaveLength(3);
    expect(images).toHaveLength(2);
    for (const { bytes, contentType } of images) {
      expect([...bytes.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      expect(size(bytes)).toEqual([280, 72]);
      expect(contentType).toBe('image/png');
      expect(bytes.length).toBeGreaterThan(300);
    }
    expect(Buffer.from(images[0]?.bytes ?? []).equals(images[1]?.bytes ?? Buffer.of())).toBe(false);
  });

  it('span 0 to 100, with the latest report on the right, the worst on top and incomplete ones as rings', () => {
    const drawing = drawScoreHistory(scoreHistoryOf([0, 100, 50], { verdict: 'unknown', complete: false }));
    expect(/points="([^"]*)"/.exec(drawing)?.[1]).toBe('135.00,31.00 130.52,5.00 126.03,18.00');
    const circles = [...drawing.matchAll(/<circle cx="([\d.]+)".*?fill="([^"]+)"/g)].map(([, x, fill]) => [
      x,
      fill,
    ]);
    expect(circles).toEqual([
      ['130.52', '#009e73'],
      ['135', 'none'],
      ['126.03', '#d55e00'],
    ]);
  });
});

describe('many clusters', () => {
  it.each(LANGUAGES)(
    'stay below the size at which Gmail cuts a message, with 100 clusters in %s',
    async (language) => {
      const changes = ['ovs-flow-count', 'cpu-usage', 'goroutines', 'resident-memory'].map((indicator) =>
        step('ip-10-0-112-23.eu-central-1', { indicator, at: clock('Sat 16:00') }),
      );
      const clusters = Array.from({ length: 100 }, (_, index) =>
        reported(`cluster-${index}-eu-central-1`, index % 4 === 0 ? 'critical' : 'healthy'),
      );
      for (const some of [[], changes]) {
        const all = clusters.map((cluster) => withReport(cluster, { changes: some }));
        const { html } = await renderDigest(digestOf(all, { language }));
        expect(Buffer.byteLength(html)).toBeLessThan(102_000);
      }
    },
  );

  it('stay below 0.4 MB and 8 s with 500 clusters', async () => {
    const report = withoutPoints({
      ...sampleReport({ nodes: 100, nodeName: (index) => `ip-10-0-${index}.eu-central-1.compute.internal` }),
      metrics: [],
    });
    const clusters = Array.from({ length: 500 }, (_, index) => {
      const name = `cluster-of-team-${index}-eu-central-1`;
      if (index % 5 === 0) return reported(name, 'healthy');
      if (index % 5 === 1) return absent(name, 'failed', 'x '.repeat(2_000));
      const score = (index * 37) % 80;
      return reported(name, 'critical', {
        report: { ...report, cluster: name, score },
        scoreHistory: scoreHistoryOf(
          Array.from({ length: 30 }, (_, day) => (day === 0 ? score : (index * day) % 101)),
        ),
      });
    });
    const { result, seconds } = await cpuSeconds(() => renderDigest(digestOf(clusters)));
    expect(seconds).toBeLessThan(8);
    const { html, text: part, images, subject } = result;
    expect(subject).toBe('400 of 500 clusters need attention – 21 Nov 2026');
    expect(Buffer.byteLength(html)).toBeLessThan(400_000);
    expect(images.length).toBeLessThanOrEqual(50);
    for (const { name } of clusters) {
      expect(html).toContain(`>${name}<`);
      expect(part).toContain(name);
    }
  });
});

describe('lines of text', () => {
  it('break between words and between Chinese characters, but not before punctuation', () => {
    const chinese = wrap('报告未能生成，集群状况不明。'.repeat(6), '  ');
    const lines = chinese.split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(columnsOf(line)).toBeLessThanOrEqual(78);
      expect(line).toMatch(/^ {2}[^，。]/);
    }
    expect(wrap(`word ${'x'.repeat(100)} word`, '- ', '  ')).toBe(`- word\n  ${'x'.repeat(100)}\n  word`);
    expect(wrap(`${'x'.repeat(74)} 1\u00a0d`)).toBe(`${'x'.repeat(74)} 1 d`);
    expect(wrap(`${'x'.repeat(75)} 1\u00a0d`)).toBe(`${'x'.repeat(75)}\n1 d`);
  });
});
