import { labelKey, type Series } from '../model/series.ts';
import { type ComponentSelection, type Matcher, matches, type Selection } from '../promql/placeholders.ts';
import { checkTogether } from './bounds.ts';
import { sortByKey } from './chunked.ts';
import { isRefusedForSize, QueryError } from './errors.ts';

/**
 * Asks a query about parts of the targets when the server refuses it for its number of series, or as too large even
 * for a single point (chunked.ts): VictoriaMetrics counts whole blocks of samples, also for a short range. A part is
 * chosen by a regular expression on the node label, and the rest by its negation, so that every series belongs to
 * exactly one of them, also those that the survey did not see.
 */

/** Six halvings make 64 parts; a server that refuses a 64th of the series has a limit that should be raised. */
const MAX_DEPTH = 6;

/** Selectors of the targets, which the part narrows. */
const TARGET_SELECTOR = /\$(?:agents|linuxAgents|windowsAgents|controllers|components)\b/;

const AGGREGATION =
  /\b(?:sum|min|max|avg|count|group|stddev|stdvar|quantile|topk|bottomk|count_values|limitk|limit_ratio)\b(?!\s+by\s*\(\$(?:node|target)\b)/;

/** Whatever else combines series of several targets, or has a value where there is no series. */
const ACROSS_TARGETS =
  /\b(?:on\s*\((?!\$(?:node|target)\b)|ignoring\b|without\b|scalar\b|vector\b|absent\b|absent_over_time\b)/;

/** Whether each series of a query's answer follows from the series of one target. */
export function isSeparable(template: string): boolean {
  const selectors = template.match(/\{[^{}]*\}/g) ?? [];
  return (
    selectors.length > 0 &&
    selectors.every((selector) => TARGET_SELECTOR.test(selector)) &&
    !AGGREGATION.test(template) &&
    !ACROSS_TARGETS.test(template)
  );
}

/**
 * Returns an RE2 expression that about half of the values match: those with certain letters or digits at a certain
 * distance from their end. It is short for any number of values, since some servers limit a query to 8 KiB. `null` if all
 * values are alike.
 */
export function findHalf(values: readonly string[]): string | null {
  const longest = Math.max(0, ...values.map((value) => value.length));
  let best: { expression: string; difference: number } | null = null;
  for (let fromEnd = 0; fromEnd < longest; fromEnd += 1) {
    const counts = new Map<string, number>();
    for (const value of values) {
      const character = value.at(-1 - fromEnd) ?? '';
      if (/^[A-Za-z0-9]$/.test(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const chosen: string[] = [];
    let matched = 0;
    for (const [character, count] of [...counts].sort()) {
      if (matched * 2 >= values.length || matched + count === values.length) break;
      chosen.push(character);
      matched += count;
    }
    const difference = Math.abs(values.length - 2 * matched);
    if (matched > 0 && difference < (best?.difference ?? values.length))
      best = { expression: `.*[${chosen.join('')}].{${fromEnd}}`, difference };
  }
  return best?.expression ?? null;
}

type Targets = {
  selection: Selection;
  /** The values of the node label. Each part has about half of them. */
  nodeValues: readonly string[];
};

/** Returns the targets whose node label matches the expression, or does not match it. */
function narrow({ selection, nodeValues }: Targets, operator: '=~' | '!~', expression: string): Targets {
  const add = (component: ComponentSelection): ComponentSelection => {
    const matcher: Matcher = { label: component.nodeLabel, operator, value: expression };
    return { ...component, matchers: [...component.matchers, matcher] };
  };
  const matcher: Matcher = { label: 'node', operator, value: expression };
  return {
    selection: { ...selection, agent: add(selection.agent), controller: add(selection.controller) },
    nodeValues: nodeValues.filter((node) => matches({ node }, [matcher])),
  };
}

/** A series or a sample. */
type Labelled = { labels: Series['labels']; values?: Float64Array };

type Question<T extends Labelled> = {
  /** The query with its placeholders. */
  template: string;
  ask(selection: Selection): Promise<T[]>;
};

type AskParts = <T extends Labelled>(question: Question<T>, targets: Targets) => Promise<T[]>;

/** Returns a function that asks about all targets at once, and about parts of them after the server refused that. */
export function openTargetParts(): AskParts {
  /** By template and selection, so that the same question about another period begins with the parts. */
  const refusals = new Map<string, QueryError>();

  async function askOnce<T extends Labelled>({ template, ask }: Question<T>, { selection }: Targets) {
    const key = JSON.stringify([template, selection.agent.matchers, selection.controller.matchers]);
    const known = refusals.get(key);
    if (known !== undefined) return known;
    try {
      return await ask(selection);
    } catch (error) {
      if (!isRefusedForSize(error)) throw error;
      refusals.set(key, error);
      return error;
    }
  }

  async function askPart<T extends Labelled>(
    question: Question<T>,
    targets: Targets,
    depth: number,
  ): Promise<T[]> {
    const answer = await askOnce(question, targets);
    if (!(answer instanceof QueryError)) return answer;
    const expression = depth > 0 && isSeparable(question.template) ? findHalf(targets.nodeValues) : null;
    if (expression === null) throw answer;
    const inHalf = await askPart(question, narrow(targets, '=~', expression), depth - 1);
    const others = await askPart(question, narrow(targets, '!~', expression), depth - 1);
    checkTogether([...inHalf, ...others]);
    const byKey = new Map([...inHalf, ...others].map((one) => [labelKey(one.labels), one]));
    // A query that users configure may combine targets in a way that isSeparable() does not see.
    if (byKey.size < inHalf.length + others.length) throw answer;
    return sortByKey(byKey);
  }

  return (question, targets) => askPart(question, targets, MAX_DEPTH);
}
