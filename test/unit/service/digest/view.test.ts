import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { shorten } from '../../../../src/report/render/kit/place.ts';
import type { Digest } from '../../../../src/service/digest/digest.ts';
import { mailSafe } from '../../../../src/service/digest/mail-safe.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { courseDrawing } from '../../../../src/service/digest/score-history.ts';
import { digestView } from '../../../../src/service/digest/view.ts';
import { DIGEST_STANDINGS, DIGEST_WORDS } from '../../../../src/service/digest/words.ts';
import { columnsOf, wrap } from '../../../../src/service/digest/wrap.ts';
import { clock, depthReport, step } from '../../../fixtures/depth-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, type Element, elementsOf, textOf } from '../../report/render/elements.ts';
import { absent, courseOf, digestOf, END, fourteen, reported, telling, withoutPoints } from './sample.ts';

const hasClass = (element: Element, name: string) =>
  (attribute(element, 'class') ?? '').split(' ').includes(name);

const withoutSpace = (text: string) => text.replace(/\s/g, '');
const isolates = (text: string) => text.replace(/[\u2068\u2069]/g, '');
const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

const DAY = 86_400;
const viewOf = (digest: Digest) => digestView(digest).view;
const names = (lines: readonly { cluster: { text: Phrase } }[] = []) =>
  lines.map(({ cluster }) => text(cluster.text));

const everyStanding = () => [
  reported('fine', 'healthy'),
  absent('asked', 'under-way'),
  absent('silent', 'missing'),
  reported('unclear', 'unknown'),
  absent('broken', 'failed', 'refused'),
  reported('so-so', 'warning'),
  reported('bad', 'critical'),
  reported('worse', 'critical', {
    report: { ...reported('worse', 'critical').report, score: 12 },
  }),
];

describe('the clusters', () => {
  it('stand worst first; of whom nothing is known is never among the healthy', () => {
    const { attention, healthy, verdict } = viewOf(digestOf(everyStanding()));
    expect(attention?.rows.map(({ cluster, status }) => [text(cluster.text), status.word])).toEqual([
      ['worse', 'Critical'],
      ['bad', 'Critical'],
      ['so-so', 'Warning'],
      ['broken', 'Report failed'],
      ['silent', 'No report'],
      ['asked', 'Report under way'],
      ['unclear', 'Unknown'],
    ]);
    expect(names(healthy?.lines)).toEqual(['fine']);
    expect(verdict).toEqual({
      status: { kind: 'critical', glyph: '◆', word: '' },
      text: '7 of 8 clusters need attention',
    });
  });

  it('that are called healthy by a report that did not see everything are not fine', () => {
    const { report } = reported('a', 'healthy');
    const digest = digestOf([reported('a', 'healthy', { report: { ...report, complete: false } })]);
    const { healthy, attention } = viewOf(digest);
    expect([healthy, attention?.rows[0]?.status.word]).toEqual([null, 'Unknown']);
    expect(text(attention?.rows[0]?.said ?? [])).toBe('Nothing bad was seen, but not everything was.');
  });

  it('that go on being ill come before those that were', () => {
    const over = (report: Report): Report => ({
      ...report,
      score: 1,
      incidents: report.incidents.map((incident) => ({ ...incident, ongoing: false })),
    });
    const was = reported('was', 'critical', { report: over(reported('was', 'critical').report) });
    expect(names(viewOf(digestOf([was, reported('is', 'critical')])).attention?.rows)).toEqual(['is', 'was']);
  });

  it('say in words what is wrong, with node and time, or why nothing is known', () => {
    const { attention } = viewOf(fourteen());
    const said = Object.fromEntries(
      attention?.rows.map(({ cluster, said: sentence, details }) => [
        text(cluster.text),
        [text(sentence ?? []), ...details.map(text)],
      ]) ?? [],
    );
    expect(said['prod-cn-1']?.slice(0, 3)).toEqual([
      'OVS flow operation errors on cn-worker-7 (add): 14 failed bundles, where none is normal',
      'Sat 12:25–Sun 02:00, in 4 stretches, 35 min in all',
      'and 4 more things',
    ]);
    expect(said['prod-cn-1']?.[3]).toMatch(
      /^The report is incomplete\. The query for File descriptor usage failed\./,
    );
    expect(said['prod-eu-2']).toEqual([
      'The report could not be made, so nothing is known of this cluster.',
      'Reason: prometheus.prod-eu-2.example.com: connect ECONNREFUSED 10.4.0.17:9090',
    ]);
    expect(said['edge-rome']).toEqual([
      'There is no report of this period, so nothing is known of this cluster.',
    ]);
    expect(attention?.rows[1]?.score).toEqual({ value: '48', change: '+3 in a day', isWorse: false });
    expect(attention?.rows[0]?.score).toEqual({ value: '32', change: '−68 in a day', isWorse: true });
  });

  it('beyond so many are a line each, and none is lost', () => {
    const many = Array.from({ length: 70 }, (_, index) => absent(`c-${index}`, 'missing'));
    const { attention } = viewOf(digestOf(many));
    expect(attention?.rows).toHaveLength(25);
    expect(attention?.more).toBe('45 more need attention');
    expect(new Set([...names(attention?.rows), ...names(attention?.lines)]).size).toBe(70);
  });

  it('say their period where it is another than the digest’s', () => {
    const own = { timeZone: 'Asia/Shanghai', period: { start: END - DAY - 28_800, end: END - 28_800 } };
    const older = { period: { start: END - 2 * DAY, end: END - DAY } };
    const { healthy } = viewOf(
      digestOf([reported('same', 'healthy', own), reported('older', 'healthy', older)]),
    );
    expect(healthy?.lines.map(({ period }) => period)).toEqual(['20 Nov 2026', '']);
  });
});

