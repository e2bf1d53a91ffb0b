import { COMPONENTS, type Component } from '../model/indicator.ts';
import { labelOf } from '../model/series.ts';

/** One condition on a label, as PromQL has it between braces. For `=~` and `!~`, `value` is an RE2 expression. */
export type Matcher = {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
  /** All texts that the expression matches, if they are known: JavaScript refuses to compile very long expressions. */
  texts?: readonly string[];
};

/** The targets of one component, and the label that distinguishes their nodes. */
export type ComponentSelection = {
  /** Picks every target of the component once. */
  matchers: readonly Matcher[];
  /** Picks the agents on Windows among them; `null` if there are none. */
  windows: Matcher | null;
  /** The label that distinguishes the nodes: one that names the node, or `instance`. */
  nodeLabel: string;
};

/** What the placeholders of a query stand for, according to the survey. */
export type Selection = Readonly<Record<Component, ComponentSelection>> & {
  /** The matchers for series of other exporters in the same cluster; may be empty. */
  others: readonly Matcher[];
};

/** Returns a PromQL string literal. */
export function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Returns an RE2 expression that matches the text itself. */
export function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Returns a label name for use in braces or after `by`. Since Prometheus 3, any other text may be a name if quoted. */
export function labelName(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quote(name);
}

/** Returns a matcher that picks any of several values; `values` must not be empty. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  const [only = ''] = values;
  return values.length === 1
    ? { label, operator: '=', value: only }
    : { label, operator: '=~', value: [...values].sort().map(literal).join('|'), texts: values };
}

/** Returns matchers as PromQL has them between braces. */
export function matcherText(matchers: readonly Matcher[]): string {
  return matchers
    .map(({ label, operator, value }) => `${labelName(label)}${operator}${quote(value)}`)
    .join(',');
}

/** Whether labels satisfy all matchers. As in PromQL, a missing label has an empty value. */
export function matches(labels: Readonly<Record<string, string>>, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, operator, value, texts }) => {
    const text = labelOf(labels, label);
    if (operator === '=') return text === value;
    if (operator === '!=') return text !== value;
    if (texts !== undefined) return texts.includes(text) === (operator === '=~');
    return new RegExp(`^(?:${value})$`, 's').test(text) === (operator === '=~');
  });
}

/**
 * Returns one set of matchers that picks exactly the targets of both components, if the two sets differ only in the
 * value of a single label; otherwise `null`.
 */
export function joinedMatchers({ agent, controller }: Selection): readonly Matcher[] | null {
  const differing = agent.matchers.filter((matcher, index) => !isSame(matcher, controller.matchers[index]));
  const [ofAgent] = differing;
  if (agent.matchers.length !== controller.matchers.length || differing.length > 1) return null;
  if (ofAgent === undefined) return agent.matchers;
  const ofController = controller.matchers[agent.matchers.indexOf(ofAgent)];
  if (ofController?.label !== ofAgent.label) return null;
  const pair = [ofAgent, ofController];
  if (pair.some(({ operator }) => operator.startsWith('!'))) return null;
  const values = pair.map(({ operator, value }) => (operator === '=' ? literal(value) : value));
  const joined: Matcher = { label: ofAgent.label, operator: '=~', value: values.join('|') };
  return agent.matchers.map((matcher) => (matcher === ofAgent ? joined : matcher));
}

function isSame(a: Matcher, b: Matcher | undefined): boolean {
  return a.label === b?.label && a.operator === b.operator && a.value === b.value;
}

/** Returns an expression over the series of both components, with one selector if that is possible. */
export function overBoth(selection: Selection, expression: (matchers: string) => string): string {
  const joined = joinedMatchers(selection);
  if (joined !== null) return expression(matcherText(joined));
  const parts = COMPONENTS.map((component) => expression(matcherText(selection[component].matchers)));
  return `(${parts.join(' or ')})`;
}

/** What the placeholders for durations stand for, in seconds. */
export type Durations = { window: number; span: number; interval: number; step: number; period: number };

/** The same as PromQL has it, such as "5m", or as a variable of a dashboard. */
export type DurationTexts = Readonly<Record<keyof Durations, string>>;

/**
 * Replaces the placeholders of a query template. Only the names in `fill` are placeholders; `$1` and the like in
 * label_replace are kept. A query over `$components` becomes one query per component, and the label `component` of the
 * answers says which.
 */
export function substitute(
  template: string,
  selection: Selection,
  durations: Durations | DurationTexts,
): string {
  if (!/\$components\b/.test(template)) return fill(template, selection, durations, {});
  const joined = joinedMatchers(selection);
  // Queries that users configure may aggregate over both components, which requires one selector.
  if (!/\$(node|target)\b/.test(template) && joined !== null)
    return fill(template, selection, durations, { components: matcherText(joined) });
  const parts = COMPONENTS.map((component) => {
    const query = fill(template, selection, durations, {
      components: matcherText(selection[component].matchers),
      ...groupingLabels(selection[component]),
    });
    // A comment at the end of a user's query must not include what follows.
    return `label_replace(${query}${query.includes('#') ? '\n' : ''}, "component", "${component}", "", "")`;
  });
  return parts.join(' or ');
}

/** Returns the labels for grouping by node or by target. `nodeText` is the node label as a string literal. */
function groupingLabels({ nodeLabel }: ComponentSelection): Record<'node' | 'nodeText' | 'target', string> {
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
  durations: Durations | DurationTexts,
  overrides: Record<string, string>,
): string {
  const { agent, controller } = selection;
  const { windows } = agent;
  const isAboutController = /\$controllers\b/.test(template) && !/\$agents\b/.test(template);
  const values = new Map(
    Object.entries({
      agents: matcherText(agent.matchers),
      linuxAgents: matcherText(windows ? [...agent.matchers, negate(windows)] : agent.matchers),
      windowsAgents: matcherText([...agent.matchers, windows ?? NOTHING]),
      controllers: matcherText(controller.matchers),
      others: matcherText(selection.others),
      ...groupingLabels(isAboutController ? controller : agent),
      nodeLabel: labelName(agent.nodeLabel),
      window: durationText(durations.window),
      span: durationText(durations.span),
      interval: durationText(durations.interval),
      step: durationText(durations.step),
      period: durationText(durations.period),
      ...overrides,
    }),
  );
  return template.replace(/\$([a-zA-Z]+)/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}

function durationText(duration: number | string): string {
  return typeof duration === 'number' ? `${duration}s` : duration;
}

/** Picks nothing, since every series that Prometheus or VictoriaMetrics scraped has an instance. */
const NOTHING: Matcher = { label: 'instance', operator: '=', value: '' };

function negate(matcher: Matcher): Matcher {
  const opposite = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' } as const;
  return { ...matcher, operator: opposite[matcher.operator] };
}
