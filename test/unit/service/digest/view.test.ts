import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import { chatContent } from '../../../../src/service/digest/chat/content.ts';
import { makeDocument } from '../../../../src/service/digest/chat/document.ts';
import { DIGEST_CLUSTER_STATUSES } from '../../../../src/service/digest/cluster-status.ts';
import type { Digest } from '../../../../src/service/digest/digest.ts';
import { renderDigest } from '../../../../src/service/digest/render.ts';
import { DIGEST_WORDS } from '../../../../src/service/digest/words.ts';
import { depthReport } from '../../../fixtures/depth-report.ts';
import { silence } from '../../../fixtures/report-parts.ts';
import { elementsOf, textOf } from '../../report/render/elements.ts';
import {
  absent,
  DAY,
  digestOf,
  END,
  fourteen,
  reported,
  text,
  viewOf,
  withoutPoints,
  withoutSpace,
} from './sample.ts';

/** The names of the clusters. */
const names = (lines: readonly { cluster: { text: Phrase } }[] = []) =>
  lines.map(({ cluster }) => text(cluster.text));

const everyStatus = () => [
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
  it('are listed worst first, and those without a report are never healthy', () => {
    const { attention, healthy, verdict } = viewOf(digestOf(everyStatus()));
    expect(attention?.rows.map(({ cluster, status }) => [text(cluster.text), status.word])).toEqual([
      ['worse', 'Critical'],
      ['bad', 'Critical'],
      ['so-so', 'Warning'],
      ['broken', 'Report failed'],
      ['silent', 'No report'],
      ['asked', 'Report in progress'],
      ['unclear', 'Unknown'],
    ]);
    expect(names(healthy?.lines)).toEqual(['fine']);
    expect(verdict).toBe('7 of 8 clusters need attention');
  });

  it('are unknown if an incomplete report calls them healthy', () => {
    const { report } = reported('a', 'healthy');
    const digest = digestOf([reported('a', 'healthy', { report: { ...report, complete: false } })]);
    const { healthy, attention } = viewOf(digest);
    expect([healthy, attention?.rows[0]?.status.word]).toEqual([null, 'Unknown']);
    expect(text(attention?.rows[0]?.headline ?? [])).toBe('No problems found, but some data is missing.');
  });

  it('are not simply healthy if findings are silenced, and say how many', async () => {
    const withSilenced = (name: string, critical: number, verdict: 'healthy' | 'critical' = 'healthy') => {
      const { report } = reported(name, verdict);
      return reported(name, verdict, { report: { ...report, silences: [silence(3, { critical })] } });
    };
    const view = viewOf(
      digestOf([reported('a', 'healthy'), withSilenced('b', 0), withSilenced('c', 3), withSilenced('d', 1)]),
    );
    expect(view.healthy?.lines.map(({ cluster, silenced }) => [text(cluster.text), silenced])).toEqual([
      ['c', '3 critical findings silenced'],
      ['d', '3 findings silenced, 1 critical'],
      ['b', '3 findings silenced'],
      ['a', ''],
    ]);
    expect(view.verdict).toBe('All 4 clusters are healthy, 3 of them apart from silenced findings');
    expect(view.tally.map(({ word }) => word.replaceAll('\u00a0', ' '))).toEqual([
      '4 healthy (3 with silenced findings)',
    ]);
    expect(viewOf(digestOf([withSilenced('c', 3)])).verdict).toBe(
      'The cluster is healthy apart from silenced findings',
    );
    const digest = digestOf([withSilenced('c', 3), withSilenced('e', 1, 'critical')]);
    const chinese = viewOf({ ...digest, language: 'zh-CN' });
    expect(chinese.attention?.rows[0]?.silenced).toBe('已静默 3 项发现，其中严重 1 项');
    const { html, text: part } = await renderDigest(digest);
    const body = elementsOf(html).find(({ tagName }) => tagName === 'body');
    for (const content of [part, body ? textOf(body) : '']) {
      expect(withoutSpace(content)).toContain(withoutSpace('3 critical findings silenced'));
      expect(withoutSpace(content)).toContain(withoutSpace('3 findings silenced, 1 critical'));
    }
    expect(JSON.stringify(chatContent(viewOf(digest)))).toContain('3 findings silenced, 1 critical');
    expect(makeDocument('daily', digest, viewOf(digest)).clusters.map(({ silenced }) => silenced)).toEqual([
      { critical: 1, warning: 2 },
      { critical: 3, warning: 0 },
    ]);
  });

  it('with ongoing incidents come before those without', () => {
    const ended = (report: Report): Report => ({
      ...report,
      score: 1,
      incidents: report.incidents.map((incident) => ({ ...incident, ongoing: false })),
    });
    const was = reported('was', 'critical', { report: ended(reported('was', 'critical').report) });
    expect(names(viewOf(digestOf([was, reported('is', 'critical')])).attention?.rows)).toEqual(['is', 'was']);
  });

  it('have a headline with node and time, or the reason why there is no report', () => {
    const { attention } = viewOf(fourteen());
    const sentences = Object.fromEntries(
      attention?.rows.map(({ cluster, headline, details }) => [
        text(cluster.text),
        [text(headline ?? []), ...details.map(text)],
      ]) ?? [],
    );
    expect(sentences['prod-cn-1']?.slice(0, 3)).toEqual([
      'OVS flow operation errors on cn-worker-7 (add): 14 failed bundles (normally 0)',
      'Sat 12:25–Sun 02:00, 4 episodes, 35 min in total',
      'and 4 more incidents',
    ]);
    expect(sentences['prod-cn-1']?.[3]).toMatch(
      /^The report is incomplete\. The query for File descriptor usage failed\./,
    );
    expect(sentences['prod-eu-2']).toEqual([
      'The report could not be made, so the state of this cluster is unknown.',
      'Reason: prometheus.prod-eu-2.example.com: connect ECONNREFUSED 10.4.0.17:9090',
    ]);
    expect(sentences['edge-rome']).toEqual([
      'There is no report for this period, so the state of this cluster is unknown.',
    ]);
    expect(attention?.rows[1]?.score).toEqual({
      value: '48',
      change: '+3 in one day',
      isWorse: false,
    });
    expect(attention?.rows[0]?.score).toEqual({
      value: '32',
      change: '−68 in one day',
      isWorse: true,
    });
  });

  it('have one line each after the first 25', () => {
    const many = Array.from({ length: 70 }, (_, index) => absent(`c-${index}`, 'missing'));
    const { attention } = viewOf(digestOf(many));
    expect(attention?.rows).toHaveLength(25);
    expect(attention?.more).toBe('45 more clusters need attention');
    expect(new Set([...names(attention?.rows), ...names(attention?.lines)]).size).toBe(70);
  });

  it('name their period if it differs from the digest’s', () => {
    const sameDay = { timeZone: 'Asia/Shanghai', period: { start: END - DAY - 28_800, end: END - 28_800 } };
    const older = { period: { start: END - 2 * DAY, end: END - DAY } };
    const { healthy } = viewOf(
      digestOf([reported('same', 'healthy', sameDay), reported('older', 'healthy', older)]),
    );
    expect(healthy?.lines.map(({ period }) => period)).toEqual(['20 Nov 2026', '']);
  });
});