describe('the subject', () => {
  const of = (bad: number, fine: number, language: Language = 'en', changes: Partial<Digest> = {}) =>
    viewOf(
      digestOf(
        [
          ...Array.from({ length: bad }, (_, index) => absent(`bad-${index}`, 'failed')),
          ...Array.from({ length: fine }, (_, index) => reported(`fine-${index}`, 'healthy')),
        ],
        { language, ...changes },
      ),
    ).subject;

  it('has verdict and date', () => {
    expect([of(2, 12), of(1, 1), of(0, 14), of(3, 0), of(1, 0), of(0, 1), of(0, 0)]).toEqual([
      '2 of 14 clusters need attention – 21 Nov 2026',
      '1 of 2 clusters needs attention – 21 Nov 2026',
      'All 14 clusters are healthy – 21 Nov 2026',
      'All 3 clusters need attention – 21 Nov 2026',
      'The cluster needs attention – 21 Nov 2026',
      'The cluster is healthy – 21 Nov 2026',
      'No clusters to report on – 21 Nov 2026',
    ]);
    expect(of(2, 12, 'zh-CN')).toBe('14 个集群中有 2 个需要处理 – 2026年11月21日');
    expect(of(0, 14, 'zh-CN')).toBe('14 个集群全部正常 – 2026年11月21日');
    const week = { unit: 'week', period: { start: END - 7 * DAY, end: END } } as const;
    expect(of(2, 12, 'en', week)).toBe('2 of 14 clusters need attention – 15–21 Nov 2026');
    const hours = { period: { start: END - DAY + 3600, end: END + 3600 } };
    for (const language of LANGUAGES) expect(of(999, 1_000, language, hours).length).toBeLessThan(120);
  });
});

describe('incidents', () => {
  const told = withoutPoints(depthReport());
  const digest = (language: Language) =>
    digestOf([reported('prod-eu-1', 'critical', { report: told })], { language });

  it('are counted and listed as the report has them, and those that are new say so', () => {
    const { attention, findings } = viewOf(digest('en'));
    const [row] = attention?.rows ?? [];
    expect([text(row?.said ?? []), ...(row?.details.slice(0, 2).map(text) ?? [])]).toEqual([
      'NetworkPolicy sync duration of the controller reached 1.93 s; the threshold is 1 s',
      'worse than the day before, also a week ago, since Sun 06:50, for 2 h 10 min, still going on at the end',
      'and 5 more things',
    ]);
    expect(findings?.entries).toHaveLength(6);
    expect([
      text(findings?.entries[1]?.headline ?? []),
      findings?.entries[1]?.fresh,
      findings?.entries[1]?.when.replaceAll('\u00a0', ' '),
    ]).toEqual([
      'The agent on node-03 restarted once; then there were 8 failed bundles',
      'new',
      'Sun 03:12–06:10, for 2 h 58 min',
    ]);
    expect(viewOf(digest('zh-CN')).findings?.entries[1]?.when.replaceAll('\u00a0', ' ')).toBe(
      '周日 03:12–06:10，持续 2 小时 58 分钟',
    );
  });

  it.each(LANGUAGES)('are the same on the page and in the text, in %s', async (language) => {
    const { html, text: part } = await renderDigest(digest(language));
    const body = elementsOf(html).find(({ tagName }) => tagName === 'body');
    const entries = viewOf(digest(language)).findings?.entries ?? [];
    expect(entries.map(({ fresh }) => fresh).filter((one) => one !== '')).toHaveLength(2);
    for (const { headline, fresh, when } of entries)
      for (const sentence of [text(headline), fresh, when]) {
        expect(withoutSpace(body ? textOf(body) : '')).toContain(withoutSpace(sentence));
        expect(withoutSpace(part)).toContain(withoutSpace(sentence));
      }
  });
});

