import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChannelKind } from '../../../../src/config/schema/channels.ts';
import { chatTarget } from '../../../../src/connect/channels.ts';
import { openSecretSources } from '../../../../src/connect/secrets.ts';
import { LANGUAGES, type Language } from '../../../../src/report/model/indicator.ts';
import type { ChatDigest, RenderChat } from '../../../../src/service/digest/chat/channel.ts';
import { makeDocument } from '../../../../src/service/digest/chat/document.ts';
import { withLookAlikes } from '../../../../src/service/digest/chat/markdown.ts';
import type { Digest } from '../../../../src/service/digest/digest.ts';
import { digestView } from '../../../../src/service/digest/view.ts';
import { findFault, markupOf, textsOf } from '../../../fixtures/chat-messages.ts';
import { HOSTILE_NAME } from '../../../fixtures/hostile-names.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { absent, digestOf, fourteen, reported, withoutPoints } from '../../service/digest/sample.ts';

const KINDS = ['slack', 'teams', 'dingtalk', 'wecom', 'feishu', 'webhook'] as const satisfies ChannelKind[];

const renders = new Map<ChannelKind, RenderChat>();
for (const kind of KINDS) {
  const channel = { name: 'ops', [kind]: { url: { environment: 'URL' } } };
  renders.set(kind, await chatTarget(channel, openSecretSources({})).loadRender());
}

function contentOf(digest: Digest): ChatDigest {
  const { view } = digestView(digest);
  return { view, document: makeDocument('ops', digest, view) };
}

const renderContent = (kind: ChannelKind, content: ChatDigest): unknown => renders.get(kind)?.(content);
const render = (kind: ChannelKind, digest: Digest) => renderContent(kind, contentOf(digest));

/** The same for all channels, because their reports take a while. */
const crowds = new Map<string, ChatDigest>();

/** 500 clusters in need of attention whose names have 300 characters. */
function crowd(letter: string, language: Language): ChatDigest {
  const key = `${language} ${letter}`;
  const clusters = Array.from({ length: 500 }, (_, index) => {
    const name = `${String(index).padStart(3, '0')}${letter.repeat(300)}`;
    return index % 3 === 0 ? absent(name, 'failed', letter.repeat(5000)) : reported(name, 'critical');
  });
  const found = crowds.get(key) ?? contentOf(digestOf(clusters, { language, note: letter.repeat(2000) }));
  crowds.set(key, found);
  return found;
}

const allText = (kind: ChannelKind, message: unknown) =>
  textsOf(kind, message)
    .map(({ text }) =>
      text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll('\\_', '_'),
    )
    .join('\n');

/** What people write to mention others or to leave the place of their text, in the syntax of each channel. */
const MARKUP = [
  '<!channel> <!here> <!everyone> <@U024BE7LH> <#C024BE7LR> <!subteam^SAZ94GDB8>',
  '<http://evil.example|click>',
  '<at>everyone</at> <at id="all"></at> <at id=all></at> <at user_id="all">all</at>',
  '@all @所有人 @13800138000 <@userid> @here',
  '[click](http://evil.example) ![x](http://evil.example/x.png)',
  '](http://evil.example) [',
  ')](http://evil.example)',
  '**bold** *it* __b__ _i_ ~~s~~ `code` ```fence```',
  '# heading',
  '- list',
  '1. list',
  '> quote',
  '---',
  '<font color="warning">x</font> <b>x</b>',
  '&lt;at id=all&gt;&lt;/at&gt; &#60;at id=all&#62;',
  ':tada: :OK:',
  '| a | b |',
  '{{DATE(2017-02-14T06:00:00Z)}} $urlVal',
  '\\',
  '\\*',
  '',
  ' ',
];
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MARKUP) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...MARKUP, '\n', ' '), { maxLength: 4 }).map((all) => all.join('')),
  },
  HOSTILE_NAME,
);

const LINKS = { html: 'https://reports.example.com/reports/one/report.html' };

/** Two clusters, one with an incident of a custom indicator, and all texts from outside. */
function digestWith(name: string, language: Language): Digest {
  const report = withoutPoints({
    ...sampleReport({ nodes: 3, nodeName: (index) => `${name}${index}`, cluster: name }),
    metrics: [],
  });
  const [incident] = report.incidents;
  const indicator = report.findings[incident?.findings[0] ?? -1]?.indicator;
  const own = { en: name, 'zh-CN': name };
  const words = { title: own, explanation: own, impact: own, nextSteps: [{ text: own, command: name }] };
  const few = {
    ...report,
    ...{ incidents: report.incidents.slice(0, 1), capacity: [], changes: [], complete: true },
    indicators: report.indicators.map((one) => (one.id === indicator ? { ...one, own: words } : one)),
  };
  return digestOf(
    [
      reported(name, 'critical', { report: few, links: LINKS }),
      Object.assign(absent(`${name} `, 'failed', name), { link: LINKS.html }),
    ],
    { language },
  );
}