describe('the subject', () => {
  const subjectOf = (bad: number, fine: number, language: Language = 'en', changes: Partial<Digest> = {}) =>
    viewOf(
      digestOf(
        [
          ...Array.from({ length: bad }, (_, index) => absent(`bad-${index}`, 'failed')),
          ...Array.from({ length: fine }, (_, index) => reported(`fine-${index}`, 'healthy')),
        ],
        { language, ...changes },
      ),
    ).subject;

  it('contains the verdict and the date', () => {
    expect(
      [
        [2, 12],
        [1, 1],
        [0, 14],
        [3, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ].map(([bad = 0, fine = 0]) => subjectOf(bad, fine)),
    ).toEqual([
      '2 of 14 clusters need attention – 21 Nov 2026',
      '1 of 2 clusters needs attention – 21 Nov 2026',
      'All 14 clusters are healthy – 21 Nov 2026',
      'All 3 clusters need attention – 21 Nov 2026',
      'The cluster needs attention – 21 Nov 2026',
      'The cluster is healthy – 21 Nov 2026',
      'No clusters to report on – 21 Nov 2026',
    ]);
    expect(subjectOf(2, 12, 'zh-CN')).toBe('14 个集群中有 2 个需要处理 – 2026年11月21日');
    expect(subjectOf(0, 14, 'zh-CN')).toBe('14 个集群全部正常 – 2026年11月21日');
    const week = { unit: 'week', period: { start: END - 7 * DAY, end: END } } as const;
    expect(subjectOf(2, 12, 'en', week)).toBe('2 of 14 clusters need attention – 15–21 Nov 2026');
    const hours = { period: { start: END - DAY + 3600, end: END + 3600 } };
    for (const language of LANGUAGES) expect(subjectOf(999, 1_000, language, hours).length).toBeLessThan(120);
  });
});

describe('incidents', () => {
  const report = withoutPoints(depthReport());
  const digest = (language: Language) =>
    digestOf([reported('prod-eu-1', 'critical', { report })], { language });

  it('are counted and listed as in the report, with a label for new ones', () => {
    const { attention, topIncidents } = viewOf(digest('en'));
    const [row] = attention?.rows ?? [];
    expect([text(row?.headline ?? []), ...(row?.details.slice(0, 2).map(text) ?? [])]).toEqual([
      'NetworkPolicy sync duration of the controller reached 1.93 s (threshold 1 s)',
      'worse than the day before, also a week ago, since Sun 06:50, for 2 h 10 min, still ongoing',
      'and 5 more incidents',
    ]);
    expect(topIncidents?.entries).toHaveLength(6);
    expect([
      text(topIncidents?.entries[1]?.headline ?? []),
      topIncidents?.entries[1]?.newLabel,
      topIncidents?.entries[1]?.when.replaceAll('\u00a0', ' '),
    ]).toEqual([
      'The agent on node-03 restarted once; then there were 8 failed bundles',
      'new',
      'Sun 03:12–06:10, for 2 h 58 min',
    ]);
    expect(viewOf(digest('zh-CN')).topIncidents?.entries[1]?.when.replaceAll('\u00a0', ' ')).toBe(
      '周日 03:12–06:10，持续 2 小时 58 分钟',
    );
  });

  it.each(LANGUAGES)('are the same in HTML and in plain text, in %s', async (language) => {
    const { html, text: part } = await renderDigest(digest(language));
    const body = elementsOf(html).find(({ tagName }) => tagName === 'body');
    const entries = viewOf(digest(language)).topIncidents?.entries ?? [];
    expect(entries.map(({ newLabel }) => newLabel).filter((one) => one !== '')).toHaveLength(2);
    for (const { headline, newLabel, when } of entries)
      for (const sentence of [text(headline), newLabel, when]) {
        expect(withoutSpace(body ? textOf(body) : '')).toContain(withoutSpace(sentence));
        expect(withoutSpace(part)).toContain(withoutSpace(sentence));
      }
  });
});

describe('the top incidents', () => {
  it('are the worst of all clusters, with the first of each cluster before the second of any', () => {
    const { topIncidents } = viewOf(fourteen());
    expect(
      topIncidents?.entries.map(({ status, cluster, when }) => [
        status.word,
        text(cluster.text),
        when.includes('still ongoing'),
      ]),
    ).toEqual([
      ['Critical', 'prod-eu-1', true],
      ['Critical', 'prod-cn-1', false],
      ['Critical', 'prod-eu-1', false],
      ['Critical', 'prod-eu-1', false],
      ['Warning', 'prod-cn-1', true],
      ['Warning', 'prod-eu-1', true],
    ]);
    expect(topIncidents?.entries.flatMap(({ defect }) => text(defect) || [])).toEqual([
      expect.stringMatching(/^Known defect of Antrea 2\.5\.1, fixed in 2\.5\.3 and 2\.6\.3: A Service that/),
    ]);
    expect(topIncidents?.more).toBe('The reports list 7 more incidents.');
  });

  it('contain the first step with names of the cluster, and a link to their place in the report', () => {
    const { topIncidents } = viewOf(fourteen());
    const [, errors, , again] = topIncidents?.entries ?? [];
    expect(
      errors?.step?.commands.map(({ words }) => words.map(({ text, space }) => text + space).join('')),
    ).toEqual([
      "kubectl logs -n kube-system antrea-agent-1x1n -c antrea-agent --since-time=2026-11-21T11:25:00Z | grep '^[EW]'",
    ]);
    expect(text(errors?.step?.text ?? [])).toBe('Look for the failed operations in the agent’s log.');
    expect(text(again?.step?.text ?? [])).toBe('Same step as above:');
    expect(errors?.link?.href).toBe(
      'https://reports.example.com/reports/prod-cn-1-20261121/report.html#ovs-flow-operation-errors',
    );
  });
});

describe('the words', () => {
  function textsOf(language: Language): string[] {
    const words = DIGEST_WORDS[language];
    const when = language === 'en' ? 'X' : '报告';
    return [
      ...Object.values(words).filter((word) => typeof word === 'string' && word !== words.colon),
      ...Object.values(words.kicker),
      ...Object.values(words.statuses),
      ...Object.values(words.noReport),
      ...DIGEST_CLUSTER_STATUSES.map((status) => words.tally[status](2)),
      words.verdict(0, 0),
      words.verdict(0, 1),
      words.verdict(1, 1),
      words.verdict(0, 14),
      words.verdict(2, 14),
      words.verdict(14, 14),
      words.subject(words.verdict(2, 14), language === 'en' ? '21 Nov' : '2026年11月21日'),
      plain(words.reason(when)),
      plain(words.incomplete(when)),
      words.moreHighlights,
      words.moreIncidents(2),
      words.moreClusters(2),
      words.moreInReports(2),
      words.scoreOf('32'),
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

  it('are English without Chinese characters', () => {
    for (const one of textsOf('en')) expect(one).not.toMatch(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u);
  });

  it('are Chinese with Chinese punctuation, and with spaces around Latin letters and digits', () => {
    for (const one of textsOf('zh-CN').map((each) => each.replaceAll(/\d*年\d*日?/g, '年'))) {
      expect(one).toMatch(/\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u);
      expect(one).not.toMatch(/\p{Script=Han} ?[,.;:?!()]|[,.;:?!()] ?\p{Script=Han}/u);
      expect(one).not.toMatch(/ [\u3000-\u303f\uff00-\uffef]|[\u3000-\u303f\uff00-\uffef] | {2}/u);
      expect(one).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
    }
  });
});