describe('the top findings', () => {
  it('are the worst of all clusters, each cluster’s first before another’s second', () => {
    const { findings } = viewOf(fourteen());
    expect(
      findings?.entries.map(({ status, cluster, when }) => [
        status.word,
        text(cluster.text),
        when.includes('still going on'),
      ]),
    ).toEqual([
      ['Critical', 'prod-eu-1', true],
      ['Critical', 'prod-cn-1', false],
      ['Critical', 'prod-eu-1', false],
      ['Critical', 'prod-eu-1', false],
      ['Warning', 'prod-cn-1', true],
      ['Warning', 'prod-eu-1', true],
    ]);
    expect(findings?.more).toBe('7 more things are in the reports.');
  });

  it('say what to do, with the names of this cluster, and lead to their place in the report', () => {
    const { findings } = viewOf(fourteen());
    const [, errors, , again] = findings?.entries ?? [];
    expect(
      errors?.step?.commands.map(({ words }) => words.map(({ text, space }) => text + space).join('')),
    ).toEqual([
      "kubectl logs -n kube-system antrea-agent-1x1n -c antrea-agent --since-time=2026-11-21T11:25:00Z | grep '^[EW]'",
    ]);
    expect(text(errors?.step?.text ?? [])).toBe('Look for the failed operations in the agent’s log.');
    expect(text(again?.step?.text ?? [])).toBe('The same step as above:');
    expect(errors?.link?.href).toBe(
      'https://reports.example.com/reports/prod-cn-1-20261121/report.html#ovs-flow-operation-errors',
    );
  });
});

