import { CAUSE_RULES } from '../../src/report/catalog/causes/index.ts';
import { COVERAGE_CHECKS } from '../../src/report/catalog/coverage/index.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import type { CauseRule } from '../../src/report/model/cause.ts';
import type { Language } from '../../src/report/model/indicator.ts';

const WORDS = {
  en: {
    title: 'Incidents: what explains what',
    intro: `A report tells findings that belong together as one incident: what was probably the cause, what followed, and what of that is normal. This page is generated from the rules in \`src/report/catalog/causes/\`; change those. Of two rules for the same two findings the first one here holds.

- A rule looks at time and place only, so it says what is likely.
- The times are counted from the cause’s stretch; a step of the report is added where points cannot tell. An effect is linked when at least half of its stretches began in such a time.
- An **explained** effect was over in that time after its cause, and is no worse than it (except where the rule says that it may be worse). It is told with its cause, takes nothing from the score, and does not make the verdict worse. What still goes on is explained only while its cause goes on as well. Where a step is longer than that time, a moment such as a restart explains nothing.
- Findings of one node that no rule links are one incident if they began within two steps and a quarter of an hour of each other, unless they were there when the period began. So are a critical finding and a warning of one indicator that go on from each other.
- Incidents about the same indicator with the same severity are one, on however many nodes. Restarts with side effects are one if half an hour or less lies between them: a rollout.
`,
    cause: 'Cause',
    effects: 'Effects',
    where: 'Where',
    begins: 'The effect begins',
    explained: 'Explained',
    scopes: { 'same-subject': 'on the same node, or on the controller', anywhere: 'anywhere in the cluster' },
    of: { agent: 'of an agent', controller: 'of the controller', prometheus: 'of all targets at once' },
    critical: 'critical',
    anchors: {
      whole: (before: string, after: string) => `from ${before} before its start to ${after} after its end`,
      start: (before: string, after: string) => `from ${before} before its start to ${after} after its start`,
      end: (before: string, after: string) => `from ${before} before its end to ${after} after its end`,
    },
    until: (time: string) => `when over within ${time} of its end`,
    worse: ', also when worse than the cause',
    never: 'no: it stays an alarm',
    time: (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`),
    comma: ', ',
    brackets: (text: string) => ` (${text})`,
  },
  'zh-CN': {
    title: '事件：异常之间的因果关系',
    intro: `报告把相互关联的异常归并为一个事件，说明可能的原因、由此引起的现象，以及其中哪些属于正常现象。本文由 \`src/report/catalog/causes/\` 中的规则生成，请修改规则本身。同一对异常有多条规则适用时，以本页靠前的一条为准。

- 规则只看时间和位置，因此给出的是可能的原因。
- 时间从原因的时间段算起；数据点无法区分的地方再加上报告的一个步长。至少一半的时间段在该时间内开始，才会关联为结果。
- **已解释**的结果在原因结束后的规定时间内恢复，且不比原因更严重（规则注明可以更严重的除外）。这类结果与原因一并说明，不扣分，也不影响结论。仍在持续的结果，只有原因也在持续时才算已解释。若步长大于规定时间，重启这类瞬时事件不能解释任何结果。
- 同一节点上没有规则关联的异常，若开始时间相差不超过两个步长且不超过一刻钟，也归为一个事件；统计周期开始时就已存在的除外。同一指标前后相接的严重异常和警告同样归为一个事件。
- 指标和级别都相同的事件合并为一个，不论涉及多少节点。带有连带现象的重启，相隔不超过半小时的合并为一个：即滚动更新。
`,
    cause: '原因',
    effects: '结果',
    where: '范围',
    begins: '结果开始于',
    explained: '是否已解释',
    scopes: { 'same-subject': '同一节点，或同为 Controller', anywhere: '集群内任意位置' },
    of: { agent: 'Agent', controller: 'Controller', prometheus: '所有目标' },
    critical: '严重',
    anchors: {
      whole: (before: string, after: string) => `原因开始前 ${before}至结束后 ${after}`,
      start: (before: string, after: string) => `原因开始前 ${before}至开始后 ${after}`,
      end: (before: string, after: string) => `原因结束前 ${before}至结束后 ${after}`,
    },
    until: (time: string) => `是，须在原因结束后 ${time}内恢复`,
    worse: '，比原因更严重时亦然',
    never: '否，仍作为告警',
    time: (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`),
    comma: '、',
    brackets: (text: string) => `（${text}）`,
  },
} as const;

/** docs/incidents.md: the rules for those who want to know why a report calls one thing the cause of another. */
export function causeReference(language: Language): string {
  const words = WORDS[language];
  return `# ${words.title}\n\n${words.intro}\n${CAUSE_RULES.map((rule) => section(rule, language)).join('\n')}`;
}

function section(rule: CauseRule, language: Language): string {
  const words = WORDS[language];
  const { of, severity, explainsSeconds, explainsWorse } = rule;
  const limits = [...(of ? [words.of[of]] : []), ...(severity ? [words.critical] : [])].join(words.comma);
  const titles = (ids: readonly string[]) => ids.map((id) => titleOf(id, language)).join(words.comma);
  const begins = words.anchors[rule.anchor](words.time(rule.beforeSeconds), words.time(rule.afterSeconds));
  const explained =
    explainsSeconds === undefined
      ? words.never
      : `${words.until(words.time(explainsSeconds))}${explainsWorse ? words.worse : ''}`;
  return [
    `## \`${rule.id}\`\n`,
    `${rule.reason[language]}\n`,
    '| | |\n|---|---|',
    `| ${words.cause} | ${titles(rule.causes)}${limits === '' ? '' : words.brackets(limits)} |`,
    `| ${words.effects} | ${titles(rule.effects)} |`,
    `| ${words.where} | ${words.scopes[rule.scope]} |`,
    `| ${words.begins} | ${begins} |`,
    `| ${words.explained} | ${explained} |\n`,
  ].join('\n');
}

const RECORDS = new Map([...INDICATORS, ...COVERAGE_CHECKS].map((record) => [record.id as string, record]));

function titleOf(id: string, language: Language): string {
  return RECORDS.get(id)?.title[language] ?? `\`${id}\``;
}
