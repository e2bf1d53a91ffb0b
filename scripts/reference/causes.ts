import { CAUSE_RULES } from '../../src/report/catalog/causes/index.ts';
import { COVERAGE_CHECKS } from '../../src/report/catalog/coverage/index.ts';
import { INDICATORS } from '../../src/report/catalog/indicators/index.ts';
import type { CauseRule } from '../../src/report/model/cause.ts';
import type { Language } from '../../src/report/model/indicator.ts';

const WORDS = {
  en: {
    title: 'Incidents: which findings explain which',
    intro: `A report groups findings that belong together into one incident: the probable cause, its effects, and which of the effects are normal.
This page is generated from the rules in \`src/report/catalog/causes/\`; edit the rules, not this page.
If several rules apply to the same two findings, the first one on this page wins.

- A rule looks only at time and place, so it names a likely cause, not a certain one.
- Times are measured from an episode of the cause.
  One step of the report is added, because a point does not show when in its step something began or ended.
  A report links an effect to the cause if at least half of the effect’s episodes begin in that time.
- An effect is **explained** if it is over within the given time after its cause and is no worse than the cause (unless the rule allows it to be worse).
  A report shows an explained effect together with its cause; it does not lower the score or worsen the verdict.
  An effect that is still ongoing is explained only while its cause is ongoing too.
  If the step of the report is longer than the given time, a momentary cause such as a restart explains nothing.
- Findings of one node that no rule links form one incident if their first episodes overlap or touch and begin within two steps of each other, at most a quarter of an hour.
  This does not apply to findings that already existed when the period began.
  A critical finding and a warning of the same indicator also form one incident if one follows directly after the other.
- Incidents about the same indicator with the same severity are merged, whatever the number of nodes.
  Restarts with side effects are merged if at most half an hour lies between them: they are a rollout.
`,
    cause: 'Cause',
    effects: 'Effects',
    where: 'Where',
    begins: 'Effect begins',
    explained: 'Explained',
    scopes: { 'same-subject': 'on the same node, or on the controller', anywhere: 'anywhere in the cluster' },
    of: { agent: 'of an agent', controller: 'of the controller', prometheus: 'of all targets at once' },
    critical: 'critical',
    atMost: (value: number) => `at most ${value}`,
    anchors: {
      whole: (before: string, after: string) =>
        `from ${before} before the cause starts to ${after} after it ends`,
      start: (before: string, after: string) => `from ${before} before to ${after} after the cause starts`,
      end: (before: string, after: string) => `from ${before} before to ${after} after the cause ends`,
    },
    until: (time: string) => `yes, if it is over within ${time} after the cause ends`,
    worse: ', even if it is worse than the cause',
    never: 'no, it still raises an alarm',
    time: (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`),
    comma: ', ',
    brackets: (text: string) => ` (${text})`,
  },
  'zh-CN': {
    title: '事件：异常之间的因果关系',
    intro: `报告把相互关联的异常归并为一个事件，说明可能的原因、由此引起的现象，以及其中哪些属于正常现象。本文由 \`src/report/catalog/causes/\` 中的规则生成，请修改规则本身。同一对异常有多条规则适用时，以本页靠前的一条为准。

- 规则只看时间和位置，因此给出的是可能的原因，而非确定的结论。
- 时间从原因的越限时段算起，再加上报告的一个步长，因为数据点无法体现现象在步长内的确切起止时刻。结果的越限时段至少有一半在该时间内开始，才会与原因关联。
- **已解释**的结果在原因结束后的规定时间内恢复，且不比原因更严重（规则注明可以更严重的除外）。这类结果与原因一并说明，不扣分，也不影响结论。仍在持续的结果，只有原因也在持续时才算已解释。若步长大于规定时间，重启这类瞬时事件不能解释任何结果。
- 同一节点上没有规则关联的异常，若首个越限时段重叠或相接，且开始时间相差不超过两个步长（最多一刻钟），也归为一个事件；统计周期开始时就已存在的除外。同一指标前后相接的严重异常和警告同样归为一个事件。
- 指标和级别都相同的事件合并为一个，不论涉及多少节点。带有连带现象的重启，相隔不超过半小时的合并为一个，即一次滚动更新。
`,
    cause: '原因',
    effects: '结果',
    where: '范围',
    begins: '结果开始于',
    explained: '是否已解释',
    scopes: { 'same-subject': '同一节点，或同为 Controller', anywhere: '集群内任意位置' },
    of: { agent: 'Agent', controller: 'Controller', prometheus: '所有目标' },
    critical: '严重',
    atMost: (value: number) => `不超过 ${value}`,
    anchors: {
      whole: (before: string, after: string) => `原因开始前 ${before}至结束后 ${after}`,
      start: (before: string, after: string) => `原因开始前 ${before}至开始后 ${after}`,
      end: (before: string, after: string) => `原因结束前 ${before}至结束后 ${after}`,
    },
    until: (time: string) => `是，须在原因结束后 ${time}内恢复`,
    worse: '，即使比原因更严重',
    never: '否，仍作为告警',
    time: (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`),
    comma: '、',
    brackets: (text: string) => `（${text}）`,
  },
} as const;

/** Returns docs/incidents.md, which shows why a report calls one finding the cause of another. */
export function causeReference(language: Language): string {
  const words = WORDS[language];
  return `# ${words.title}\n\n${words.intro}\n${CAUSE_RULES.map((rule) => section(rule, language)).join('\n')}`;
}

function section(rule: CauseRule, language: Language): string {
  const words = WORDS[language];
  const { of, severity, atMost, explainsSeconds, explainsWorse } = rule;
  const limits = [
    ...(of ? [words.of[of]] : []),
    ...(severity ? [words.critical] : []),
    ...(atMost === undefined ? [] : [words.atMost(atMost)]),
  ].join(words.comma);
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