describe.each(LANGUAGES)('the message in %s', (language) => {
  const rendered = renderDigest(fourteen(language));
  const view = viewOf(fourteen(language));

  it('says the same as a page and as text', async () => {
    const { html, text: part } = await rendered;
    const body = elementsOf(html).find(({ tagName }) => tagName === 'body');
    const page = withoutSpace(body ? textOf(body) : '');
    const other = withoutSpace(part);
    const sentences = [
      view.verdict.text,
      ...view.tally.map(({ word }) => word),
      ...(view.attention?.rows.flatMap(({ cluster, said, details, status, score }) => [
        text(cluster.text),
        status.word,
        text(said ?? []),
        ...details.map(text),
        ...(score === null ? [] : [score.value, score.change]),
      ]) ?? []),
      ...(view.findings?.entries.flatMap(({ headline, when, step }) => [
        text(headline),
        when,
        text(step?.text ?? []),
      ]) ?? []),
      ...names(view.healthy?.lines),
      ...[...(view.attention?.rows ?? []), ...(view.healthy?.lines ?? [])].flatMap(({ news }) =>
        (news?.lines ?? []).flatMap((line) => [line.label, text(line.text), line.when]),
      ),
      ...view.attachments.map(text),
      ...view.note,
      view.times,
      text(view.footer),
      view.noTracking,
    ].filter((sentence) => sentence !== '');
    expect(sentences.length).toBeGreaterThan(60);
    for (const sentence of sentences) {
      expect(page).toContain(withoutSpace(sentence));
      expect(other).toContain(withoutSpace(sentence));
    }
    const hrefs = elementsOf(html).flatMap((element) => attribute(element, 'href') ?? []);
    expect(new Set(hrefs).size).toBeGreaterThan(20);
    for (const href of hrefs) expect(part.split(/[\s：]/)).toContain(href);
  });

  it('loads nothing: pictures are within the message, and there is nothing but links', async () => {
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

  it('is what mail programs show: tables for layout, styles in the elements, dark and narrow in the sheet', async () => {
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

  it('as text keeps to 78 columns, but for addresses', async () => {
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
    'are none where nothing could open them: %s',
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

describe('the pictures', () => {
  const size = (png: Uint8Array) => {
    const view = new DataView(png.buffer, png.byteOffset);
    return [view.getUint32(16), view.getUint32(20)];
  };

  it('are PNGs of two pixels to one, and equal courses are one picture', async () => {
    const clusters = [
      reported('a', 'critical'),
      reported('b', 'critical'),
      reported('c', 'critical', { course: courseOf([32, 50, 100]) }),
      reported('new', 'critical', { course: courseOf([32]) }),
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

  it('have 100 at the top, the latest at the right, the worse above, and rings for what is incomplete', () => {
    const drawing = courseDrawing(courseOf([0, 100, 50], { verdict: 'unknown', complete: false }));
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
    'of which a quarter is ill and all have changed fit into what Gmail shows of a message, in %s',
    async (language) => {
      const changes = ['ovs-flow-count', 'cpu-usage', 'goroutines', 'resident-memory'].map((indicator) =>
        step('ip-10-0-112-23.eu-central-1', { indicator, at: clock('Sat 16:00') }),
      );
      const clusters = Array.from({ length: 100 }, (_, index) =>
        reported(`cluster-${index}-eu-central-1`, index % 4 === 0 ? 'critical' : 'healthy'),
      );
      for (const told of [[], changes]) {
        const all = clusters.map((cluster) => telling(cluster, { changes: told }));
        const { html } = await renderDigest(digestOf(all, { language }));
        expect(Buffer.byteLength(html)).toBeLessThan(102_000);
      }
    },
  );

  it('in their hundreds are one message of less than 1 MB, made in seconds', {
    timeout: 60_000,
  }, async () => {
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
        course: courseOf(Array.from({ length: 30 }, (_, day) => (day === 0 ? score : (index * day) % 101))),
      });
    });
    const started = performance.now();
    const { html, text: part, images, subject } = await renderDigest(digestOf(clusters));
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(subject).toBe('400 of 500 clusters need attention – 21 Nov 2026');
    expect(Buffer.byteLength(html)).toBeLessThan(400_000);
    expect(images.length).toBeLessThanOrEqual(50);
    for (const { name } of clusters) {
      expect(html).toContain(`>${name}<`);
      expect(part).toContain(name);
    }
  });
});

describe('whatever names there are', () => {
  const PAYLOADS = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '</title></style><svg onload=alert(1)>',
    '{{constructor}} <% x %> <#if x> }} {{',
    '{{',
    '"JUICE_CODE_BLOCK_0_" JUICE_STYLE_0_',
    '&lt;b&gt; &#60;i> &amp;',
    '--> ]]> <!-- <![endif]-->',
    'שלום-עולם\u200f',
    'evil\u202egnp.exe \u2067 \u2069\u202e',
    'two\nlines\r\nBcc: all@example.com\tand\u0000\u0007\u001b[31m\u2028',
    '\ud800\uffff',
    'x'.repeat(300),
    '节点，一号'.repeat(60),
    '   ',
    '',
  ];
  const hostile = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...PAYLOADS) },
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );

  function digestWith(given: string, language: Language): Digest {
    const report = withoutPoints({
      ...sampleReport({ nodes: 5, nodeName: (index) => `${index} ${given}`, cluster: given }),
      metrics: [],
    });
    const own = { en: given, 'zh-CN': given };
    const [first] = report.indicators;
    const [capacity] = report.capacity.filter(({ fullInDays }) => fullInDays !== null);
    if (!first || !capacity) throw new Error('nothing to tell');
    const at = clock('Sat 16:00');
    const told = {
      indicators: [
        ...report.indicators,
        { ...first, id: 'own-one', own: { title: own, explanation: own, impact: own, nextSteps: [] } },
      ],
      changes: [
        step(`0 ${given}`, { at, labels: { operation: given } }),
        step(given, { at, indicator: 'own-one' }),
      ],
      capacity: [{ ...capacity, subject: given, limit: { ...capacity.limit, id: given } }],
    };
    return digestOf(
      [
        telling(
          reported(given, 'critical', { report, links: { html: `https://example.com/${given}` } }),
          told,
        ),
        telling(reported(`${given}2`, 'healthy'), told),
        absent(`${given}3`, 'failed', `no: ${given}`),
      ],
      {
        language,
        // What is only space is no note.
        note: `note ${given}`,
        attached: [{ cluster: given, name: given, bytes: 1 }],
        leftOut: [{ cluster: given, name: given, bytes: 1 }],
      },
    );
  }

  /** As many as words, lines and long names there are. */
  const isVariable = (element: Element) => element.tagName === 'br' || hasClass(element, 'whole');
  const skeletonOf = (html: string) =>
    elementsOf(html)
      .filter((element) => !isVariable(element))
      .map(
        ({ tagName, attrs, namespaceURI }) =>
          `${namespaceURI.split('/').at(-1)} ${tagName} ${attrs.map(({ name }) => name).filter((name) => name !== 'title')}`,
      );

  it('the message has the same elements, and they turn nothing around', { timeout: 60_000 }, async () => {
    const harmlessOnes = new Map<Language, string[]>();
    for (const language of LANGUAGES)
      harmlessOnes.set(language, skeletonOf((await renderDigest(digestWith('a', language))).html));
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(...LANGUAGES), async (given, language) => {
        const { html, text: part, subject } = await renderDigest(digestWith(given, language));
        expect(skeletonOf(html)).toEqual(harmlessOnes.get(language));
        expect(subject).toBe(
          language === 'en'
            ? '2 of 3 clusters need attention – 21 Nov 2026'
            : '3 个集群中有 2 个需要处理 – 2026年11月21日',
        );
        const shown = shorten(mailSafe(given), 48) || '–';
        const bold = elementsOf(html).find(({ tagName }) => tagName === 'h3');
        expect(bold && textOf(bold)).toBe(shown);
        expect(withoutSpace(isolates(part))).toContain(withoutSpace(shown));
        // Around own titles, which are no names, there may be isolates, but no element ends within one.
        expect(html).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/);
        for (const element of elementsOf(html)) expect(isolatesOf(textOf(element))).toBe(0);
        expect(part).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/);
        for (const line of isolatesByLine(part)) expect(line).toBe(0);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
        expect(html + part).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(part.isWellFormed() && html.isWellFormed()).toBe(true);
      }),
      { numRuns: 60, examples: PAYLOADS.map((payload): [string, Language] => [payload, 'en']) },
    );
  });

  /** Opened less closed. */
  function isolatesOf(block: string): number {
    return (block.match(/\u2068/g)?.length ?? 0) - (block.match(/\u2069/g)?.length ?? 0);
  }

  function isolatesByLine(part: string): number[] {
    return part.split('\n\n').map(isolatesOf);
  }
});