describe.each(KINDS)('a message for %s', (kind) => {
  it.each(LANGUAGES)('has the documented form and says what people need first, in %s', (language) => {
    const message = render(kind, fourteen(language));
    expect(findFault(kind, JSON.stringify(message))).toBeNull();
    const text = allText(kind, message);
    const wanted = [
      'prod-eu-1',
      'prod-cn-1',
      'edge-rome',
      'https://reports.example.com/reports',
      'connect ECONNREFUSED',
    ];
    const words = {
      en: [
        '5 of 14 clusters need attention',
        '9 healthy',
        'On call today: Jana',
        'Look for the failed operations',
      ],
      'zh-CN': ['14 个集群中有 5 个需要处理', '正常 9 个', '今日值班：王芳', '查找失败的操作'],
    }[language];
    const header = kind === 'feishu' ? JSON.stringify(message) : '';
    for (const one of [...wanted, ...(kind === 'webhook' ? words.slice(0, 1) : words)])
      expect(text + header).toContain(one);
  });

  it('says that all is well', () => {
    const message = render(kind, digestOf([reported('one', 'healthy'), reported('two', 'healthy')]));
    expect(findFault(kind, JSON.stringify(message))).toBeNull();
    expect(JSON.stringify(message)).toContain('All 2 clusters are healthy');
  });

  it.each(LANGUAGES)(
    'keeps the limits with 500 clusters and names of 300 characters, in %s',
    (language) => {
      for (const letter of ['x', '节', '"', '\u0000']) {
        const message = renderContent(kind, crowd(letter, language));
        expect(findFault(kind, JSON.stringify(message))).toBeNull();
        expect(JSON.stringify(message)).toContain('https://reports.example.com/reports');
        if (kind === 'webhook') continue;
        // What is left out is counted.
        const text = allText(kind, message);
        const shown =
          text.match(/(?:, (?:Critical|Report failed)|，(?:严重|报告生成失败))(?=[,，]|$)/gm)?.length ?? 0;
        expect(text).toContain(
          language === 'en'
            ? `${500 - shown} more clusters need attention`
            : `另有 ${500 - shown} 个集群需要处理`,
        );
      }
    },
    120_000,
  );

  it('cannot be changed by names, which can neither mention people nor add links or markup', () => {
    for (const language of LANGUAGES) {
      const shapeOf = (name: string) => {
        const message = render(kind, digestWith(name, language));
        expect(findFault(kind, JSON.stringify(message))).toBeNull();
        return textsOf(kind, message)
          .filter(({ isMarkdown }) => isMarkdown)
          .map(({ text }) => markupOf(text));
      };
      const harmless = JSON.stringify(shapeOf('worker'));
      fc.assert(
        fc.property(hostile, (name) => {
          expect(JSON.stringify(shapeOf(name))).toBe(harmless);
        }),
        { numRuns: 100, examples: MARKUP.map((name) => [name] as [string]) },
      );
    }
  });

  it('has whole links to clusters with brackets in their names', () => {
    const message = render(kind, digestOf([reported("a)b(c*d'e", 'critical')]));
    const [path] = /reports\/a[^"\s]*?report\.html/.exec(JSON.stringify(message)) ?? [];
    const isProgram = kind === 'webhook';
    expect(path).toBe(`reports/${isProgram ? "a)b(c*d'e" : 'a%29b%28c%2Ad%27e'}-20261121/report.html`);
  });

  it('shows a cluster whose link is too long', () => {
    const text = allText(kind, render(kind, digestOf([reported('节'.repeat(300), 'critical')])));
    expect(text).toContain('节节');
    expect(text).toContain('NetworkPolicy sync duration of the controller reached');
    if (kind !== 'webhook') expect(text).toContain('First step: ');
  });

  it('shows names as they are, or with characters that look similar', () => {
    for (const name of ['antrea_agent_1', 'a*b', '[x](y)', '<@all>', '1. one', '& &lt;']) {
      const text = allText(kind, render(kind, digestWith(name, 'en')));
      expect(text).toContain(kind === 'dingtalk' || kind === 'wecom' ? withLookAlikes(name) : name);
    }
  });
});

describe('the detection of markup', () => {
  it.each(MARKUP.slice(1, 15))('notices %s', (text) => {
    expect(markupOf(`x\n${text}`)).not.toEqual([]);
  });
});
