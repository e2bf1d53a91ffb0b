import type { Component } from '../model/indicator.ts';

/** One condition on a label, as PromQL writes it between braces. `value` of `=~` and `!~` is an RE2 expression. */
export type Matcher = { label: string; operator: '=' | '!=' | '=~' | '!~'; value: string };

/** What picks the targets of one component, each once, and the label that tells their nodes apart. */
export type ComponentSelection = {
  matchers: readonly Matcher[];
  /** Picks the agents on Windows among them; `null` when there are none. */
  windows: Matcher | null;
  /** The label whose value belongs to one node: one that names it, or `instance`. */
  nodeLabel: string;
};

/** What the placeholders of a query stand for, as the survey decided. */
export type Selection = Readonly<Record<Component, ComponentSelection>> & {
  /** The matchers for series of other exporters of the same cluster; may be empty. */
  others: readonly Matcher[];
};

/** A PromQL string literal. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Text that matches itself in a RE2 expression. */
export function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label's name in braces or after `by`; since Prometheus 3 it may be any text, which is then quoted. */
export function labelName(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quote(name);
}

/** Picks one of several values; `values` must not be empty. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  const [only = ''] = values;
  return values.length === 1
    ? { label, operator: '=', value: only }
    : { label, operator: '=~', value: [...values].sort().map(literal).join('|') };
}

/** Matchers as they stand between braces. */
export function matcherText(matchers: readonly Matcher[]): string {
  return matchers
    .map(({ label, operator, value }) => `${labelName(label)}${operator}${quote(value)}`)
    .join(',');
}

/** Whether a series has what a matcher asks for; a label that it does not have is the empty text. */
export function matches(labels: Readonly<Record<string, string>>, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, operator, value }) => {
    const text = labels[label] ?? '';
    if (operator === '=') return text === value;
    if (operator === '!=') return text !== value;
    return new RegExp(`^(?:${value})$`, 's').test(text) === (operator === '=~');
  });
}

/**
 * One set of matchers for both components, where they differ in the value of a single label; `null` where only two
 * selectors can pick exactly these targets.
 */
export function joinedMatchers({ agent, controller }: Selection): readonly Matcher[] | null {
  const differing = agent.matchers.filter((one, index) => !isSame(one, controller.matchers[index]));
  const [one] = differing;
  if (agent.matchers.length !== controller.matchers.length || differing.length > 1) return null;
  if (one === undefined) return agent.matchers;
  const other = controller.matchers[agent.matchers.indexOf(one)];
  if (other?.label !== one.label || one.operator.startsWith('!') || other.operator.startsWith('!'))
    return null;
  const texts = [one, other].map(({ operator, value }) => (operator === '=' ? literal(value) : value));
  const both: Matcher = { label: one.label, operator: '=~', value: texts.join('|') };
  return agent.matchers.map((matcher) => (matcher === one ? both : matcher));
}

function isSame(one: Matcher, other: Matcher | undefined): boolean {
  return one.label === other?.label && one.operator === other.operator && one.value === other.value;
}

/** An expression over the series of both components, with one selector where one is enough. */
export function overBoth(selection: Selection, expression: (matchers: string) => string): string {
  const joined = joinedMatchers(selection);
  if (joined !== null) return expression(matcherText(joined));
  const parts = [selection.agent, selection.controller].map(({ matchers }) =>
    expression(matcherText(matchers)),
  );
  return `(${parts.join(' or ')})`;
}

/** The durations that placeholders stand for, in seconds. */
export type Durations = { window: number; span: number; interval: number; step: number; period: number };

/**
 * Puts a cluster's matchers, labels and durations into a query template. Only the names listed here are placeholders;
 * `$1` and the like in label_replace stay. A query over `$components` is asked of each component by itself, and the
 * label `component` says which.
 */
export function substitute(template: string, selection: Selection, durations: Durations): string {
  if (!/\$components\b/.test(template)) return fill(template, selection, durations, {});
  const joined = joinedMatchers(selection);
  // Own queries may aggregate over both components; that is one selector wherever one is enough.
  if (!/\$(node|target)\b/.test(template) && joined !== null)
    return fill(template, selection, durations, { components: matcherText(joined) });
  const parts = (['agent', 'controller'] as const).map((component) => {
    const own = { components: matcherText(selection[component].matchers), ...labelsOf(selection[component]) };
    const query = fill(template, selection, durations, own);
    // A comment at the end of a user's own query must not hide what follows.
    return `label_replace(${query}${query.includes('#') ? '\n' : ''}, "component", "${component}", "", "")`;
  });
  return parts.join(' or ');
}

/** The labels that series are grouped by: for each node, or for each target. */
function labelsOf({ nodeLabel }: ComponentSelection): Record<'node' | 'nodeText' | 'target', string> {
  const target = new Set(['job', 'instance', 'pod', nodeLabel]);
  return {
    node: labelName(nodeLabel),
    nodeText: quote(nodeLabel),
    target: [...target].map(labelName).join(', '),
  };
}

function fill(
  template: string,
  selection: Selection,
  durations: Durations,
  particular: Record<string, string>,
): string {
  const { agent, controller } = selection;
  const { windows } = agent;
  const isOfController = /\$controllers\b/.test(template) && !/\$agents\b/.test(template);
  const values = new Map(
    Object.entries({
      agents: matcherText(agent.matchers),
      linuxAgents: matcherText(windows ? [...agent.matchers, without(windows)] : agent.matchers),
      windowsAgents: matcherText([...agent.matchers, windows ?? NONE]),
      controllers: matcherText(controller.matchers),
      others: matcherText(selection.others),
      ...labelsOf(isOfController ? controller : agent),
      nodeLabel: labelName(agent.nodeLabel),
      window: `${durations.window}s`,
      span: `${durations.span}s`,
      interval: `${durations.interval}s`,
      step: `${durations.step}s`,
      period: `${durations.period}s`,
      ...particular,
    }),
  );
  return template.replace(/\$([a-zA-Z]+)/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}

/** Every series that Prometheus or VictoriaMetrics scraped has an instance, so this picks none. */
const NONE: Matcher = { label: 'instance', operator: '=', value: '' };

function without(matcher: Matcher): Matcher {
  const opposite = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;
  return { ...matcher, operator: opposite[matcher.operator] };
}