describe('text from outside', () => {
  it('has what turns directions written out', () => {
    expect(mailSafe('evil\u202egnp.exe\u0007')).toBe('evil\\u202egnp.exe\\x07');
  });
});

describe('lines of text', () => {
  it('break between words and between Chinese characters, never before punctuation', () => {
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

describe('the words', () => {
  function textsOf(language: Language): string[] {
    const words = DIGEST_WORDS[language];
    const when = language === 'en' ? 'X' : '报告';
    return [
      ...Object.values(words).filter((word) => typeof word === 'string' && word !== words.colon),
      ...Object.values(words.kicker),
      ...Object.values(words.standings),
      ...Object.values(words.absent),
      ...DIGEST_STANDINGS.map((standing) => words.tally[standing](2)),
      words.verdict(0, 0),
      words.verdict(0, 1),
      words.verdict(1, 1),
      words.verdict(0, 14),
      words.verdict(2, 14),
      words.verdict(14, 14),
      words.subject(words.verdict(2, 14), language === 'en' ? '21 Nov' : '2026年11月21日'),
      plain(words.reason(when)),
      plain(words.incomplete(when)),
      words.moreChanges,
      words.moreFindings(2),
      words.moreClusters(2),
      words.moreElsewhere(2),
      words.scoreIs('32'),
      ...(['day', 'week', 'month'] as const).flatMap((unit) => [
        words.change('+3', unit),
        words.unchanged(unit),
      ]),
      plain(words.attached(['prod-1', 'prod-2'], 3)),
      plain(words.attached(['prod-1'], 0)),
      plain(words.leftOut(['prod-1', 'prod-2'], 0)),
      plain(words.footer),
    ].map((one) => String(one).replaceAll(/\d年\d+月\d/g, '年'));
  }

  it('are English in English', () => {
    for (const one of textsOf('en')) expect(one).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
  });

  it('are Chinese in Chinese, with its punctuation and spaces beside Latin letters and digits', () => {
    for (const one of textsOf('zh-CN').map((each) => each.replaceAll(/\d*年\d*日?/g, '年'))) {
      expect(one).toMatch(/\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u);
      expect(one).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] | {2}/u);
      expect(one).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });
});
